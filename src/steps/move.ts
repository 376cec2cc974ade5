import { type Draft, halfOf, type Piece, splitLeading } from './draft.ts';
import type { Move } from './step.ts';

/** Moves an instruction of the final stage to the end of what the build stage holds by now, or says it in both. */
export function move(draft: Draft, step: Move): void {
  const final = halfOf(draft, 'runtime')!;
  const build = halfOf(draft, 'build')!;
  const index = final.pieces.findIndex((piece) => piece.origin === step.instruction);
  const piece = final.pieces[index];
  if (piece === undefined) return;
  if (step.to === 'both') {
    const { own } = splitLeading(piece.leading);
    const blank = piece.leading.length > own.length ? '\n' : '';
    const copy: Piece = { ...piece, edits: [...piece.edits], leading: blank, rule: step.rule, why: step.why };
    build.pieces.push(copy);
    return;
  }
  final.pieces.splice(index, 1);
  build.pieces.push({ ...piece, edits: [...piece.edits], rule: step.rule, why: step.why });
  draft.dispositions.push({ instruction: step.instruction, kind: 'moved', rule: step.rule, why: step.why });
}
