import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Docker } from './docker.ts';

/** Of which of the two projects something is. */
export type Side = 'before' | 'after';

/** Marks all that a run makes, so that nothing else is ever touched and nothing is forgotten. */
const labelName = 'rehull.prove';

/** What the classic builder would need for its next build is its cache, and stays as after any other build. */
const removeImage = ['image', 'rm', '--force', '--no-prune'];
/** How often, and after how many milliseconds, is looked again for what an engine finished late. */
const moreTimes = 2;
const pause = 1500;

/** What a run makes in an engine and on disk: how it is called, and how it goes again. */
export class Belongings {
  /** different for each run */
  readonly id = randomBytes(5).toString('hex');
  readonly label = `${labelName}=${this.id}`;
  readonly #docker: Docker;
  readonly #images = new Set<string>();
  #folder: Promise<string> | undefined;
  #hasRunning = false;

  constructor(docker: Docker) {
    this.#docker = docker.uninterrupted;
  }

  /** Name of a container, network or volume. */
  name(side: Side, what: string): string {
    this.#hasRunning = true;
    return `rehull-prove-${this.id}-${side}-${slug(what)}`;
  }

  /** A tag for an image that is built; noted before it exists. */
  tag(side: Side, what: string): string {
    const tag = `rehull-prove-${this.id}-${side}-${slug(what)}:latest`;
    this.#images.add(tag);
    return tag;
  }

  /** A folder of the run outside of the project. */
  folder(): Promise<string> {
    this.#folder ??= mkdtemp(join(tmpdir(), 'rehull-prove-'));
    return this.#folder;
  }

  /** Ends and removes containers, volumes and networks. What cannot be removed is named. */
  async removeRunning(): Promise<string[]> {
    if (!this.#hasRunning) return [];
    const filter = ['--quiet', '--filter', `label=${this.label}`];
    const remove = ['container', 'rm', '--force', '--volumes'];
    const left = [
      ...(await this.#removeListed(['container', 'ls', '--all', ...filter], remove)),
      ...(await this.#removeListed(['volume', 'ls', ...filter], ['volume', 'rm', '--force'])),
      ...(await this.#removeListed(['network', 'ls', ...filter], ['network', 'rm'])),
    ];
    this.#hasRunning = left.length > 0;
    return left;
  }

  /**
   * Removes everything. What cannot be removed is named, one line each; never throws. `isInterrupted`: a call was ended,
   * and the engine may finish what it was asked for after its command line is gone.
   */
  async removeAll(isInterrupted: boolean): Promise<string[]> {
    let left = await this.#removeMade();
    const filter = ['--quiet', '--filter', `label=${this.label}`];
    for (let times = 0; isInterrupted && times < moreTimes; times++) {
      await sleep(pause);
      this.#hasRunning = true;
      left = await this.#removeMade();
      // a build that was ended may leave its image without the tag
      left.push(...(await this.#removeListed(['image', 'ls', ...filter], removeImage)));
    }
    if (this.#folder !== undefined) {
      const folder = await this.#folder.catch(() => undefined);
      if (folder !== undefined)
        await rm(folder, { recursive: true, force: true }).catch(() => left.push(`${folder} was not removed`));
    }
    return left;
  }

  async #removeMade(): Promise<string[]> {
    const left = await this.removeRunning();
    for (const image of this.#images) left.push(...(await this.#remove(removeImage, image)));
    return left;
  }

  async #removeListed(list: readonly string[], remove: readonly string[]): Promise<string[]> {
    try {
      const ids = (await this.#docker.ask(list)).split('\n').filter((id) => /^[\w.-]+$/.test(id));
      const left: string[] = [];
      for (const id of ids) left.push(...(await this.#remove(remove, id)));
      return left;
    } catch (error) {
      return [`what carries the label ${this.label} was not removed: ${(error as Error).message}`];
    }
  }

  async #remove(command: readonly string[], name: string): Promise<string[]> {
    try {
      const { code, stderr } = await this.#docker.call([...command, name]);
      if (code === 0 || /no such|not found|not known/i.test(stderr)) return [];
      return [`${name} was not removed: ${stderr.trim().split('\n').at(-1)?.slice(0, 300)}`];
    } catch (error) {
      return [`${name} was not removed: ${(error as Error).message}`];
    }
  }
}

function slug(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}
