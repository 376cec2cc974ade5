import { type Draft, type DraftStage, newPiece } from './draft.ts';
import type { Insert } from './step.ts';

/** Puts a new instruction where it belongs; one with a comment is set apart by a blank line. */
export function insert(draft: Draft, step: Insert): void {
  const comment = (step.comment ?? []).map((line) => `# ${line}\n`).join('');
  const piece = newPiece(step.text, step.rule, step.why, comment === '' ? '' : `\n${comment}`);
  const { where } = step;
  if (where.at === 'end' || where.at === 'before-start') {
    const stage = draft.stages.find(
      (each) => each.half === where.stage || (typeof where.stage === 'number' && each.origin === where.stage),
    );
    if (stage === undefined) return;
    if (where.at === 'end') stage.pieces.push(piece);
    else stage.pieces.splice(startIndex(stage), 0, piece);
    return;
  }
  for (const stage of draft.stages) {
    if (where.half !== undefined && stage.half !== where.half) continue;
    const index = stage.pieces.findIndex((each) => each.origin === where.instruction);
    if (index === -1) continue;
    const next = stage.pieces[index]!;
    if (comment !== '' && /^\r?\n/.test(next.leading)) piece.leading = `\n${comment}`;
    else if (comment === '') {
      piece.leading = next.leading;
      next.leading = '';
    } else if (!/^\s*$/.test(next.leading) || next.leading === '') piece.leading = comment;
    stage.pieces.splice(index, 0, piece);
    return;
  }
}

/** Before the start command and what comes after it; else the end. */
function startIndex(stage: DraftStage): number {
  const index = stage.pieces.findIndex(
    (piece) => piece.origin !== undefined && /^(entrypoint|cmd|healthcheck)$/.test(piece.origin.keyword),
  );
  return index === -1 ? stage.pieces.length : index;
}
