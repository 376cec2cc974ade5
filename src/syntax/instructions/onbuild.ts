import type { Instruction } from '../tree.ts';

/** The instruction that a stage built on this image will run first; undefined where nothing follows the keyword. */
export function readOnbuild(instruction: Instruction): Instruction | undefined {
  return instruction.sub;
}
