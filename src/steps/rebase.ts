import { type Draft, standingFor } from './draft.ts';
import type { Rebase } from './step.ts';

/** Changes the image after FROM. */
export function rebase(draft: Draft, step: Rebase): void {
  for (const piece of standingFor(draft, step.from)) {
    piece.edits.push({ range: step.range, text: step.image });
    piece.rule = step.rule;
    piece.why = step.why;
  }
}
