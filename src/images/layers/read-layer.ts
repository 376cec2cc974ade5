import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract, type Header } from 'tar-stream';
import { ImageRefused } from '../image-refused.ts';
import type { Directory, Entry, ImageTree } from '../image-tree.ts';
import { components, newDirectory } from '../image-tree.ts';
import { type Limits, longestName, longestPath } from '../limits.ts';
import { decompressor } from './decompress.ts';
import { type FileFacts, noFacts } from './file-facts.ts';
import { FileReader, type Kept } from './file-reader.ts';
import { sparseLayout } from './sparse.ts';
import { Verified } from './verified.ts';

/** What has been read of an image so far, against its limits. */
export class Budget {
  readonly limits: Limits;
  readonly kept: Kept = { bytes: 0 };
  entries = 0;
  unpackedBytes = 0;

  constructor(limits: Limits) {
    this.limits = limits;
  }

  entry(): void {
    if (++this.entries > this.limits.entries)
      throw new ImageRefused(`the image has more than ${this.limits.entries} entries`);
  }

  unpacked(bytes: number): void {
    this.unpackedBytes += bytes;
    if (this.unpackedBytes > this.limits.unpackedBytes) {
      throw new ImageRefused(`the image is larger than ${this.limits.unpackedBytes} bytes when unpacked`);
    }
  }
}

/** A layer as its image describes it. */
export interface LayerInput {
  /** for a person: `layer 3 of 5` */
  readonly name: string;
  open(): Promise<Readable>;
  /** of the bytes as they come */
  readonly digest: string | undefined;
  readonly size: number | undefined;
  /** of the unpacked bytes, verified where there is no digest */
  readonly diffId: string | undefined;
}

/** What a layer did. */
export interface LayerCounts {
  readonly unpackedBytes: number;
  readonly files: number;
  /** bytes of the regular files in it */
  readonly fileBytes: number;
  readonly removed: number;
  /** files with a secret that this layer takes away, though the layer below still holds them */
  readonly hiddenSecrets: readonly { readonly path: string; readonly kind: string; readonly layer: number }[];
}

/** Applies a layer to the tree, streaming. Throws ImageRefused for one that cannot be read or is not what it should be. */
export async function readLayer(
  input: LayerInput,
  tree: ImageTree,
  layer: number,
  budget: Budget,
): Promise<LayerCounts> {
  const applied = new LayerReader(tree, layer, budget, input.name);
  const source = await input.open();
  try {
    const stages = [];
    if (input.digest !== undefined) stages.push(new Verified(input.digest, input.name, input.size));
    const unpack = await decompressor(source);
    stages.push(unpack, counted(budget, applied));
    if (input.digest === undefined && input.diffId !== undefined) stages.push(new Verified(input.diffId, input.name));
    // @ts-expect-error the types know only a fixed number of stages
    await pipeline(source, ...stages, applied.tar());
    return applied;
  } catch (error) {
    if (error instanceof ImageRefused) throw error;
    throw new ImageRefused(`${input.name} cannot be read: ${(error as Error).message}`, { cause: error });
  } finally {
    source.destroy();
    applied.close();
  }
}

function counted(budget: Budget, counts: { unpackedBytes: number }): Transform {
  return new Transform({
    highWaterMark: 1 << 20,
    transform(chunk: Buffer, _encoding, done) {
      counts.unpackedBytes += chunk.length;
      try {
        budget.unpacked(chunk.length);
        done(null, chunk);
      } catch (error) {
        done(error as Error);
      }
    },
  });
}

const whiteout = '.wh.';
const opaque = '.wh..wh..opq';

class LayerReader implements LayerCounts {
  unpackedBytes = 0;
  files = 0;
  fileBytes = 0;
  removed = 0;
  readonly hiddenSecrets: { path: string; kind: string; layer: number }[] = [];
  private readonly tree: ImageTree;
  private readonly layer: number;
  private readonly budget: Budget;
  private readonly name: string;
  private reader: FileReader | undefined;

  constructor(tree: ImageTree, layer: number, budget: Budget, name: string) {
    this.tree = tree;
    this.layer = layer;
    this.budget = budget;
    this.name = name;
  }

  tar(): NodeJS.WritableStream {
    const tar = extract();
    // the pipeline tells what fails; an error that comes after its end must not end the process
    tar.on('error', () => {});
    tar.on('entry', (header, stream, next) => {
      stream.on('error', () => {});
      const finish = (error?: Error) => next(error);
      try {
        this.budget.entry();
        const layout = sparseLayout(header);
        const names = this.names(layout?.name ?? header.name);
        if (header.type === 'file' || header.type === 'contiguous-file') {
          if (this.isWhiteout(names)) this.hide(names);
          else {
            this.readFile(header, names, stream as unknown as Readable, layout?.size, finish);
            return;
          }
        } else this.enter(header, names);
        stream.on('end', () => finish());
        stream.resume();
      } catch (error) {
        finish(error as Error);
      }
    });
    return tar as unknown as NodeJS.WritableStream;
  }

