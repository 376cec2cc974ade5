import { nodePackages } from './node-packages.ts';
import type { PackageManager } from './package-manager.ts';
import { defineManager, readPackages } from './subcommands.ts';

/** Corepack, which provides yarn and pnpm. */
export const corepack: PackageManager = defineManager({
  name: 'corepack',
  programs: ['corepack'],
  scope: 'language',
  values: '--install-directory -o --output',
  actions: { configure: 'enable disable prepare use up hydrate', install: 'install', clean: 'cache' },
  describe: ({ subcommand, operands }) =>
    subcommand === 'prepare' || subcommand === 'install' ? readPackages(operands, nodePackages) : {},
});
