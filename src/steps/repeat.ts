import { type Draft, halfOf, newPiece } from './draft.ts';
import type { Repeat } from './step.ts';

/** Says an inherited instruction again in the final stage, after those repeated before it. */
export function repeat(draft: Draft, step: Repeat): void {
  const final = halfOf(draft, 'runtime')!;
  const piece = {
    ...newPiece('', step.rule, step.why, '', 'runtime'),
    origin: step.instruction,
    replacement: undefined,
  };
  const first = final.pieces[1];
  draft.standing.set(step.instruction, [...(draft.standing.get(step.instruction) ?? []), piece]);
  if (first === undefined) final.pieces.push(piece);
  else first.preceding.push(piece);
}
