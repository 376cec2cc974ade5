import { hasOption, readOptions } from '../shell/options.ts';
import type { Invocation, PackageManager } from './package-manager.ts';
import { invocation, readPackages, setOf } from './subcommands.ts';

const dpkgIdentity = { name: 'dpkg', scope: 'system' } as const;

const dpkgValues = setOf(
  '--root --admindir --instdir --log --status-fd --status-logger --path-exclude --path-include -D',
);

function actionOf(has: (...names: string[]) => boolean): Invocation['action'] {
  if (has('-i', '--install', '--unpack')) return 'install';
  if (has('-r', '--remove', '-P', '--purge')) return 'remove';
  if (has('--configure', '--add-architecture', '--remove-architecture', '--set-selections')) return 'configure';
  if (has('-l', '-L', '-s', '-S', '-p', '-V', '--list', '--listfiles', '--status', '--search', '--verify'))
    return 'query';
  if (has('--get-selections', '--print-architecture', '--print-foreign-architectures', '--compare-versions'))
    return 'query';
  return 'other';
}

/** dpkg(1), which is told by options what to do, and its companions. */
export const dpkg: PackageManager = {
  name: 'dpkg',
  programs: ['dpkg', 'dpkg-query', 'dpkg-reconfigure', 'dpkg-deb', 'dpkg-divert', 'gdebi'],
  read: (words, command) => {
    const { options, operands } = readOptions(words.slice(1), { values: dpkgValues });
    const call = { options, command };
    switch (words[0]?.value) {
      case 'dpkg-query':
        return invocation(dpkgIdentity, 'query', call, {});
      case 'dpkg-reconfigure':
        return invocation(dpkgIdentity, 'configure', call, {});
      case 'dpkg-deb':
      case 'dpkg-divert':
        return invocation(dpkgIdentity, 'other', call, {});
      case 'gdebi':
        return invocation(dpkgIdentity, 'install', call, { paths: operands });
    }
    const action = actionOf((...names) => hasOption(options, ...names));
    if (action === 'install') return invocation(dpkgIdentity, action, call, { paths: operands });
    if (action !== 'remove') return invocation(dpkgIdentity, action, call, {});
    return invocation(dpkgIdentity, action, call, readPackages(operands, { version: /:/, path: /\// }));
  },
};
