import type { Plan } from '../plan/plan.ts';
import { applyStep } from '../steps/apply.ts';
import { type Draft, draftOf, printDraft } from '../steps/draft.ts';
import type { Dockerfile } from '../syntax/tree.ts';

/** Carries a plan out. `conflict`: two steps claim the same words, so that nothing can be said of the result. */
export function rewrite(file: Dockerfile, final: number, plan: Plan): { draft: Draft; text: string } | { conflict: string } {
  const draft = draftOf(file, final);
  for (const step of plan.steps) applyStep(draft, step);
  try {
    return { draft, text: printDraft(draft) };
  } catch (error) {
    return { conflict: error instanceof Error ? error.message : 'two changes claim the same words' };
  }
}
