import { hasOption, optionValue } from '../shell/options.ts';
import { isGlobal, nodePackages } from './node-packages.ts';
import type { PackageManager } from './package-manager.ts';
import { defineManager, readPackages } from './subcommands.ts';

/** Deno: manager, compiler and runtime in one program. */
export const deno: PackageManager = defineManager({
  name: 'deno',
  programs: ['deno'],
  scope: 'language',
  values:
    '-c --config --import-map --lock -o --output --target --entrypoint -e --root -n --name --cert --location --seed ' +
    '--v8-flags --node-modules-dir --ext -L --log-level --cwd --port --host --include --exclude --icon',
  runs: ['run', 'serve', 'task', 'eval', 'test', 'bench', 'x'],
  actions: {
    install: 'add install i',
    restore: 'cache',
    remove: 'remove rm uninstall',
    upgrade: 'outdated update upgrade',
    run: 'run serve task eval x',
    build: 'compile bundle check',
    clean: 'clean',
    configure: 'init',
    query: 'info doc types lint fmt',
    other: 'test bench vendor publish',
  },
  otherwise: 'run',
  describe: ({ subcommand, options, operands }, action) => {
    if (action === 'install') {
      if (isGlobal(options)) return { ...readPackages(operands, nodePackages), where: 'global' };
      // `--entrypoint` and plain `deno install` fetch what the project names
      if (subcommand !== 'add' && (operands.length === 0 || hasOption(options, '--entrypoint', '-e')))
        return { action: 'restore', files: ['deno.json', 'deno.jsonc', 'package.json', 'deno.lock'] };
      return readPackages(operands, nodePackages);
    }
    if (action === 'restore') return { paths: operands, files: ['deno.json', 'deno.jsonc', 'deno.lock'] };
    if (action === 'build') return { paths: operands, output: optionValue(options, '--output', '-o') };
    return action === 'run' ? { program: operands } : {};
  },
});
