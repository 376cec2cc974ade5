import type { DefinedPath, Definition } from './definition.ts';
import { readTags, writeTags } from './tag-product.ts';

/**
 * The form in which the catalog ships: a header line, five tables of values that many definitions share, one line an
 * image. A line is parsed when somebody asks for what it holds, so that opening the snapshot costs no more than
 * finding its lines. All of it is ASCII (the rest is escaped), so that it may be decoded as the fastest encoding.
 */
export const FORMAT = 1;

/** First line of a snapshot. */
export interface SnapshotHeader {
  readonly format: number;
  /** day of the catalog's commit, `YYYY-MM-DD`, and the commit */
  readonly date: string;
  readonly commit: string;
  readonly images: number;
  readonly definitions: number;
  readonly tags: number;
  /** number of lines of each table, in the order in which they follow */
  readonly tables: readonly number[];
}

/** A definition as its image's line holds it: defaults left out, shared values by their line in a table. */
interface Row {
  /** file */
  f: string;
  /** tags */
  t: string;
  /** accounts: users, groups and the user that it starts as */
  u: number;
  /** packages, environment, paths */
  k: number;
  e: number;
  p: number;
  /** 1 for the dev variant */
  d?: 1;
  /** flavor */
  l?: string;
  /** platforms, where they are not the usual two */
  a?: readonly string[];
  w?: string;
  /** entrypoint, cmd, ports */
  x?: readonly string[];
  c?: readonly string[];
  o?: readonly string[];
  s?: string;
  /** shell, package managers */
  h?: string;
  m?: readonly string[];
  /** release, end of life */
  r?: string;
  z?: string;
}

type Accounts = Pick<Definition, 'user' | 'users' | 'groups'>;
type PathRow = readonly [type: string, path: string, uid: number, gid: number, mode?: string | null, source?: string];

const USUAL_PLATFORMS = ['linux/amd64', 'linux/arm64'];
const PATH_TYPES = { d: 'directory', s: 'symlink', f: 'file' } as const;

