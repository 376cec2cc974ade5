import { type Draft, splitLeading } from './draft.ts';
import type { Drop } from './step.ts';

/** Takes an instruction out, with the comment directly above it; comments that stand apart stay. */
export function drop(draft: Draft, step: Drop): void {
  for (const stage of draft.stages) {
    if (step.half !== undefined && stage.half !== step.half) continue;
    const index = stage.pieces.findIndex((piece) => piece.origin === step.instruction);
    if (index === -1) continue;
    const [piece] = stage.pieces.splice(index, 1);
    const { detached } = splitLeading(piece!.leading);
    const next = stage.pieces[index];
    if (/\S/.test(detached)) {
      if (next !== undefined) next.leading = detached + next.leading.replace(/^(\r?\n)+/, '');
      else draft.tail = detached + draft.tail;
    } else if (next !== undefined && detached !== '' && next.leading === '') next.leading = detached;
    if (step.half === undefined || step.half === 'runtime') {
      draft.dispositions.push({ instruction: step.instruction, kind: 'dropped', rule: step.rule, why: step.why });
    }
  }
  const head = draft.head.findIndex((piece) => piece.origin === step.instruction);
  if (head !== -1) {
    const [piece] = draft.head.splice(head, 1);
    const next = draft.head[head] ?? draft.stages[0]?.pieces[0];
    const { detached } = splitLeading(piece!.leading);
    if (next !== undefined && /\S/.test(detached)) next.leading = detached + next.leading;
    draft.dispositions.push({ instruction: step.instruction, kind: 'dropped', rule: step.rule, why: step.why });
  }
}
