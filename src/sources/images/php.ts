import type { Brings } from '../source-image.ts';
import type { BuiltTag, KnownImage } from './known-image.ts';

/** PHP and Composer. Source: the public Dockerfiles of Docker Official Images, as known in general. */

const HELPERS = ['docker-php-ext-install', 'docker-php-ext-configure', 'docker-php-ext-enable', 'docker-php-source'];
const OWN = ['php', 'pecl', 'pear', 'phpize', 'php-config', 'phpdbg', 'phar', ...HELPERS, 'docker-php-entrypoint'];
const PHPIZE = 'autoconf autoheader autoreconf file g++ gcc cc c++ make pkg-config re2c ld ar dpkg-architecture perl';

function php(tag: BuiltTag): Partial<Brings> {
  const alpine = tag.family === 'alpine';
  const fpm = tag.has('fpm');
  const apache = tag.has('apache');
  return {
    tools: alpine
      ? [...OWN, 'curl', 'openssl', 'tar', 'xz', ...(fpm ? ['php-fpm'] : [])]
      : [
          ...OWN,
          ...PHPIZE.split(' '),
          ...['curl', 'xz', 'unxz', 'openssl', 'update-ca-certificates'],
          ...(fpm ? ['php-fpm'] : []),
          ...(apache
            ? ['apache2', 'apache2ctl', 'apachectl', 'apache2-foreground', 'a2enmod', 'a2ensite', 'a2dismod']
            : []),
        ],
    packages: alpine
      ? ['ca-certificates', 'curl', 'openssl', 'tar', 'xz']
      : 'autoconf dpkg-dev file g++ gcc libc6-dev make pkg-config re2c ca-certificates curl xz-utils'.split(' '),
    entrypoint: ['docker-php-entrypoint'],
    cmd: fpm ? ['php-fpm'] : apache ? ['apache2-foreground'] : ['php', '-a'],
    workdir: fpm || apache ? '/var/www/html' : undefined,
    environment: { PHP_INI_DIR: '/usr/local/etc/php', ...(apache ? { APACHE_CONFDIR: '/etc/apache2' } : {}) },
    exposes: fpm ? ['9000/tcp'] : apache ? ['80/tcp'] : [],
    users: alpine ? { 'www-data': '82:82' } : {},
  };
}

/** PHP's official images. */
export const PHP: readonly KnownImage[] = [
  {
    name: 'php',
    hardened: 'php',
    family: 'debian',
    brings: php,
    refine: (tag) =>
      tag.words.includes('apache')
        ? {
            substitute: true,
            hardenedWords: ['fpm'],
            reason: 'the catalog has no PHP with Apache: PHP-FPM needs a web server in front of it',
          }
        : tag.words.includes('zts')
          ? { substitute: true, reason: 'the catalog has no thread-safe (ZTS) PHP' }
          : tag.words.includes('fpm')
            ? { hardenedWords: ['fpm'] }
            : {},
  },
  {
    name: 'composer',
    hardened: 'composer',
    family: 'alpine',
    brings: () => ({
      tools: [...OWN, ...'composer bash git curl openssh ssh hg svn patch unzip zip 7z make tar xz openssl'.split(' ')],
      entrypoint: ['/docker-entrypoint.sh'],
      cmd: ['composer'],
      workdir: '/app',
      environment: { COMPOSER_HOME: '/tmp', COMPOSER_ALLOW_SUPERUSER: '1', PHP_INI_DIR: '/usr/local/etc/php' },
      users: { 'www-data': '82:82' },
    }),
  },
];
