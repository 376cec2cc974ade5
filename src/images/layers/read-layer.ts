import { ImageRefused } from '../image-refused.ts';
import type { Directory, Entry, ImageTree } from '../image-tree.ts';
import { components, newDirectory } from '../image-tree.ts';
import { type Limits, longestName, longestPath } from '../limits.ts';
import { type Pieces, unpackPieces } from './decompress.ts';
import { type FileFacts, noFacts } from './file-facts.ts';
import { FileReader, type Kept } from './file-reader.ts';
import { Scratch } from './scratch.ts';
import { type TarContent, type TarMember, TarReader } from './tar-reader.ts';
import { Verifier } from './verified.ts';

/** What has been read of an image so far, against its limits. */
export class Budget {
  readonly limits: Limits;
  readonly kept: Kept = { bytes: 0 };
  readonly scratch = new Scratch();
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
  open(): Promise<Pieces>;
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
  tell: (unpackedBytes: number) => void = () => {},
): Promise<LayerCounts> {
  const applied = new LayerReader(tree, layer, budget, input.name);
  const { digest, diffId, name } = input;
  const packed = digest === undefined ? undefined : new Verifier(digest, name, input.size);
  const unpacked = digest === undefined && diffId !== undefined ? new Verifier(diffId, name) : undefined;
  const tar = new TarReader((member) => applied.member(member));
  try {
    await unpackPieces(noted(await input.open(), packed), (piece) => {
      applied.unpackedBytes += piece.length;
      budget.unpacked(piece.length);
      tell(applied.unpackedBytes);
      unpacked?.take(piece);
      tar.push(piece);
    });
    packed?.end();
    unpacked?.end();
    tar.end();
    return applied;
  } catch (error) {
    if (error instanceof ImageRefused) throw error;
    throw new ImageRefused(`${name} cannot be read: ${(error as Error).message}`, { cause: error });
  } finally {
    applied.close();
  }
}

async function* noted(pieces: Pieces, verifier: Verifier | undefined): Pieces {
  for await (const piece of pieces) {
    verifier?.take(piece);
    yield piece;
  }
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

  /** Takes in a member of the archive; answers with who reads its content. */
  member(member: TarMember): TarContent | undefined {
    this.budget.entry();
    const names = this.names(member.name);
    if (member.type !== 'file') this.enter(member, names);
    else if (this.isWhiteout(names)) this.hide(names);
    else return this.file(member, names);
    return undefined;
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

  private enter(member: TarMember, names: readonly string[]): void {
    const owned = this.owned(member);
    switch (member.type) {
      case 'directory':
        this.enterDirectory(owned, names);
        return;
      case 'symbolic-link':
        this.put(names, { kind: 'link', target: member.linkName.slice(0, longestPath), ...owned });
        return;
      case 'hard-link': {
        const target = this.names(member.linkName);
        this.put(names, this.tree.linked(target, `${this.name}: ${JSON.stringify(member.name)}`));
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

  private owned({ mode, uid, gid }: TarMember) {
    return { mode: mode & 0o7777, uid, gid, layer: this.layer };
  }

  private file(member: TarMember, names: readonly string[]): TarContent | undefined {
    const { size, sparseSize } = member;
    const done = (facts: FileFacts) => {
      this.files++;
      this.fileBytes += size;
      this.put(names, { kind: 'file', size: sparseSize ?? size, facts, ...this.owned(member) });
    };
    if (size === 0 || sparseSize !== undefined) {
      done(sparseSize === undefined ? noFacts : { unread: true });
      return undefined;
    }
    const { limits, kept, scratch } = this.budget;
    const reader = new FileReader(names.join('/'), size, limits, kept, scratch);
    this.reader = reader;
    return {
      take: (piece, start, end) => reader.isOpen && reader.take(piece, start, end),
      end: () => done(reader.end()),
    };
  }
}