/** Writes the snapshot of a catalog; images and their definitions are sorted, so that equal catalogs give equal texts. */
export function writeSnapshot(
  definitions: readonly Definition[],
  origin: { readonly date: string; readonly commit: string },
): string {
  const accounts = new Table();
  const packages = new Table();
  const environments = new Table();
  const paths = new Table();
  const images = new Map<string, Row[]>();
  const sorted = [...definitions].sort((a, b) => order(a.image, b.image) || order(a.file, b.file));
  for (const definition of sorted) {
    const rows = images.get(definition.image) ?? [];
    images.set(definition.image, rows);
    const { user, users, groups } = definition;
    const usual = definition.platforms.join() === USUAL_PLATFORMS.join();
    rows.push({
      f: definition.file,
      t: writeTags(definition.tags),
      u: accounts.index(JSON.stringify({ user, users, groups })),
      k: packages.index(definition.packages.join(' ')),
      e: environments.index(JSON.stringify(definition.environment)),
      p: paths.index(JSON.stringify(definition.paths.map(pathRow))),
      ...(definition.variant === 'dev' && { d: 1 }),
      ...(definition.flavor !== undefined && { l: definition.flavor }),
      ...(!usual && { a: definition.platforms }),
      ...(definition.workdir !== undefined && { w: definition.workdir }),
      ...(definition.entrypoint !== undefined && { x: definition.entrypoint }),
      ...(definition.cmd !== undefined && { c: definition.cmd }),
      ...(definition.ports.length > 0 && { o: definition.ports }),
      ...(definition.stopSignal !== undefined && { s: definition.stopSignal }),
      ...(definition.shell !== undefined && { h: definition.shell }),
      ...(definition.packageManagers.length > 0 && { m: definition.packageManagers }),
      ...(definition.release !== undefined && { r: definition.release }),
      ...(definition.endOfLife !== undefined && { z: definition.endOfLife }),
    });
  }
  const tables = [accounts, packages, environments, paths].map((table) => table.lines);
  const header: SnapshotHeader = {
    format: FORMAT,
    date: origin.date,
    commit: origin.commit,
    images: images.size,
    definitions: definitions.length,
    tags: definitions.reduce((sum, definition) => sum + definition.tags.length, 0),
    tables: tables.map((lines) => lines.length),
  };
  const imageLines = [...images].map(([image, rows]) => `${image}\t${JSON.stringify(rows)}`);
  const text = `${[JSON.stringify(header), ...tables.flat(), ...imageLines].join('\n')}\n`;
  return text.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A snapshot with its lines found; the values are read on demand. */
export class Snapshot {
  readonly header: SnapshotHeader;
  /** image to its line; in the order of the alphabet */
  readonly #images = new Map<string, string>();
  readonly #lines: readonly string[];
  /** where each table begins */
  readonly #starts: readonly number[];
  readonly #values = new Map<number, unknown>();

  /** Throws on a text that `writeSnapshot` did not write whole: the caller chose the file, a user never sees inside. */
  constructor(text: string) {
    const lines = text.split('\n');
    const header = readHeader(lines[0]!);
    if (header === undefined) throw new Error('not a catalog snapshot of this version');
    const starts = [1];
    for (const length of header.tables) starts.push(starts.at(-1)! + length);
    const firstImage = starts.at(-1)!;
    if (lines.length !== firstImage + header.images + 1 || lines.at(-1) !== '') {
      throw new Error('the catalog snapshot is not complete');
    }
    for (let i = firstImage; i < lines.length - 1; i++) {
      const line = lines[i]!;
      this.#images.set(line.slice(0, line.indexOf('\t')), line);
    }
    this.header = header;
    this.#lines = lines;
    this.#starts = starts;
  }

  get images(): IterableIterator<string> {
    return this.#images.keys();
  }

  has(image: string): boolean {
    return this.#images.has(image);
  }

  /** Reads the definitions of an image; none for one that the catalog lacks. */
  definitions(image: string): Definition[] {
    const line = this.#images.get(image);
    if (line === undefined) return [];
    const rows = JSON.parse(line.slice(image.length + 1)) as Row[];
    return rows.map((row) => ({
      image,
      file: row.f,
      variant: row.d === 1 ? 'dev' : 'runtime',
      flavor: row.l,
      distribution: row.f.slice(0, row.f.indexOf('/')),
      tags: readTags(row.t),
      platforms: row.a ?? USUAL_PLATFORMS,
      ...this.#value(0, row.u, (text) => JSON.parse(text) as Accounts),
      workdir: row.w,
      environment: this.#value(2, row.e, (text) => JSON.parse(text) as Record<string, string>),
      entrypoint: row.x,
      cmd: row.c,
      ports: row.o ?? [],
      stopSignal: row.s,
      shell: row.h,
      packageManagers: row.m ?? [],
      packages: this.#value(1, row.k, (text) => (text === '' ? [] : text.split(' '))),
      paths: this.#value(3, row.p, (text) => (JSON.parse(text) as PathRow[]).map(definedPath)),
      release: row.r,
      endOfLife: row.z,
    }));
  }

  /** A value of a table, read once and shared. */
  #value<T>(table: number, index: number, read: (text: string) => T): T {
    const line = this.#starts[table]! + index;
    let value = this.#values.get(line) as T | undefined;
    if (value === undefined) {
      value = read(this.#lines[line]!);
      this.#values.set(line, value);
    }
    return value;
  }
}

/** Reads the header line of a snapshot; undefined where it is none of this version. */
export function readHeader(line: string): SnapshotHeader | undefined {
  try {
    const header = JSON.parse(line) as SnapshotHeader;
    return header.format === FORMAT && header.tables.length === 4 ? header : undefined;
  } catch {
    return undefined;
  }
}

class Table {
  readonly lines: string[] = [];
  readonly #indexes = new Map<string, number>();

  /** The line that holds a text, appended if it is new. */
  index(text: string): number {
    let index = this.#indexes.get(text);
    if (index === undefined) {
      index = this.lines.push(text) - 1;
      this.#indexes.set(text, index);
    }
    return index;
  }
}

function pathRow(path: DefinedPath): PathRow {
  const short = path.type[0]!;
  if (path.source !== undefined) return [short, path.path, path.uid, path.gid, path.mode ?? null, path.source];
  return path.mode === undefined
    ? [short, path.path, path.uid, path.gid]
    : [short, path.path, path.uid, path.gid, path.mode];
}

function definedPath([short, path, uid, gid, mode, source]: PathRow): DefinedPath {
  return { type: PATH_TYPES[short as keyof typeof PATH_TYPES], path, uid, gid, mode: mode ?? undefined, source };
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
