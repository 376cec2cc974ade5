import { type Draft, standingFor } from './draft.ts';
import type { Replace } from './step.ts';

/** Writes an instruction anew, in its place and under its comments. */
export function replace(draft: Draft, step: Replace): void {
  for (const piece of standingFor(draft, step.instruction, step.half)) {
    piece.replacement = step.text;
    piece.rule = step.rule;
    piece.why = step.why;
  }
}
