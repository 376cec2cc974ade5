import type { Range } from '../text/range.ts';
import type { Dockerfile, Instruction } from './tree.ts';

/** An instruction with everything around it. The four ranges follow each other without a gap. */
export interface Piece {
  readonly instruction: Instruction;
  /** blank lines, directives and comments before it that do not belong to it */
  readonly detached: Range;
  /** the comment lines directly above it, and its indentation */
  readonly leading: Range;
  /** the instruction itself, here-documents included */
  readonly own: Range;
  /** its line end; empty at the end of a file without one */
  readonly lineEnd: Range;
}

/** A file cut into its instructions; every character of the text is in exactly one range. */
export interface Pieces {
  readonly pieces: readonly Piece[];
  /** what comes after the last instruction: trivia, or whatever could not be read */
  readonly tail: Range;
}

/** Cuts a file into pieces that can be moved: an instruction goes with `leading`, `own` and `lineEnd`. */
export function pieces(file: Dockerfile): Pieces {
  const { text } = file;
  const out: Piece[] = [];
  let at = 0;
  for (const instruction of file.instructions) {
    const { leadingStart, range } = instruction;
    const newline = text.indexOf('\n', range.end);
    const end = newline === -1 ? text.length : newline + 1;
    out.push({
      instruction,
      detached: { start: at, end: leadingStart },
      leading: { start: leadingStart, end: range.start },
      own: range,
      lineEnd: { start: range.end, end },
    });
    at = end;
  }
  return { pieces: out, tail: { start: at, end: text.length } };
}

/** The text of a file, put together from its pieces: `print(parse(text)) === text` for every text. */
export function print(file: Dockerfile): string {
  const { pieces: cut, tail } = pieces(file);
  const parts: string[] = [];
  const add = ({ start, end }: Range) => parts.push(file.text.slice(start, end));
  for (const { detached, leading, own, lineEnd } of cut) {
    add(detached);
    add(leading);
    add(own);
    add(lineEnd);
  }
  add(tail);
  return parts.join('');
}
