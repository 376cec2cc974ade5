import { hasOption } from '../shell/options.ts';
import type { PackageManager } from './package-manager.ts';
import { pythonPackages } from './python-packages.ts';
import { defineManager, optionTexts, readPackages } from './subcommands.ts';

/** Pipenv. */
export const pipenv: PackageManager = defineManager({
  name: 'pipenv',
  programs: ['pipenv'],
  scope: 'language',
  values:
    '--python -r --requirements -i --index --extra-index-url --categories --pypi-mirror --extra-pip-args -e --editable',
  runs: ['run'],
  actions: {
    install: 'install',
    restore: 'sync',
    remove: 'uninstall',
    upgrade: 'update upgrade',
    run: 'run',
    configure: 'lock shell',
    clean: 'clean',
    query: 'check graph open requirements scripts verify',
  },
  describe: ({ options, operands }, action) => {
    if (action === 'run') return { program: operands };
    if (action === 'remove') return readPackages(operands, pythonPackages);
    if (action !== 'install' && action !== 'restore') return {};
    const given = readPackages(operands, pythonPackages);
    const named = given.packages.length + given.paths.length + given.unknown.length > 0;
    const requirements = optionTexts(options, '-r', '--requirements');
    return {
      action: named ? 'install' : 'restore',
      ...given,
      files: requirements.length > 0 ? requirements : named ? [] : ['Pipfile', 'Pipfile.lock'],
      production: !hasOption(options, '-d', '--dev'),
      ...(hasOption(options, '--system') ? { where: 'global' } : {}),
    };
  },
});
