import { type Draft, halfOf, splitLeading, stand, standingFor } from './draft.ts';
import type { Move } from './step.ts';

/** Moves an instruction of the final stage to the end of what the build stage holds by now, or says it in both. */
export function move(draft: Draft, step: Move): void {
  const build = halfOf(draft, 'build')!;
  const piece = standingFor(draft, step.instruction, 'runtime')[0];
  if (piece === undefined) return;
  const copy = {
    ...piece,
    half: 'build' as const,
    edits: [...piece.edits],
    preceding: [],
    rule: step.rule,
    why: step.why,
  };
  if (step.to === 'both') {
    const { own } = splitLeading(piece.leading);
    copy.leading = piece.leading.length > own.length ? '\n' : '';
  } else {
    piece.removed = true;
    piece.leading = '';
    draft.dispositions.set(step.instruction, { kind: 'moved', rule: step.rule, why: step.why });
  }
  stand(draft, build.pieces, copy);
}
