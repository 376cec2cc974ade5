import { type Draft, nextStanding, splitLeading, standingFor } from './draft.ts';
import type { Drop } from './step.ts';

/** Takes an instruction out, with the comment directly above it; comments that stand apart stay. */
export function drop(draft: Draft, step: Drop): void {
  for (const { piece, list, at } of standingFor(draft, step.instruction, step.half)) {
    piece.removed = true;
    const { detached } = splitLeading(piece.leading);
    const next = nextStanding(list, at) ?? (list === draft.head ? draft.stages[0]?.pieces[0] : undefined);
    if (/\S/.test(detached)) {
      if (next !== undefined) next.leading = detached + next.leading.replace(/^(\r?\n)+/, '');
      else draft.tail = detached + draft.tail;
    } else if (next !== undefined && detached !== '' && next.leading === '') next.leading = detached;
    if (!draft.dispositions.has(step.instruction) || piece.half !== 'build') {
      draft.dispositions.set(step.instruction, { kind: 'dropped', rule: step.rule, why: step.why });
    }
  }
}
