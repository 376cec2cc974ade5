import { sourceRange } from '../logical-text.ts';
import type { Argument, Instruction } from '../tree.ts';
import { splitAtSeparators } from '../words.ts';
import { readElements } from './command-form.ts';

/** The words of an instruction that are separated by white space and nothing else. */
export function readWords({ body }: Instruction): Argument[] {
  return splitAtSeparators(body.text).map(({ text, start, end }) => ({ text, range: sourceRange(body, start, end) }));
}

/** The elements of the JSON form, else the words. */
export function readWordsOrElements(instruction: Instruction): Argument[] {
  return (instruction.json ? readElements(instruction.body) : undefined) ?? readWords(instruction);
}

/** The whole rest of the instruction as one argument; undefined where there is none. */
export function readWhole({ body, bodyRange }: Instruction): Argument | undefined {
  return body.text === '' ? undefined : { text: body.text, range: bodyRange };
}
