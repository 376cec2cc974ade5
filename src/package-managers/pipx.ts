import type { PackageManager } from './package-manager.ts';
import { pythonPackages } from './python-packages.ts';
import { defineManager, readPackages } from './subcommands.ts';

/** pipx: programs of Python, each in an environment of its own. */
export const pipx: PackageManager = defineManager({
  name: 'pipx',
  programs: ['pipx'],
  scope: 'language',
  values: '--python -i --index-url --pip-args --suffix --spec --with --fetch-missing-python --preinstall --backend',
  runs: ['run'],
  actions: {
    install: 'install inject',
    remove: 'uninstall uninject uninstall-all',
    upgrade: 'upgrade upgrade-all reinstall reinstall-all',
    run: 'run',
    configure: 'ensurepath completions environment',
    query: 'list',
  },
  describe: ({ operands }, action) => {
    if (action === 'install' || action === 'remove')
      return { ...readPackages(operands, pythonPackages), where: 'user' };
    return action === 'run' ? { program: operands } : {};
  },
});
