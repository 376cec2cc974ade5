import { hasOption } from '../shell/options.ts';
import { isGlobal, leavesDevelopmentOut, nodePackages, scriptWords } from './node-packages.ts';
import type { PackageManager } from './package-manager.ts';
import { defineManager, intoDirectory, readPackages } from './subcommands.ts';

const named: ReadonlySet<string> = new Set(['run', 'run-script', 'exec', 'dlx', 'create']);

/** pnpm. What is no command of its own is a script of package.json. */
export const pnpm: PackageManager = defineManager({
  name: 'pnpm',
  programs: ['pnpm'],
  scope: 'language',
  values:
    '-C --dir -F --filter --filter-prod --store-dir --virtual-store-dir --reporter --loglevel --registry ' +
    '--lockfile-dir --network-concurrency --child-concurrency --workspace-concurrency --modules-dir ' +
    '--package-import-method --resume-from --allow-build --fetch-timeout --fetch-retries --node-linker --omit --package',
  runs: ['run', 'run-script', 'exec', 'dlx', 'create', 'start', 'test', 't'],
  actions: {
    install: 'add install i link ln',
    restore: 'ci fetch clean-install ic install-clean',
    remove: 'remove rm uninstall un prune',
    upgrade: 'update up upgrade',
    clean: 'store cache',
    configure: 'config c set get setup env init import self-update approve-builds patch patch-commit',
    build: 'rebuild rb pack',
    query: 'list ls ll why outdated audit root bin licenses view info show',
    other: 'deploy publish dedupe',
  },
  otherwise: 'run',
  describe: (call, action) => {
    const { subcommand, options, operands } = call;
    const production = leavesDevelopmentOut(options) || (action !== 'run' && hasOption(options, '-P'));
    const common = { ...intoDirectory(options, '-C', '--dir'), production } as const;
    const files = subcommand === 'fetch' ? ['pnpm-lock.yaml'] : ['package.json', 'pnpm-lock.yaml'];
    if (action === 'install' && operands.length > 0) {
      const where = isGlobal(options) ? 'global' : 'default';
      return { ...common, ...readPackages(operands, nodePackages), where };
    }
    if (action === 'install' || action === 'restore') return { ...common, action: 'restore', files };
    if (action === 'remove' && subcommand !== 'prune') return { ...common, ...readPackages(operands, nodePackages) };
    if (subcommand === 'deploy') return { ...common, output: operands[0] };
    if (action !== 'run') return common;
    // Options alone (`pnpm --version`) ask for nothing.
    if (subcommand === '' && operands.length === 0) return { ...common, action: 'query' };
    const script = call.command.words.find((word) => word.value === subcommand);
    const program = named.has(subcommand) || script === undefined ? operands : [script, ...operands];
    return { ...common, program: scriptWords(program) };
  },
});
