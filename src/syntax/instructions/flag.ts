import type { Flag, Instruction } from '../tree.ts';

/** The first flag of a name. */
export function findFlag(instruction: Instruction, name: string): Flag | undefined {
  return instruction.flags.find((flag) => flag.name === name);
}

/** All flags of a name, for those that may be given more than once. */
export function findFlags(instruction: Instruction, name: string): Flag[] {
  return instruction.flags.filter((flag) => flag.name === name);
}

/** A boolean flag: `--link` and `--link=true` in any case, but not `--link=false`. */
export function isFlagSet(instruction: Instruction, name: string): boolean {
  const flag = findFlag(instruction, name);
  return flag !== undefined && (flag.value === undefined || flag.value.toLowerCase() === 'true');
}
