import { hasOption, optionValue } from '../shell/options.ts';
import type { PackageManager } from './package-manager.ts';
import { pythonPackages } from './python-packages.ts';
import { defineManager, readPackages } from './subcommands.ts';

/** PDM. */
export const pdm: PackageManager = defineManager({
  name: 'pdm',
  programs: ['pdm'],
  scope: 'language',
  values: '-p --project -L --lockfile -G --group --with --without -c --config --venv -o --output -f --format --dest',
  runs: ['run'],
  actions: {
    install: 'add',
    restore: 'install sync',
    remove: 'remove',
    upgrade: 'update',
    run: 'run',
    build: 'build',
    clean: 'cache',
    configure: 'config use venv lock init self plugin',
    query: 'list info show search outdated',
  },
  describe: ({ options, operands, subcommand }, action) => {
    const files = ['pyproject.toml', 'pdm.lock'];
    const production = hasOption(options, '--prod', '--production', '-P', '--no-dev');
    if (action === 'restore') return { files, production };
    if (action === 'install' || action === 'remove') return readPackages(operands, pythonPackages);
    if (action === 'run') return { program: operands };
    return subcommand === 'export' ? { files, production, output: optionValue(options, '-o', '--output') } : {};
  },
});
