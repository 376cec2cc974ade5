import { hasOption, optionValue } from '../shell/options.ts';
import type { PackageManager } from './package-manager.ts';
import { pythonPackages } from './python-packages.ts';
import { type Call, defineManager, optionTexts, readPackages } from './subcommands.ts';

function withoutDevelopment({ options }: Call): boolean {
  const leaves = (groups: string[], group: string) => groups.some((list) => list.split(',').includes(group));
  return (
    hasOption(options, '--no-dev') ||
    leaves(optionTexts(options, '--without'), 'dev') ||
    leaves(optionTexts(options, '--only'), 'main')
  );
}

/** Poetry. */
export const poetry: PackageManager = defineManager({
  name: 'poetry',
  programs: ['poetry'],
  scope: 'language',
  values:
    '--only --without --with -E --extras -C --directory -P --project -f --format -o --output -G --group --source ' +
    '--python --platform --priority',
  runs: ['run'],
  actions: {
    install: 'add',
    restore: 'install sync',
    remove: 'remove',
    upgrade: 'update',
    run: 'run',
    build: 'build',
    clean: 'cache',
    configure: 'config self env source lock init new version',
    query: 'show check about list search',
  },
  describe: (call, action) => {
    const { subcommand, options, operands } = call;
    const files = ['pyproject.toml', 'poetry.lock'];
    if (action === 'restore') return { files, production: withoutDevelopment(call) };
    if (action === 'install' || action === 'remove') return readPackages(operands, pythonPackages);
    if (action === 'run') return { program: operands };
    if (subcommand !== 'export' && action !== 'build') return {};
    return { files, output: optionValue(options, '-o', '--output'), production: withoutDevelopment(call) };
  },
});
