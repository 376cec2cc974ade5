import { visible } from '../../reports/clean-text.ts';
import type { Output } from './io.ts';

const interval = 80;
const widestPath = 60;

/** A line on a terminal that says where something is that takes its time, such as `searching src/a`; silent elsewhere. */
export class Whereabouts {
  private readonly output: Output;
  private readonly doing: string;
  private readonly active: boolean;
  private shownAt = Date.now();
  private visible = false;

  constructor(output: Output, doing: string, quiet: boolean) {
    this.output = output;
    this.doing = doing;
    this.active = output.isTerminal && !quiet;
  }

  enters(place: string): void {
    if (!this.active || Date.now() - this.shownAt < interval) return;
    this.shownAt = Date.now();
    this.visible = true;
    this.output.write(`\r\u001b[K${this.doing} ${shortened(place)}`);
  }

  clear(): void {
    if (this.visible) this.output.write('\r\u001b[K');
    this.visible = false;
  }
}

function shortened(path: string): string {
  return visible(path.length > widestPath ? `…${path.slice(-widestPath)}` : path);
}

/** A line on a terminal that says how far a run over many files is; silent elsewhere. */
export class Progress {
  private readonly output: Output;
  private readonly total: number;
  private readonly active: boolean;
  private done = 0;
  private shownAt = 0;
  private visible = false;

  constructor(output: Output, total: number, quiet: boolean) {
    this.output = output;
    this.total = total;
    this.active = output.isTerminal && total > 1 && !quiet;
  }

  next(path: string): void {
    this.done += 1;
    if (!this.active || Date.now() - this.shownAt < interval) return;
    this.shownAt = Date.now();
    this.visible = true;
    this.output.write(`\r\u001b[K${this.done}/${this.total} ${shortened(path)}`);
  }

  clear(): void {
    if (this.visible) this.output.write('\r\u001b[K');
    this.visible = false;
  }
}
