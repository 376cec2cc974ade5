import { type Draft, halfOf, type Piece } from './draft.ts';
import type { Repeat } from './step.ts';

/** Says an inherited instruction again in the final stage, after the inherited ones said before. */
export function repeat(draft: Draft, step: Repeat): void {
  const final = halfOf(draft, 'runtime')!;
  const piece: Piece = {
    origin: step.instruction,
    leading: '',
    edits: [],
    replacement: undefined,
    end: '',
    rule: step.rule,
    why: step.why,
  };
  let at = 1;
  while (final.pieces[at]?.why === step.why && final.pieces[at]?.rule === step.rule) at++;
  final.pieces.splice(at, 0, piece);
}
