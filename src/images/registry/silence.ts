/** Ends a request once the other side has been silent for too long. */
export class Silence {
  private readonly controller = new AbortController();
  private readonly milliseconds: number;
  private timer: NodeJS.Timeout;
  isOver = false;

  constructor(milliseconds: number) {
    this.milliseconds = milliseconds;
    this.timer = this.start();
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  heard(): void {
    this.timer.refresh();
  }

  end(): void {
    clearTimeout(this.timer);
    this.controller.abort();
  }

  private start(): NodeJS.Timeout {
    return setTimeout(() => {
      this.isOver = true;
      this.controller.abort();
    }, this.milliseconds);
  }
}
