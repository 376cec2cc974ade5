import type { PackageManager } from './package-manager.ts';
import { defineManager, intoDirectory, optionTexts, readPackages } from './subcommands.ts';

/** Bundler. */
export const bundler: PackageManager = defineManager({
  name: 'bundler',
  programs: ['bundle', 'bundler'],
  scope: 'language',
  values:
    '--without --with --path -j --jobs --gemfile --retry --shebang --trust-policy -r --cache-path -v --version --source',
  runs: ['exec', 'config'],
  actions: {
    install: 'add',
    restore: 'install i cache package pack',
    remove: 'remove',
    upgrade: 'update',
    run: 'exec e',
    clean: 'clean',
    configure: 'config lock init binstubs plugin platform',
    query: 'list show info check outdated env doctor version help',
  },
  describe: ({ subcommand, options, operands, command }, action) => {
    if (action === 'run') return { program: operands };
    if (action === 'install' || action === 'remove') return readPackages(operands, { version: /$^/, path: /^\// });
    if (action !== 'restore' && (subcommand !== '' || operands.length > 0)) return {};
    const [gemfile = 'Gemfile'] = optionTexts(options, '--gemfile');
    const excluded = [
      ...optionTexts(options, '--without'),
      ...command.assignments.flatMap(({ name, value }) => (name === 'BUNDLE_WITHOUT' ? (value?.value ?? []) : [])),
    ];
    return {
      action: 'restore',
      files: [gemfile, `${gemfile}.lock`],
      production: excluded.some((groups) => /\bdevelopment\b/.test(groups)),
      ...intoDirectory(options, '--path'),
    };
  },
});
