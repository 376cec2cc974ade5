import type { Finding } from '../findings/finding.ts';
import type { Task } from '../findings/task.ts';
import type { Edit } from '../text/edit.ts';
import type { Range } from '../text/range.ts';
import type { MovedAddress } from './addresses.ts';
import type { DeploymentChanges } from './deployment.ts';
import type { Siblings } from './siblings.ts';

/** Collects what is to be done and said about a file that is no YAML. `rule` names its format in findings. */
export class PlainChanges implements DeploymentChanges {
  readonly edits: Edit[] = [];
  readonly findings: Finding[] = [];
  readonly tasks: Task[] = [];
  readonly #rule: string;

  constructor(rule: string) {
    this.#rule = rule;
  }

  say(severity: Finding['severity'], range: Range, message: string, why: string | undefined, fix: string): void {
    this.findings.push({ rule: this.#rule, severity, range, message, why, fix });
  }

  change(edit: Edit, range: Range, message: string, why: string, fix: string): void {
    this.edits.push(edit);
    this.say('error', range, message, why, fix);
  }

  /** An address of a container whose port moved; where a Service of Kubernetes is called so too, a person decides. */
  moveAddress({ before, after, host, port, range, edit }: MovedAddress, { hosts, services }: Siblings): void {
    const moved = hosts.get(host);
    const from = moved?.movedPorts.find(({ to }) => to === port)?.from;
    const message = `${before} leads to a port that nothing listens on`;
    const why = `${host} in ${moved?.image} listens on ${port}`;
    if (from !== undefined && services.get(host)?.has(from) === true)
      this.say(
        'review',
        range,
        `${before} is right in Kubernetes and wrong in Compose`,
        `the Service ${host} keeps port ${from}, and ${why}`,
        `let a variable decide it, or give the Service port ${port} as well and write ${after}`,
      );
    else this.change(edit, range, message, why, `becomes ${after}`);
  }
}
