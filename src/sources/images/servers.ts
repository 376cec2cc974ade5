import type { Brings } from '../source-image.ts';
import type { BuiltTag, KnownImage } from './known-image.ts';

/** Web servers, proxies and bare tools among the official images. Source: their public Dockerfiles, known in general. */

function nginx(tag: BuiltTag): Partial<Brings> {
  const tools = ['nginx', 'envsubst', ...(tag.has('slim') ? [] : ['curl']), ...(tag.has('perl') ? ['perl'] : [])];
  return {
    tools: tag.family === 'debian' ? [...tools, 'openssl', 'update-ca-certificates'] : tools,
    packages: tag.family === 'debian' ? ['ca-certificates', 'curl', 'gettext-base'] : [],
    entrypoint: ['/docker-entrypoint.sh'],
    cmd: ['nginx', '-g', 'daemon off;'],
    exposes: ['80/tcp'],
    users: { nginx: '101:101' },
  };
}

function httpd(tag: BuiltTag): Partial<Brings> {
  return {
    tools: ['httpd', 'httpd-foreground', 'apachectl', 'ab', 'htpasswd', 'htdigest'],
    packages: tag.family === 'debian' ? ['ca-certificates'] : [],
    cmd: ['httpd-foreground'],
    workdir: '/usr/local/apache2',
    exposes: ['80/tcp'],
    environment: { HTTPD_PREFIX: '/usr/local/apache2' },
    users: tag.family === 'alpine' ? { 'www-data': '82:82' } : {},
  };
}

const docker = (tag: { words: readonly string[] }): Partial<KnownImage> =>
  tag.words.includes('dind')
    ? { hardened: 'docker-dind' }
    : {
        hardenedWords: ['cli'],
        ...(tag.words.includes('cli') ? {} : { substitute: true, reason: 'the hardened image holds the client alone' }),
      };

/** Official images of servers and tools. */
export const SERVERS: readonly KnownImage[] = [
  { name: 'nginx', hardened: 'nginx', family: 'debian', brings: nginx },
  { name: 'httpd', hardened: 'httpd', family: 'debian', brings: httpd },
  {
    name: 'caddy',
    hardened: 'caddy',
    family: 'alpine',
    brings: () => ({
      tools: ['caddy'],
      cmd: ['caddy', 'run', '--config', '/etc/caddy/Caddyfile', '--adapter', 'caddyfile'],
      workdir: '/srv',
      exposes: ['80/tcp', '443/tcp', '443/udp', '2019/tcp'],
      environment: { XDG_CONFIG_HOME: '/config', XDG_DATA_HOME: '/data' },
    }),
    refine: (tag) =>
      tag.words.includes('builder')
        ? { hardened: undefined, reason: 'the catalog has no Caddy builder (xcaddy); build Caddy on golang' }
        : {},
  },
  {
    name: 'haproxy',
    hardened: 'haproxy',
    family: 'debian',
    brings: () => ({
      tools: ['haproxy'],
      entrypoint: ['docker-entrypoint.sh'],
      cmd: ['haproxy', '-f', '/usr/local/etc/haproxy/haproxy.cfg'],
      user: 'haproxy',
      workdir: '/var/lib/haproxy',
      users: { haproxy: '99:99' },
    }),
  },
  {
    name: 'traefik',
    hardened: 'traefik',
    family: 'alpine',
    brings: () => ({ tools: ['traefik'], entrypoint: ['/entrypoint.sh'], cmd: ['traefik'], exposes: ['80/tcp'] }),
  },
  { name: 'varnish', hardened: 'varnish', family: 'debian' },
  { name: 'kong', hardened: 'kong', family: 'ubuntu' },
  {
    name: 'wordpress',
    hardened: 'wordpress',
    family: 'debian',
    refine: (tag) =>
      tag.words.includes('fpm')
        ? { hardenedWords: ['fpm'] }
        : {
            substitute: true,
            hardenedWords: ['fpm'],
            reason: 'the catalog has no WordPress with Apache, only PHP-FPM',
          },
  },
  {
    name: 'mediawiki',
    hardened: 'mediawiki',
    family: 'debian',
    substitute: true,
    reason: 'PHP-FPM in place of Apache',
  },
  { name: 'sonarqube', hardened: 'sonarqube', family: 'ubuntu' },
  { name: 'fluentd', hardened: 'fluentd', family: 'debian' },
  { name: 'telegraf', hardened: 'telegraf', family: 'debian' },
  { name: 'kapacitor', hardened: 'kapacitor', family: 'debian' },
  { name: 'liquibase', hardened: 'liquibase', family: 'ubuntu' },
  { name: 'spark', hardened: 'spark', family: 'ubuntu' },
  { name: 'vault', hardened: 'vault', family: 'alpine' },
  { name: 'registry', hardened: 'distribution-registry', family: 'alpine', brings: () => ({ exposes: ['5000/tcp'] }) },
  {
    name: 'docker',
    hardened: 'docker',
    family: 'alpine',
    refine: docker,
    brings: () => ({ tools: ['docker', 'docker-compose', 'git', 'ssh'] }),
  },
  {
    name: 'bash',
    hardened: 'bash',
    family: 'alpine',
    brings: () => ({ tools: ['bash'], cmd: ['bash'], entrypoint: ['docker-entrypoint.sh'] }),
  },
  {
    name: 'busybox',
    hardened: 'busybox',
    family: 'debian',
    refine: (tag) => (tag.words.includes('musl') ? { family: 'alpine' } : {}),
    brings: () => ({ cmd: ['sh'], shell: 'ash' }),
  },
];
