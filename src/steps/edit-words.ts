import { type Draft, standingFor } from './draft.ts';
import type { EditWords } from './step.ts';

/** Changes words inside an instruction, wherever it stands by now. */
export function editWords(draft: Draft, step: EditWords): void {
  for (const piece of standingFor(draft, step.instruction, step.half)) {
    for (const edit of step.edits) piece.edits.push(edit);
    piece.rule = step.rule;
    piece.why = step.why;
  }
}
