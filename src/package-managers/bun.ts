import { hasOption, optionValue } from '../shell/options.ts';
import { isGlobal, leavesDevelopmentOut, nodePackages } from './node-packages.ts';
import type { PackageManager } from './package-manager.ts';
import { defineManager, intoDirectory, readPackages } from './subcommands.ts';

/** Bun: manager, bundler and runtime in one program. */
export const bun: PackageManager = defineManager({
  name: 'bun',
  programs: ['bun'],
  scope: 'language',
  values:
    '--cwd -c --config --filter -F --registry --cache-dir --backend --outdir --outfile --target --format --env-file ' +
    '--preload -r --require --define -d --external -e --eval --root --port --conditions --loader -l --sourcemap --omit ' +
    '--public-path --entry-naming --chunk-naming --asset-naming --tsconfig-override --network-concurrency --shell',
  runs: ['run', 'x', 'exec', 'create', 'test'],
  actions: {
    install: 'add a install i link',
    restore: 'ci',
    remove: 'remove rm',
    upgrade: 'update',
    run: 'run x exec create',
    build: 'build',
    configure: 'init upgrade pm',
    query: 'outdated audit info why',
    other: 'test publish patch',
  },
  otherwise: 'run',
  describe: (call, action) => {
    const { subcommand, options, operands } = call;
    const production = leavesDevelopmentOut(options) || (action !== 'run' && hasOption(options, '-p'));
    const common = { ...intoDirectory(options, '--cwd'), production } as const;
    if (action === 'install' && operands.length > 0) {
      const where = isGlobal(options) ? 'global' : 'default';
      return { ...common, ...readPackages(operands, nodePackages), where };
    }
    if (action === 'install' || action === 'restore') {
      return { ...common, action: 'restore', files: ['package.json', 'bun.lock', 'bun.lockb'] };
    }
    if (action === 'remove') return { ...common, ...readPackages(operands, nodePackages) };
    if (action === 'build') {
      return { ...common, paths: operands, output: optionValue(options, '--outfile', '--outdir') };
    }
    if (action !== 'run') return common;
    if (subcommand === '' && operands.length === 0) return { ...common, action: 'query' };
    const file = call.command.words.find((word) => word.value === subcommand);
    const own = subcommand === 'run' || subcommand === 'x' || subcommand === 'exec' || subcommand === 'create';
    return { ...common, program: own || file === undefined ? operands : [file, ...operands] };
  },
});
