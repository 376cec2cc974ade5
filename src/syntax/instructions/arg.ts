import type { Range } from '../../text/range.ts';
import { argument, sourceRange } from '../logical-text.ts';
import type { Argument, Instruction } from '../tree.ts';
import { splitQuoted } from '../words.ts';

/** One declaration of an ARG. */
export interface ArgEntry {
  readonly name: Argument;
  /** raw; undefined where none is given, empty where nothing follows the `=` */
  readonly default: Argument | undefined;
  readonly range: Range;
}

/** `ARG name[=default] …`. `escapeToken` is the file's. */
export function readArg({ body }: Instruction, escapeToken: '\\' | '`'): ArgEntry[] {
  return splitQuoted(body.text, escapeToken.charCodeAt(0)).map(({ text, start, end }) => {
    const equals = text.indexOf('=');
    return {
      name: argument(body, start, equals === -1 ? end : start + equals),
      default: equals === -1 ? undefined : argument(body, start + equals + 1, end),
      range: sourceRange(body, start, end),
    };
  });
}
