import { InputError } from '../../project/input-error.ts';

/** Whether `-` asks for standard input, which is one Dockerfile. Throws an InputError where other paths stand beside it. */
export function readsStandardInput(paths: readonly string[]): boolean {
  const reads = paths.includes('-');
  if (reads && paths.length > 1) throw new InputError('- stands alone: standard input is one Dockerfile');
  return reads;
}
