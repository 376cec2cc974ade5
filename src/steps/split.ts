import { type Draft, halfOf, newPiece } from './draft.ts';
import type { Split } from './step.ts';

/** Puts an empty build stage before the final one. In a file of one stage it takes over the head of the file. */
export function split(draft: Draft, step: Split): void {
  const final = halfOf(draft, 'runtime')!;
  const at = draft.stages.indexOf(final);
  const from = final.pieces[0]!;
  const piece = newPiece(`FROM ${step.image} AS ${step.name}`, step.rule, step.why, '', 'build');
  const first = at === 0 && draft.head.length === 0;
  piece.leading = first ? from.leading : '\n';
  if (first) from.leading = '\n';
  else if (!/^\r?\n/.test(from.leading)) from.leading = `\n${from.leading}`;
  draft.stages.splice(at, 0, { origin: undefined, half: 'build', pieces: [piece] });
}
