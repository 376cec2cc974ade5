import type { Decisions } from '../decisions/decide.ts';
import type { Finding } from '../findings/finding.ts';
import type { FileStep, Step } from '../steps/step.ts';

/** What a rule says about a build: what breaks its sentence of the checklist, and the steps that mend it. */
export interface Examination {
  readonly findings: readonly Finding[];
  readonly steps: readonly Step[];
  /** what is to be done beside the Dockerfile */
  readonly files?: readonly FileStep[];
}

/** One sentence of the checklist, owned completely. Its page is `<name>.md` beside it. */
export interface Rule {
  readonly name: string;
  /** the sentence, as a heading */
  readonly title: string;
  readonly examine: (decisions: Decisions) => Examination;
}
