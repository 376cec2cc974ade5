import type { BuildView, Ecosystem } from './ecosystem.ts';
import { finalStage, instructionsOf, programOf } from './recognise.ts';
import { recognisedOnly } from './recognised-only.ts';

/** The hardened image of each server, by the programs that start it. */
const images: readonly (readonly [image: string, programs: RegExp])[] = [
  ['nginx', /^nginx$/],
  ['httpd', /^(httpd|httpd-foreground|apachectl|apache2ctl|apache2)$/],
  ['caddy', /^caddy$/],
  ['haproxy', /^haproxy$/],
  ['traefik', /^traefik$/],
];

/** Web servers and proxies that are installed on a distribution: their files lie where that one has them. */
export const ecosystem: Ecosystem = recognisedOnly({
  name: 'web-server',
  title: 'A web server',
  images: [],
  programs: /^(nginx|httpd|httpd-foreground|apachectl|caddy|haproxy|traefik|lighttpd|apache2ctl)$/,
  why,
});

function why(view: BuildView): string {
  const program = programOf(view.start ?? []);
  const image = images.find(([, programs]) => programs.test(program))?.[0];
  const { source } = finalStage(view);
  const compiles = instructionsOf(view, view.chain).some(({ commands }) =>
    commands.some(({ argv }) => /(^|\/)configure$/.test(argv[0] ?? '') || argv.includes('./configure')),
  );
  const from = compiles
    ? 'is compiled by the file itself, and the hardened one has modules and folders of its own'
    : `is a package of ${source?.reference.raw ?? 'the image'}, with the files and users of that distribution`;
  if (image === undefined)
    return `${program} ${from}, and the catalog has no image of it; nginx and Caddy serve files, too`;
  return `${program} ${from}; start from the ${image} image, copy the configuration and the site to where that has them, then migrate`;
}
