import type { Range } from '../../text/range.ts';
import { separatorIn, skipSeparators } from '../arguments.ts';
import { argument, sourceRange } from '../logical-text.ts';
import type { Argument, Instruction } from '../tree.ts';
import { splitQuoted } from '../words.ts';

/** `name=value`, raw: variables, quotes and escapes are as written. */
export interface KeyValue {
  readonly name: Argument;
  readonly value: Argument;
  readonly range: Range;
}

export interface KeyValues {
  readonly pairs: readonly KeyValue[];
  /** the old form `NAME the rest of the line` */
  readonly legacy: boolean;
}

/** The pairs of ENV and LABEL. `escapeToken` is the file's. */
export function readKeyValues({ body, bodyRange }: Instruction, escapeToken: '\\' | '`'): KeyValues {
  const words = splitQuoted(body.text, escapeToken.charCodeAt(0));
  const first = words[0];
  if (first === undefined) return { pairs: [], legacy: false };
  if (!first.text.includes('=')) {
    const nameEnd = separatorIn(body.text);
    const value = argument(body, skipSeparators(body.text, nameEnd), body.text.length);
    return { pairs: [{ name: argument(body, 0, nameEnd), value, range: bodyRange }], legacy: true };
  }
  const pairs = words.map(({ text, start, end }) => {
    const equals = start + text.indexOf('=');
    return {
      name: argument(body, start, equals),
      value: argument(body, equals + 1, end),
      range: sourceRange(body, start, end),
    };
  });
  return { pairs, legacy: false };
}
