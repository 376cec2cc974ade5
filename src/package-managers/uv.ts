import { hasOption, optionValue } from '../shell/options.ts';
import type { Invocation, PackageManager } from './package-manager.ts';
import { pythonPackages, readPipInstall } from './python-packages.ts';
import { type Call, defineManager, intoDirectory, optionTexts, readPackages } from './subcommands.ts';

const uvValues =
  '-r --requirements --requirement -c --constraints --constraint --overrides --override -b --build-constraints ' +
  '--build-constraint -e --editable --extra --no-extra --group --only-group --no-group -p --python -i --index-url ' +
  '--default-index --index --extra-index-url -f --find-links --index-strategy --keyring-provider -C ' +
  '--config-setting --config-settings --no-binary-package --no-build-package --no-build-isolation-package ' +
  '--no-binary --only-binary -P --upgrade-package --reinstall-package --refresh-package --link-mode --cache-dir ' +
  '--directory --project --config-file --prefix -t --target --root --prerelease --resolution --fork-strategy ' +
  '--exclude-newer --python-platform --python-version --python-preference --color --allow-insecure-host --with ' +
  '--with-editable -w --with-requirements --env-file --package --no-install-package --no-emit-package -o ' +
  '--output-file --out-dir --format --from --prompt --torch-backend --rev --tag --branch --only-install-package';

const lockFiles = ['pyproject.toml', 'uv.lock'];

/** Development dependencies are a group that is installed unless it is left out. */
function withoutDevelopment({ options }: Call): boolean {
  return hasOption(options, '--no-dev', '--no-default-groups') || optionTexts(options, '--no-group').includes('dev');
}

function describe(call: Call, action: Invocation['action']): Partial<Invocation> {
  const { subcommand, options, operands } = call;
  switch (subcommand) {
    case 'pip':
      return describePip(call);
    case 'sync':
      return { files: lockFiles, production: withoutDevelopment(call), ...intoDirectory(options, '--directory') };
    case 'run':
      return { program: operands, files: lockFiles, production: withoutDevelopment(call) };
    case 'tool': {
      const [first, ...rest] = operands;
      if (first?.value === 'run') return { action: 'run', program: rest };
      if (first?.value === 'install')
        return { action: 'install', ...readPackages(rest, pythonPackages), where: 'user' };
      return {};
    }
    case 'venv':
      return { directory: operands[0]?.value ?? '.venv' };
    case 'build':
      return { output: optionValue(options, '-o', '--out-dir'), paths: operands };
    case 'export':
      return {
        output: optionValue(options, '-o', '--output-file'),
        files: lockFiles,
        production: withoutDevelopment(call),
      };
    default:
      return action === 'install' || action === 'remove' ? readPackages(operands, pythonPackages) : {};
  }
}

function describePip({ options, operands }: Call): Partial<Invocation> {
  const [subcommand, ...rest] = operands;
  switch (subcommand?.value) {
    case 'install':
      return { ...readPipInstall(options, rest), ...(hasOption(options, '--system') ? { where: 'global' } : {}) };
    case 'sync': {
      const files = rest.flatMap((word) => word.value ?? []);
      return { action: 'restore', files, unknown: rest.filter((word) => word.value === undefined) };
    }
    case 'uninstall':
      return { action: 'remove', ...readPackages(rest, pythonPackages) };
    case 'compile':
      return {
        action: 'other',
        output: optionValue(options, '-o', '--output-file'),
        files: rest.flatMap((w) => w.value ?? []),
      };
    default:
      return { action: 'query' };
  }
}

/** uv, with its own projects and in place of pip. */
export const uv: PackageManager = defineManager({
  name: 'uv',
  programs: ['uv'],
  scope: 'language',
  values: uvValues,
  runs: ['run', 'tool'],
  actions: {
    install: 'add',
    restore: 'sync',
    remove: 'remove',
    run: 'run',
    build: 'build',
    clean: 'cache',
    configure: 'venv python self init lock',
    query: 'tree version help',
  },
  describe,
});
