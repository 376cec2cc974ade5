import { readOptions } from '../shell/options.ts';
import type { PackageManager } from './package-manager.ts';
import { invocation, setOf } from './subcommands.ts';

const uvxValues = setOf(
  '--from --with --with-editable --with-requirements -p --python -i --index-url --index -c --env-file',
);

/** uvx: runs a program of a package that it fetches. */
export const uvx: PackageManager = {
  name: 'uvx',
  programs: ['uvx'],
  read: (words, command) => {
    const { options, operands } = readOptions(words.slice(1), { values: uvxValues, stopAtOperand: true });
    const call = { options, command };
    return invocation({ name: 'uvx', scope: 'language' }, 'run', call, { program: operands });
  },
};
