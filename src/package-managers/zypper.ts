import type { PackageManager } from './package-manager.ts';
import { rpmPackages } from './rpm-call.ts';
import { defineManager, intoDirectory, readPackages } from './subcommands.ts';

/** zypper(8) of SUSE. */
export const zypper: PackageManager = defineManager({
  name: 'zypper',
  programs: ['zypper'],
  scope: 'system',
  values:
    '-R --root --installroot --reposd-dir --cache-dir --pkg-cache-dir --raw-cache-dir --solv-cache-dir --releasever ' +
    '--plus-repo -p -r --repo -t --type --from -c --config --name --userdata --priority',
  // `-n` is a switch but after `addrepo`, where it names the repository.
  valuesOf: new Map(['addrepo', 'ar'].map((name) => [name, '-n --name -p --priority -c --check -t --type'])),
  actions: {
    install: 'install in source-install si',
    remove: 'remove rm',
    update: 'refresh ref',
    upgrade: 'update up dist-upgrade dup patch',
    clean: 'clean cc',
    configure: 'addrepo ar removerepo rr modifyrepo mr renamerepo nr addlock al addservice as',
    query: 'search se info if list-updates lu repos lr packages pa what-provides wp',
  },
  describe: ({ options, operands }, action) => ({
    ...(action === 'install' || action === 'remove' ? readPackages(operands, rpmPackages) : {}),
    ...intoDirectory(options, '-R', '--root', '--installroot'),
  }),
});
