import type { Draft } from './draft.ts';
import { drop } from './drop.ts';
import { editWords } from './edit-words.ts';
import { insert } from './insert.ts';
import { move } from './move.ts';
import { rebase } from './rebase.ts';
import { repeat } from './repeat.ts';
import { replace } from './replace.ts';
import { split } from './split.ts';
import type { Step } from './step.ts';

/** Carries one step out on a draft. */
export function applyStep(draft: Draft, step: Step): void {
  switch (step.kind) {
    case 'rebase':
      return rebase(draft, step);
    case 'split':
      return split(draft, step);
    case 'move':
      return move(draft, step);
    case 'repeat':
      return repeat(draft, step);
    case 'drop':
      return drop(draft, step);
    case 'edit':
      return editWords(draft, step);
    case 'replace':
      return replace(draft, step);
    case 'insert':
      return insert(draft, step);
  }
}
