import type { Range } from '../../text/range.ts';
import { readJsonArray } from '../json-array.ts';
import { sliceLogical, sourceRange } from '../logical-text.ts';
import type { Argument, Instruction, LogicalText } from '../tree.ts';

/** A command as RUN, CMD, ENTRYPOINT and HEALTHCHECK take it. */
export type CommandForm =
  /** a JSON array; elements decoded, their ranges with the quotes */
  | { readonly kind: 'exec'; readonly argv: readonly Argument[]; readonly range: Range }
  /** a line for the shell of the stage */
  | { readonly kind: 'shell'; readonly text: LogicalText; readonly range: Range };

/** CMD and ENTRYPOINT; undefined where nothing follows the keyword. */
export function readCommand(instruction: Instruction): CommandForm | undefined {
  return readCommandForm(instruction.body);
}

/** The command in a part of an instruction; undefined if it is empty. */
export function readCommandForm(body: LogicalText): CommandForm | undefined {
  if (body.text === '') return undefined;
  const range = sourceRange(body, 0, body.text.length);
  const argv = readElements(body);
  return argv === undefined ? { kind: 'shell', text: body, range } : { kind: 'exec', argv, range };
}

/** The elements of a JSON array of strings; undefined if the text is none. */
export function readElements(body: LogicalText): Argument[] | undefined {
  const elements = readJsonArray(body.text);
  if (elements === undefined || elements === 'mixed') return undefined;
  return elements.map(({ text, start, end }) => ({ text, range: sourceRange(body, start, end) }));
}

/** What follows `start` in a logical text. */
export function restOf(body: LogicalText, start: number): LogicalText {
  return sliceLogical(body, start, body.text.length);
}
