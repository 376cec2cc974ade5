import { type Draft, splitLeading, standingFor } from './draft.ts';
import type { Drop } from './step.ts';

/** Takes an instruction out, with the comment directly above it; comments that stand apart stay. */
export function drop(draft: Draft, step: Drop): void {
  for (const piece of standingFor(draft, step.instruction, step.half)) {
    const { detached } = splitLeading(piece.leading);
    piece.leading = /\S/.test(detached) ? detached : '';
    piece.removed = true;
    if (!draft.dispositions.has(step.instruction) || piece.half !== 'build') {
      draft.dispositions.set(step.instruction, { kind: 'dropped', rule: step.rule, why: step.why });
    }
  }
}
