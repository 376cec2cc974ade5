import type { Ecosystem } from './ecosystem.ts';
import { recognisedOnly } from './recognised-only.ts';

/** PHP, with its web servers. */
export const ecosystem: Ecosystem = recognisedOnly({
  name: 'php',
  title: 'PHP',
  images: ['php', 'composer', 'wordpress', 'mediawiki'],
  programs: /^(php|php-fpm[\d.]*|apache2-foreground|composer|frankenphp)$/,
});
