import type { Ecosystem } from './ecosystem.ts';
import { recognisedOnly } from './recognised-only.ts';

/** Web servers and proxies, with the sites they serve. */
export const ecosystem: Ecosystem = recognisedOnly({
  name: 'web-server',
  title: 'A web server',
  images: [],
  programs: /^(nginx|httpd|httpd-foreground|apachectl|caddy|haproxy|traefik|lighttpd|apache2ctl)$/,
});
