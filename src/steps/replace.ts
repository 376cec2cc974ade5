import { type Draft, piecesOf } from './draft.ts';
import type { Replace } from './step.ts';

/** Writes an instruction anew, in its place and under its comments. */
export function replace(draft: Draft, step: Replace): void {
  for (const { stage, piece } of piecesOf(draft, step.instruction)) {
    if (step.half !== undefined && stage?.half !== step.half) continue;
    piece.replacement = step.text;
    piece.rule = step.rule;
    piece.why = step.why;
  }
}
