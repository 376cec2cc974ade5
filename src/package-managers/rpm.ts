import { hasOption, readOptions } from '../shell/options.ts';
import type { PackageManager } from './package-manager.ts';
import { rpmPackages } from './rpm-call.ts';
import { intoDirectory, invocation, readPackages, setOf } from './subcommands.ts';

const rpmIdentity = { name: 'rpm', scope: 'system' } as const;

const rpmValues = setOf('--root --dbpath --prefix --relocate --define -D --excludepath --queryformat --qf -E --eval');

/** rpm(8), which is told by options what to do. */
export const rpm: PackageManager = {
  name: 'rpm',
  programs: ['rpm', 'rpmkeys'],
  read: (words, command) => {
    const { options, operands } = readOptions(words.slice(1), { values: rpmValues });
    const call = { options, command };
    if (hasOption(options, '-q', '--query', '-V', '--verify', '-E', '--eval'))
      return invocation(rpmIdentity, 'query', call, {});
    if (hasOption(options, '--import', '--rebuilddb', '--initdb'))
      return invocation(rpmIdentity, 'configure', call, {});
    if (hasOption(options, '-i', '--install', '-U', '--upgrade', '-F', '--freshen')) {
      return invocation(rpmIdentity, 'install', call, { paths: operands, ...intoDirectory(options, '--root') });
    }
    if (hasOption(options, '-e', '--erase')) {
      return invocation(rpmIdentity, 'remove', call, readPackages(operands, { ...rpmPackages, path: /^\// }));
    }
    return invocation(rpmIdentity, 'other', call, {});
  },
};
