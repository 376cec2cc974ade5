import { setTimeout as sleep } from 'node:timers/promises';
import type { Container, ContainerState } from './container.ts';
import { type Docker, Interrupted } from './docker.ts';

const pollInterval = 250;

/** Looks at a container until something is so, or it ends. */
export class Watch {
  readonly #container: Container;
  readonly #start: number;
  readonly #docker: Docker;
  isRunning = true;

  constructor(container: Container, start: number, docker: Docker) {
    this.#container = container;
    this.#start = start;
    this.#docker = docker;
  }

  /** False once the seconds since the start are over, or the program has ended. */
  async until(isSo: (state: ContainerState) => Promise<boolean>, seconds: number): Promise<boolean> {
    for (;;) {
      const state = await this.#container.state();
      this.isRunning = state.running;
      if (!state.running) return false;
      if (await isSo(state)) return true;
      if (Date.now() - this.#start > seconds * 1000) return false;
      await this.pause(pollInterval);
    }
  }

  /** Throws Interrupted where a person ended the run meanwhile. */
  async pause(milliseconds: number): Promise<void> {
    try {
      await sleep(milliseconds, undefined, { signal: this.#docker.signal });
    } catch {
      throw new Interrupted();
    }
  }
}

export interface Health {
  /** `healthy`, `unhealthy`, or `starting` where it said neither in time */
  readonly status: string;
  /** what the last check printed */
  readonly output: string;
}

const mostChecks = 60;
const checkInterval = 500;
/** A check may fail for a while before it succeeds: engines count from the start, and this begins once the program answers. */
const leastFailures = 8;

/** Waits for what a health check says: the image's own, which is asked each second here, or `check`, run in the container. */
export async function healthOf(
  container: Container,
  watch: Watch,
  check: readonly string[] | undefined,
): Promise<Health | undefined> {
  let health: Health | undefined;
  for (let times = 0; times < mostChecks; times++) {
    const state = await container.state();
    if (check === undefined)
      health = state.health === undefined ? undefined : { status: state.health, output: state.healthOutput };
    else if (state.running) {
      const { code, output } = await container.run(check);
      health = { status: code === 0 ? 'healthy' : 'unhealthy', output };
    }
    if (!state.running || health === undefined || health.status === 'healthy') break;
    if (health.status === 'unhealthy' && times > leastFailures) break;
    await watch.pause(checkInterval);
  }
  return health;
}
