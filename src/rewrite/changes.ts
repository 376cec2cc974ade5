import type { Change } from '../compile-result.ts';
import { allPieces, type Draft, type Piece, standingFor } from '../steps/draft.ts';

/** What became of every instruction of the input, in its order, then what is new. */
export function accountFor(draft: Draft): Change[] {
  const changes: Change[] = [];
  for (const instruction of draft.file.instructions) {
    const { range } = instruction;
    const own = standingFor(draft, instruction);
    const disposition = draft.dispositions.get(instruction);
    const changed = own.find(isChanged);
    if (own.length === 0)
      changes.push({ kind: 'dropped', range, rule: disposition?.rule, why: disposition?.why ?? '' });
    else if (changed !== undefined)
      changes.push({ kind: 'replaced', range, rule: changed.rule, why: changed.why ?? '' });
    else if (disposition?.kind === 'moved')
      changes.push({ kind: 'moved', range, rule: disposition.rule, why: disposition.why });
    else changes.push({ kind: 'kept', range, rule: undefined, why: 'as it was' });
  }
  for (const piece of allPieces(draft)) {
    if (piece.origin === undefined)
      changes.push({ kind: 'added', range: undefined, rule: piece.rule, why: piece.why ?? '' });
  }
  return changes;
}

function isChanged(piece: Piece): boolean {
  return piece.replacement !== undefined || piece.edits.length > 0;
}
