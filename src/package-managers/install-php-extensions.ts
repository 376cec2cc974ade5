import type { PackageManager } from './package-manager.ts';
import { invocation, readPackages } from './subcommands.ts';

/** The script of mlocati/docker-php-extension-installer: extensions with the system packages that they take. */
export const installPhpExtensions: PackageManager = {
  name: 'install-php-extensions',
  programs: ['install-php-extensions'],
  read: (words, command) =>
    invocation(
      { name: 'install-php-extensions', scope: 'language' },
      'install',
      { options: [], command },
      readPackages(words.slice(1), { version: /(?!^)[-^@]/, path: /\// }),
    ),
};
