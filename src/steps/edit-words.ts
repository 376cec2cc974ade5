import { type Draft, piecesOf } from './draft.ts';
import type { EditWords } from './step.ts';

/** Changes words inside an instruction, wherever it stands by now. */
export function editWords(draft: Draft, step: EditWords): void {
  for (const { stage, piece } of piecesOf(draft, step.instruction)) {
    if (step.half !== undefined && stage?.half !== step.half) continue;
    if (piece.replacement !== undefined) continue;
    piece.edits.push(...step.edits);
    piece.rule = step.rule;
    piece.why = step.why;
  }
}
