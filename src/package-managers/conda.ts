import type { Invocation, PackageManager } from './package-manager.ts';
import { type Call, defineManager, intoDirectory, optionTexts, readPackages } from './subcommands.ts';

const condaPackages = {
  version: /[=<>!~ []/,
  path: /^(?:\.|\/|https?:)|\.(?:conda|tar\.bz2)$/,
  name: (name: string) => name.slice(name.lastIndexOf(':') + 1),
};

function describe({ subcommand, options, operands }: Call, action: Invocation['action']): Partial<Invocation> {
  const common = intoDirectory(options, '-p', '--prefix') ?? {};
  const files = optionTexts(options, '-f', '--file');
  if (subcommand === 'env') {
    const verb = operands[0]?.value;
    if (verb !== 'create' && verb !== 'update') return { action: verb === 'remove' ? 'remove' : 'query' };
    return { ...common, action: 'restore', files: files.length > 0 ? files : ['environment.yml'] };
  }
  if (action === 'run') return { ...common, program: operands };
  if (action !== 'install' && action !== 'remove') return common;
  const given = readPackages(operands, condaPackages);
  const restores = action === 'install' && files.length > 0 && given.packages.length + given.unknown.length === 0;
  return { ...common, ...given, files, ...(restores ? { action: 'restore' as const } : {}) };
}

/** conda, mamba and micromamba. */
export const conda: PackageManager = defineManager({
  name: 'conda',
  programs: ['conda', 'mamba', 'micromamba'],
  scope: 'language',
  values:
    '-n --name -p --prefix -c --channel -f --file --solver --repodata-fn --platform --subdir --clone -r --root-prefix ' +
    '--rc-file --set --add --append --prepend --remove --get --cwd',
  runs: ['run'],
  actions: {
    install: 'install create',
    remove: 'remove uninstall',
    upgrade: 'update upgrade',
    run: 'run',
    clean: 'clean',
    configure: 'config init activate deactivate shell env',
    query: 'list search info',
  },
  describe,
});
