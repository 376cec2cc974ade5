import type { Invocation, PackageManager } from './package-manager.ts';
import { defineManager, readPackages } from './subcommands.ts';

const packageSyntax = {
  version: /[=/]/,
  path: /^(?:\.{0,2}\/|https?:)/,
  name: (name: string) => name.replace(/:[a-z0-9-]+$/, ''),
};

/** What apt-get(8), apt(8) and aptitude(8) have in common. */
export function readApt(name: string, programs: readonly string[]): PackageManager {
  const manager = defineManager({
    name,
    programs,
    scope: 'system',
    values:
      '-t --target-release --default-release -o --option -c --config-file -a --host-architecture -P --build-profiles ' +
      '--with-source --planner --solver -S -F --display-format -w --width',
    actions: {
      install: 'install reinstall satisfy',
      remove: 'remove purge autoremove autopurge auto-remove',
      update: 'update',
      upgrade: 'upgrade dist-upgrade full-upgrade safe-upgrade',
      clean: 'clean autoclean auto-clean distclean',
      configure: 'mark hold unhold auto manual edit-sources',
      query: 'list show search policy depends rdepends showpkg check changelog',
    },
    describe: ({ operands }, action) =>
      action === 'install' || action === 'remove' ? readPackages(operands, packageSyntax) : {},
  });
  const read: PackageManager['read'] = (words, command): Invocation | undefined => {
    const found = manager.read(words, command);
    switch (words[0]?.value) {
      case 'apt-cache':
        return found && { ...found, action: 'query', packages: [], paths: [], unknown: [] };
      case 'apt-mark':
      case 'apt-key':
      case 'apt-add-repository':
      case 'add-apt-repository':
        return found && { ...found, action: 'configure', packages: [], paths: [], unknown: [] };
      default:
        return found;
    }
  };
  return { ...manager, read };
}
