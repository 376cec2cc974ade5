import type { Argument, Instruction } from '../tree.ts';
import { readElements } from './command-form.ts';

/** `SHELL ["program", "argument", …]`; undefined for anything else, which the builder refuses. */
export function readShell(instruction: Instruction): readonly Argument[] | undefined {
  return readElements(instruction.body);
}
