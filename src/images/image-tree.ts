import { ImageRefused } from './image-refused.ts';
import type { FileFacts } from './layers/file-facts.ts';

interface Owned {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** index of the layer that brought it */
  readonly layer: number;
}

export interface RegularFile extends Owned {
  readonly kind: 'file';
  readonly size: number;
  readonly facts: FileFacts;
}

export interface Directory {
  readonly kind: 'directory';
  mode: number;
  uid: number;
  gid: number;
  layer: number;
  readonly children: Map<string, Entry>;
  /** the last layer that hid what was in it before */
  emptiedBy?: number;
}

export interface SymbolicLink extends Owned {
  readonly kind: 'link';
  readonly target: string;
}

/** A device or a pipe. */
export interface Special extends Owned {
  readonly kind: 'special';
}

export type Entry = RegularFile | Directory | SymbolicLink | Special;

/** Where a path leads; `path` is the real one, without links. */
export interface Found {
  readonly path: string;
  readonly entry: Exclude<Entry, SymbolicLink>;
  /** the directories on the way, each of which must let the user through */
  readonly way: readonly Directory[];
}

export interface Placed {
  readonly path: string;
  readonly entry: Entry;
}

/** Links that the kernel follows for one path (MAXSYMLINKS). */
const mostLinks = 40;
/** Components that are walked for one path, those of links included. */
const mostSteps = 20_000;

export function newDirectory(layer: number): Directory {
  return { kind: 'directory', mode: 0o755, uid: 0, gid: 0, layer, children: new Map() };
}

/** The components of a path without `.` and empty ones. */
export function components(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}

/** The files of an image as a container sees them: every layer applied, every link resolved inside the root. */
export class ImageTree {
  readonly root: Directory = newDirectory(0);
  private readonly mostSteps: number;
  private readonly implied: () => void;
  private steps = 0;
  private placed: readonly Placed[] | undefined;

  /** `mostSteps`: folders that all paths together may lead through; `implied` hears of each folder that only a path names. */
  constructor(mostSteps: number, implied: () => void) {
    this.mostSteps = mostSteps;
    this.implied = implied;
  }

  /** Follows a path, links included; undefined where it leads nowhere. A link that leaves the root ends at the root. */
  find(path: string, from = '/'): Found | undefined {
    const absolute = path.startsWith('/') ? path : `${from}/${path}`;
    const pending = components(absolute).reverse();
    const way: { name: string; directory: Directory }[] = [{ name: '', directory: this.root }];
    let links = 0;
    for (let steps = 0; pending.length > 0; steps++) {
      if (steps > mostSteps) return undefined;
      this.step();
      const name = pending.pop()!;
      if (name === '..') {
        if (way.length > 1) way.pop();
        continue;
      }
      const entry = way.at(-1)!.directory.children.get(name);
      if (entry === undefined) return undefined;
      if (entry.kind === 'link') {
        if (++links > mostLinks) return undefined;
        if (entry.target.startsWith('/')) way.length = 1;
        pending.push(...components(entry.target).reverse());
      } else if (entry.kind === 'directory') {
        way.push({ name, directory: entry });
      } else {
        if (pending.length > 0) return undefined;
        return { path: pathOf(way, name), entry, way: way.map(({ directory }) => directory) };
      }
    }
    const last = way.at(-1)!;
    return {
      path: pathOf(way.slice(0, -1), last.name),
      entry: last.directory,
      way: way.slice(0, -1).map(({ directory }) => directory),
    };
  }

  /** The regular file behind a path. */
  file(path: string, from = '/'): (Found & { readonly entry: RegularFile }) | undefined {
    const found = this.find(path, from);
    return found?.entry.kind === 'file' ? { ...found, entry: found.entry } : undefined;
  }

  directory(path: string, from = '/'): (Found & { readonly entry: Directory }) | undefined {
    const found = this.find(path, from);
    return found?.entry.kind === 'directory' ? { ...found, entry: found.entry } : undefined;
  }

  /** The text of a small file that was kept; undefined where there is none. */
  text(path: string): string | undefined {
    return this.file(path)?.entry.facts.content?.toString('utf8');
  }

  /** What a path names itself, its last component not followed. */
  entry(path: string): Entry | undefined {
    const names = components(path);
    const last = names.pop();
    if (last === undefined) return this.root;
    return this.directory(`/${names.join('/')}`)?.entry.children.get(last);
  }

  /** Everything in the image, parents first, names in order; to be asked for once every layer is applied. */
  all(): readonly Placed[] {
    this.placed ??= [...this.walk(this.root, '')];
    return this.placed;
  }

  /** The same below a directory that lies at a path. */
  *walk(start: Directory, at: string): Generator<Placed> {
    const pending = [{ path: at, directory: start }];
    while (pending.length > 0) {
      const { path, directory } = pending.pop()!;
      const inside: typeof pending = [];
      for (const name of [...directory.children.keys()].sort()) {
        const entry = directory.children.get(name)!;
        const here = `${path}/${name}`;
        yield { path: here, entry };
        if (entry.kind === 'directory') inside.push({ path: here, directory: entry });
      }
      pending.push(...inside.reverse());
    }
  }

  /**
   * The directory that a layer's entry goes into, made where no layer did. A link on the way is followed, as engines
   * follow it, inside the root.
   */
  parent(names: readonly string[], layer: number): Directory {
    let directory = this.root;
    let links = 0;
    for (let index = 0; index < names.length - 1; index++) {
      const name = names[index]!;
      let entry: Entry | undefined = directory.children.get(name);
      if (entry?.kind === 'link' && links++ < mostLinks)
        entry = this.directory(`/${names.slice(0, index + 1).join('/')}`)?.entry;
      if (entry?.kind !== 'directory') {
        this.implied();
        entry = newDirectory(layer);
        directory.children.set(name, entry);
      }
      entry.layer = layer;
      directory = entry;
    }
    return directory;
  }

  private step(): void {
    if (++this.steps > this.mostSteps)
      throw new ImageRefused('the paths and links of the image lead through more folders than are followed');
  }

  /** Removes what layers below brought (a whiteout); what the layer itself brought stays. */
  removeBelow(directory: Directory, name: string, layer: number): void {
    const entry = directory.children.get(name);
    if (entry === undefined) return;
    if (entry.kind === 'directory' && entry.layer === layer) this.emptyBelow(entry, layer);
    else if (entry.layer !== layer) directory.children.delete(name);
  }

  /** Removes everything in a directory that layers below brought (an opaque directory). */
  emptyBelow(directory: Directory, layer: number): void {
    const pending = [directory];
    while (pending.length > 0) {
      const hidden = pending.pop()!;
      // once is enough, and more would let a layer of markers cost the square of its size
      if (hidden.emptiedBy === layer) continue;
      hidden.emptiedBy = layer;
      for (const [name, entry] of hidden.children) {
        if (entry.layer !== layer) hidden.children.delete(name);
        else if (entry.kind === 'directory') pending.push(entry);
      }
    }
  }

  /** The file that a hard link names. */
  linked(path: readonly string[], description: string): Exclude<Entry, Directory> {
    const directory = this.directory(`/${path.slice(0, -1).join('/')}`)?.entry;
    const entry = directory?.children.get(path.at(-1) ?? '');
    if (entry === undefined || entry.kind === 'directory') {
      throw new ImageRefused(`${description} is a hard link to a file that is not in the image; build the image anew`);
    }
    return entry;
  }
}

function pathOf(way: readonly { readonly name: string }[], name: string): string {
  return [...way.map((step) => step.name), name].join('/') || '/';
}
