import type { Argument, Flag, Instruction } from '../tree.ts';
import { findFlag } from './flag.ts';
import { readWords } from './word-list.ts';

export interface From {
  /** image reference or stage name, variables unexpanded; undefined where nothing follows the keyword */
  readonly image: Argument | undefined;
  readonly platform: Flag | undefined;
  /** the stage's name as written; the builder compares it without regard to case */
  readonly alias: Argument | undefined;
  /** the builder takes one argument, or three with AS in the middle */
  readonly valid: boolean;
}

/** `FROM [--platform=…] image [AS name]` */
export function readFrom(instruction: Instruction): From {
  const words = readWords(instruction);
  const named = words.length === 3 && words[1]!.text.toLowerCase() === 'as';
  return {
    image: words[0],
    platform: findFlag(instruction, 'platform'),
    alias: named ? words[2] : undefined,
    valid: words.length === 1 || named,
  };
}
