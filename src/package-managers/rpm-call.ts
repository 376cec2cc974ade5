import type { PackageManager } from './package-manager.ts';
import { defineManager, intoDirectory, readPackages } from './subcommands.ts';

/** Names of RPM packages: the architecture is cut, a version cannot be told from the name without the repository. */
export const rpmPackages = {
  version: /[<>=]/,
  path: /\/|^https?:|\.rpm$/,
  name: (name: string) => name.trim().replace(/\.(?:x86_64|aarch64|noarch|i[36]86)$/, ''),
};

/** What yum(8), dnf(8), microdnf(8) and tdnf have in common. */
export function readDnf(name: string, programs: readonly string[]): PackageManager {
  const manager = defineManager({
    name,
    programs,
    scope: 'system',
    values:
      '-c --config -d --debuglevel -e --errorlevel -x --exclude --excludepkgs --enablerepo --disablerepo --repo ' +
      '--repoid --releasever --setopt --installroot --forcearch --disableplugin --enableplugin --advisory --bz --cve ' +
      '--color --comment --repofrompath --destdir --downloaddir -R --randomwait --rpmverbosity --sec-severity ' +
      '--add-repo --from-repo --from-vendor',
    actions: {
      install: 'install localinstall reinstall groupinstall install-n install-na install-nevra',
      remove: 'remove erase autoremove rm',
      update: 'makecache check-update',
      upgrade: 'update upgrade upgrade-minimal update-minimal distro-sync dist-sync downgrade',
      clean: 'clean',
      configure: 'config-manager module group mark copr versionlock',
      query: 'list info search repoquery provides whatprovides repolist repoinfo history deplist',
    },
    describe: ({ subcommand, options, operands }, action) => ({
      ...(action === 'install' || action === 'remove' ? readPackages(operands, rpmPackages) : {}),
      ...((subcommand === 'module' || subcommand === 'group') && operands[0]?.value === 'install'
        ? { action: 'install', ...readPackages(operands.slice(1), { ...rpmPackages, version: /[:/]/, path: /^\// }) }
        : {}),
      // `swap OLD NEW`: what comes in is what counts
      ...(subcommand === 'swap' ? { action: 'install', ...readPackages(operands.slice(1), rpmPackages) } : {}),
      ...intoDirectory(options, '--installroot'),
    }),
  });
  return {
    ...manager,
    read: (words, command) => {
      const found = manager.read(words, command);
      return found && words[0]?.value?.endsWith('-config-manager') ? { ...found, action: 'configure' } : found;
    },
  };
}
