import type { PackageManager } from './package-manager.ts';
import { defineManager, intoDirectory } from './subcommands.ts';

/** Swift's tool: package manager and compiler. */
export const swift: PackageManager = defineManager({
  name: 'swift',
  programs: ['swift'],
  scope: 'language',
  values:
    '-c --configuration --package-path --scratch-path --build-path --product --target -Xswiftc -Xcc -Xlinker -Xcxx ' +
    '--swift-sdk --triple -j --jobs --cache-path --arch --sdk --toolchain --traits',
  runs: ['run'],
  actions: { build: 'build', run: 'run', restore: 'package', other: 'test', query: 'help' },
  describe: ({ subcommand, options, operands }) => {
    const common = intoDirectory(options, '--package-path') ?? {};
    if (subcommand === 'package')
      return {
        ...common,
        action: /^(resolve|update)$/.test(operands[0]?.value ?? '') ? 'restore' : 'other',
        files: ['Package.swift', 'Package.resolved'],
      };
    if (subcommand === 'build') return { ...common, files: ['Package.swift', 'Package.resolved'] };
    return subcommand === 'run' ? { ...common, program: operands } : common;
  },
});