  close(): void {
    this.reader?.close();
  }

  /** A path inside the root, as names. */
  private names(path: string): string[] {
    const names: string[] = [];
    if (path.length > longestPath) throw new ImageRefused(`${this.name} has a path of ${path.length} characters`);
    for (const name of components(path)) {
      if (name === '..') {
        if (names.pop() === undefined) {
          throw new ImageRefused(
            `${this.name} has an entry outside of the image: ${JSON.stringify(path)}; do not use this image`,
          );
        }
      } else if (name.length > longestName || name.includes('\0')) {
        throw new ImageRefused(
          `${this.name} has a name that no file system takes: ${JSON.stringify(name.slice(0, 80))}`,
        );
      } else names.push(name);
    }
    return names;
  }

  private isWhiteout(names: readonly string[]): boolean {
    return names.at(-1)?.startsWith(whiteout) === true;
  }

  /** Applies a whiteout: what the layers below have at that place is gone. */
  private hide(names: readonly string[]): void {
    const name = names.at(-1)!;
    const directory = this.tree.parent(names, this.layer);
    if (name === opaque) {
      this.removed++;
      this.tree.emptyBelow(directory, this.layer);
      return;
    }
    const hidden = name.slice(whiteout.length);
    // .wh..wh.plnk and its like are notes of the file system that invented whiteouts
    if (hidden === '' || hidden === '.' || hidden === '..' || hidden.startsWith(whiteout)) return;
    const entry = directory.children.get(hidden);
    if (entry === undefined || entry.layer === this.layer) return;
    this.removed++;
    this.noteSecrets(`/${[...names.slice(0, -1), hidden].join('/')}`, entry);
    this.tree.removeBelow(directory, hidden, this.layer);
  }

  private noteSecrets(path: string, entry: Entry): void {
    const inside = entry.kind === 'directory' ? this.tree.walk(entry, path) : [{ path, entry }];
    for (const { path: place, entry: one } of inside) {
      if (one.kind === 'file' && one.facts.secret !== undefined) {
        this.hiddenSecrets.push({ path: place, kind: one.facts.secret, layer: one.layer });
      }
    }
  }

  private enter(header: Header, names: readonly string[]): void {
    const owned = this.owned(header);
    switch (header.type) {
      case 'directory':
        this.enterDirectory(owned, names);
        return;
      case 'symlink':
        this.put(names, { kind: 'link', target: (header.linkname ?? '').slice(0, longestPath), ...owned });
        return;
      case 'link': {
        const target = this.names(header.linkname ?? '');
        this.put(names, this.tree.linked(target, `${this.name}: ${JSON.stringify(header.name)}`));
        return;
      }
      default:
        this.put(names, { kind: 'special', ...owned });
    }
  }

  private enterDirectory({ mode, uid, gid, layer }: ReturnType<LayerReader['owned']>, names: readonly string[]): void {
    const name = names.at(-1);
    const home = name === undefined ? undefined : this.tree.parent(names, this.layer);
    const known = name === undefined ? this.tree.root : home!.children.get(name);
    if (known?.kind === 'directory') Object.assign(known, { mode, uid, gid, layer });
    else home!.children.set(name!, Object.assign(newDirectory(layer), { mode, uid, gid }));
  }

  private put(names: readonly string[], entry: Exclude<Entry, Directory>): void {
    const name = names.at(-1);
    if (name === undefined) throw new ImageRefused(`${this.name} puts a file in the place of the root`);
    this.tree.parent(names, this.layer).children.set(name, entry);
  }

  private owned({ mode, uid, gid }: Header) {
    return { mode: (mode ?? 0o644) & 0o7777, uid: uid ?? 0, gid: gid ?? 0, layer: this.layer };
  }

  private readFile(
    header: Header,
    names: readonly string[],
    stream: Readable,
    realSize: number | undefined,
    finish: (error?: Error) => void,
  ): void {
    const size = header.size ?? 0;
    const done = (facts: FileFacts) => {
      this.files++;
      this.fileBytes += size;
      this.put(names, { kind: 'file', size: realSize ?? size, facts, ...this.owned(header) });
      finish();
    };
    if (size === 0 || realSize !== undefined) {
      stream.on('end', () => guarded(finish, () => done(realSize === undefined ? noFacts : { unread: true })));
      stream.resume();
      return;
    }
    const reader = new FileReader(names.join('/'), size, this.budget.limits, this.budget.kept);
    this.reader = reader;
    stream.on('data', (chunk: Buffer) => guarded(finish, () => reader.isOpen && reader.take(chunk)));
    stream.on('end', () => guarded(finish, () => done(reader.end())));
  }
}

/** What throws inside an event of a stream would end the process. */
function guarded(fail: (error: Error) => void, act: () => unknown): void {
  try {
    act();
  } catch (error) {
    fail(error as Error);
  }
}
