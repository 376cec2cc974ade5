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
      rebase(draft, step);
      break;
    case 'split':
      split(draft, step);
      break;
    case 'move':
      move(draft, step);
      break;
    case 'repeat':
      repeat(draft, step);
      break;
    case 'drop':
      drop(draft, step);
      break;
    case 'edit':
      editWords(draft, step);
      break;
    case 'replace':
      replace(draft, step);
      break;
    case 'insert':
      insert(draft, step);
  }
}
