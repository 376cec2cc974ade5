import { readOptions } from '../shell/options.ts';
import { nodePackages } from './node-packages.ts';
import type { PackageManager } from './package-manager.ts';
import { invocation, readPackages, setOf } from './subcommands.ts';

const npxValues = setOf('-p --package -c --call -w --workspace --registry --cache --userconfig --node-options --shell');

/** npx and its twins of other managers: run a package's program, fetched if it is not there. */
export const npx: PackageManager = {
  name: 'npx',
  programs: ['npx', 'pnpx', 'bunx'],
  read: (words, command) => {
    const { options, operands } = readOptions(words.slice(1), { values: npxValues, stopAtOperand: true });
    const named = options.flatMap(({ name, value }) =>
      value !== undefined && (name === '-p' || name === '--package') ? [value] : [],
    );
    const details = { program: operands, ...readPackages(named, nodePackages) };
    return invocation({ name: 'npx', scope: 'language' }, 'run', { options, command }, details);
  },
};
