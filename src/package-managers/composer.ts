import { hasOption } from '../shell/options.ts';
import type { PackageManager } from './package-manager.ts';
import { defineManager, intoDirectory, readPackages } from './subcommands.ts';

const composerPackages = { version: /[:=@ ]/, path: /^(?:\.{1,2}\/|\/|https?:)/ };

/** Composer. */
export const composer: PackageManager = defineManager({
  name: 'composer',
  programs: ['composer', 'composer.phar'],
  scope: 'language',
  values:
    '-d --working-dir --prefer-install --ignore-platform-req --apcu-autoloader-prefix --repository --repository-url ' +
    '-s --stability --install-dir --filename --version --timeout -f --format --audit-format',
  runs: ['exec', 'run-script', 'run'],
  actions: {
    install: 'require req r create-project',
    restore: 'install i',
    remove: 'remove rm',
    upgrade: 'update u upgrade self-update selfupdate',
    build: 'dump-autoload dumpautoload archive',
    run: 'run-script run exec',
    clean: 'clear-cache clearcache cc',
    configure: 'config global init bump',
    query: 'show info validate check-platform-reqs audit outdated diagnose about licenses why',
  },
  describe: ({ subcommand, options, operands }, action) => {
    const common = { ...intoDirectory(options, '-d', '--working-dir'), production: hasOption(options, '--no-dev') };
    if (subcommand === 'global' && /^(?:require|req)$/.test(operands[0]?.value ?? '')) {
      return { action: 'install', ...readPackages(operands.slice(1), composerPackages), where: 'user' };
    }
    if (subcommand === 'create-project') {
      return { ...common, ...readPackages(operands.slice(0, 1), composerPackages), output: operands[1] };
    }
    if (action === 'install' || action === 'remove') return { ...common, ...readPackages(operands, composerPackages) };
    if (action === 'restore') return { ...common, files: ['composer.json', 'composer.lock'] };
    return action === 'run' ? { ...common, program: operands } : common;
  },
});
