import type { PackageManager } from './package-manager.ts';
import { defineManager, readPackages } from './subcommands.ts';

/** PECL and PEAR: extensions and libraries of PHP. */
export const pecl: PackageManager = defineManager({
  name: 'pecl',
  programs: ['pecl', 'pear'],
  scope: 'language',
  values: '-D --configureoptions -R --packagingroot',
  actions: {
    install: 'install',
    remove: 'uninstall',
    upgrade: 'upgrade',
    update: 'channel-update update-channels',
    clean: 'clear-cache',
    configure: 'config-set channel-discover config-create',
    query: 'list search info config-show config-get',
  },
  describe: ({ operands }, action) =>
    action === 'install'
      ? readPackages(operands, { version: /-(?=\d|beta|alpha|stable)/, path: /^(?:\.{0,2}\/|https?:)/ })
      : {},
});
