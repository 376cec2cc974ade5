import type { Finding } from '../findings/finding.ts';
import type { Task } from '../findings/task.ts';
import type { Edit } from '../text/edit.ts';
import type { Range } from '../text/range.ts';
import type { DeploymentChanges } from './deployment.ts';
import type { YamlProblem, YamlText } from './yaml-text.ts';

/** Collects what is to be done and said about one file. `rule` names its format in findings. */
export class Changes implements DeploymentChanges {
  readonly edits: Edit[] = [];
  readonly findings: Finding[] = [];
  readonly tasks: Task[] = [];
  readonly yaml: YamlText;
  readonly #rule: string;

  constructor(rule: string, yaml: YamlText) {
    this.#rule = rule;
    this.yaml = yaml;
  }

  say(severity: Finding['severity'], range: Range, message: string, why?: string, fix?: string): void {
    this.findings.push({ rule: this.#rule, severity, range, message, why, fix });
  }

  /** Notes what a person has to do beside the change. */
  ask(text: string, command?: string): void {
    this.tasks.push({ text, command });
  }

  /**
   * Makes an edit and says so; as `review` where a person has to look at it. Where it cannot be made, or others share the place, says what is to be
   * done by hand.
   */
  change(
    edit: Edit | undefined,
    place: { readonly range: Range; readonly shared: boolean },
    message: string,
    why: string,
    fix: string,
    severity: 'error' | 'review' = 'error',
  ): void {
    if (edit === undefined || place.shared) {
      const reason = place.shared ? 'others share this value through an anchor' : 'the text is not literal';
      this.say('review', place.range, message, why, `${fix}; do it by hand: ${reason}`);
      return;
    }
    this.edits.push(edit);
    this.say(severity, place.range, message, why, fix);
  }
}

/** The answer for a file that cannot be read; `kind` begins the sentence. */
export function notRead(rule: string, kind: string, { problem, range }: YamlProblem): DeploymentChanges {
  const message = `${kind} not read: ${problem}`;
  return {
    edits: [],
    findings: [{ rule, severity: 'review', range, message, why: undefined, fix: 'mend it and run again' }],
    tasks: [],
  };
}
