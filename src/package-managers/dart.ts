import { optionValue } from '../shell/options.ts';
import type { PackageManager } from './package-manager.ts';
import { defineManager, readPackages } from './subcommands.ts';

/** Dart's tool: pub, compiler and runtime in one program. */
export const dart: PackageManager = defineManager({
  name: 'dart',
  programs: ['dart'],
  scope: 'language',
  values:
    '-o --output -D --define -p --packages -S --save-debugging-info --target-os --depfile --hosted-url -C --directory',
  runs: ['run', 'test'],
  actions: {
    run: 'run test',
    build: 'compile build',
    configure: 'create --disable-analytics',
    query: 'analyze doc format info',
  },
  otherwise: 'run',
  describe: ({ subcommand, options, operands }, action) => {
    if (subcommand === 'pub') {
      const [verb, ...rest] = operands;
      if (verb?.value === 'global')
        return rest[0]?.value === 'activate'
          ? { ...readPackages(rest.slice(1, 2), { version: /@/, path: /^[./]/ }), action: 'install', where: 'global' }
          : { action: 'run', program: rest.slice(1) };
      if (/^(get|upgrade|downgrade)$/.test(verb?.value ?? ''))
        return { action: 'restore', files: ['pubspec.yaml', 'pubspec.lock'] };
      return { action: verb?.value === 'run' ? 'run' : 'other', program: rest };
    }
    if (action === 'build') return { paths: operands.slice(1), output: optionValue(options, '-o', '--output') };
    return action === 'run' ? { program: operands } : {};
  },
});
