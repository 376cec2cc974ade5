/** A binary as the kernel and the loader see it. Layout: System V ABI; versions: the GNU extension of it. */
export interface ElfFile {
  /** `e_machine`: 62 is x86-64, 183 AArch64 */
  readonly machine: number;
  readonly bits: 32 | 64;
  readonly littleEndian: boolean;
  /** has a start address or an interpreter: something to execute, not only to load */
  readonly program: boolean;
  /** PT_INTERP: the loader that the kernel starts */
  readonly interpreter: string | undefined;
  readonly needed: readonly string[];
  readonly soname: string | undefined;
  /** DT_RPATH, which counts only where there is no DT_RUNPATH */
  readonly rpath: string | undefined;
  readonly runpath: string | undefined;
  /** DF_1_NODEFLIB: neither the loader's cache nor its own directories are searched */
  readonly noDefaultPaths: boolean;
  /** versions that it needs of its libraries, weak ones left out */
  readonly versionsNeeded: ReadonlyMap<string, readonly string[]>;
  readonly versionsDefined: readonly string[];
}

/** Bytes of a file at an offset: fewer where the file ends. */
export type ReadBytes = (offset: number, length: number) => Buffer;

const sharedObject = 3;
const executable = 2;
const segment = { load: 1, dynamic: 2, interpreter: 3 };
const tag = {
  needed: 1,
  stringTable: 5,
  soname: 14,
  rpath: 15,
  runpath: 29,
  flags1: 0x6ffffffb,
  versionDefinitions: 0x6ffffffc,
  versionDefinitionCount: 0x6ffffffd,
  versionsNeeded: 0x6ffffffe,
  versionsNeededCount: 0x6fffffff,
};
const noDefaultLibraries = 0x800;
const positionIndependentExecutable = 0x08000000;
const weak = 0x2;
const most = { segments: 512, dynamicBytes: 1 << 16, needed: 4096, versions: 2048, text: 4096 };

const windowBytes = 1024;
const nothing: Buffer = Buffer.alloc(0);

/** Reads numbers and texts of one ELF file. */
class Reader {
  readonly littleEndian: boolean;
  readonly bits: 32 | 64;
  private readonly bytes: ReadBytes;
  private window: Buffer = nothing;
  private windowAt = 0;

  constructor(bytes: ReadBytes, littleEndian: boolean, bits: 32 | 64) {
    this.bytes = bytes;
    this.littleEndian = littleEndian;
    this.bits = bits;
  }

  number(offset: number, size: 2 | 4 | 8): number {
    // numbers stand close together
    if (!(offset >= this.windowAt && offset + size <= this.windowAt + this.window.length)) {
      this.window = this.bytes(offset, windowBytes);
      this.windowAt = offset;
      if (this.window.length < size) {
        this.window = nothing;
        this.windowAt = 0;
        return 0;
      }
    }
    const at = offset - this.windowAt;
    if (size === 8) {
      const [low, high] = this.littleEndian ? [at, at + 4] : [at + 4, at];
      return this.part(high) * 2 ** 32 + this.part(low);
    }
    return this.littleEndian ? this.window.readUIntLE(at, size) : this.window.readUIntBE(at, size);
  }

  private part(at: number): number {
    return this.littleEndian ? this.window.readUInt32LE(at) : this.window.readUInt32BE(at);
  }

  /** a field whose place and size depend on the class of the file */
  field(base: number, offset32: number, offset64: number): number {
    return this.bits === 64 ? this.number(base + offset64, 8) : this.number(base + offset32, 4);
  }

  text(offset: number): string {
    const bytes = this.bytes(offset, most.text);
    const end = bytes.indexOf(0);
    return bytes.toString('utf8', 0, end === -1 ? bytes.length : end);
  }
}

/** How much of an ELF file must be at hand to read it: its head alone where it is linked statically or is no program. */
export function elfExtent(head: Buffer): 'none' | 'head' | 'whole' {
  const bytes: ReadBytes = (offset, length) => head.subarray(offset, offset + length);
  const reader = readerFor(bytes);
  if (reader === undefined) return 'none';
  const end = reader.field(0, 28, 32) + reader.number(reader.bits === 64 ? 56 : 44, 2) * 56;
  if (end > head.length) return 'whole';
  const segments = readSegments(reader);
  return segments.some(({ kind }) => kind === segment.dynamic || kind === segment.interpreter) ? 'whole' : 'head';
}

function readerFor(bytes: ReadBytes): Reader | undefined {
  const head = bytes(0, 20);
  if (head.length < 20 || head.readUInt32BE(0) !== 0x7f454c46) return undefined;
  const [, , , , bitsByte, orderByte] = head;
  if ((bitsByte !== 1 && bitsByte !== 2) || (orderByte !== 1 && orderByte !== 2)) return undefined;
  const reader = new Reader(bytes, orderByte === 1, bitsByte === 2 ? 64 : 32);
  const type = reader.number(16, 2);
  return type === sharedObject || type === executable ? reader : undefined;
}

/** Reads what an ELF file needs to run; undefined for everything else, object files and core dumps included. */
export function readElf(bytes: ReadBytes): ElfFile | undefined {
  const reader = readerFor(bytes);
  if (reader === undefined) return undefined;
  const segments = readSegments(reader);
  const dynamic = segments.find(({ kind }) => kind === segment.dynamic);
  const entries = dynamic === undefined ? [] : readDynamic(reader, dynamic.offset, dynamic.size);
  const value = (wanted: number) => entries.find((entry) => entry.tag === wanted)?.value;
  const place = (address: number | undefined) => (address === undefined ? undefined : fileOffset(segments, address));
  const strings = place(value(tag.stringTable));
  const text = (offset: number | undefined) =>
    strings === undefined || offset === undefined ? undefined : reader.text(strings + offset);

  const interpreter = segments.find(({ kind }) => kind === segment.interpreter);
  const flags = value(tag.flags1) ?? 0;
  const needs = place(value(tag.versionsNeeded));
  const defines = place(value(tag.versionDefinitions));
  return {
    machine: reader.number(18, 2),
    bits: reader.bits,
    littleEndian: reader.littleEndian,
    program:
      reader.number(16, 2) === executable || interpreter !== undefined || (flags & positionIndependentExecutable) !== 0,
    interpreter: interpreter && reader.text(interpreter.offset),
    needed: entries
      .filter((entry) => entry.tag === tag.needed)
      .slice(0, most.needed)
      .flatMap((entry) => text(entry.value) ?? []),
    soname: text(value(tag.soname)),
    rpath: text(value(tag.rpath)),
    runpath: text(value(tag.runpath)),
    noDefaultPaths: (flags & noDefaultLibraries) !== 0,
    versionsNeeded:
      needs === undefined ? new Map() : readVersionsNeeded(reader, needs, value(tag.versionsNeededCount) ?? 0, text),
    versionsDefined:
      defines === undefined ? [] : readVersionsDefined(reader, defines, value(tag.versionDefinitionCount) ?? 0, text),
  };
}

interface Segment {
  readonly kind: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

function readSegments(reader: Reader): Segment[] {
  const table = reader.field(0, 28, 32);
  const wide = reader.bits === 64;
  const size = reader.number(wide ? 54 : 42, 2);
  const count = Math.min(reader.number(wide ? 56 : 44, 2), most.segments);
  return Array.from({ length: count }, (_, index) => {
    const base = table + index * size;
    return {
      kind: reader.number(base, 4),
      offset: reader.field(base, 4, 8),
      address: reader.field(base, 8, 16),
      size: reader.field(base, 16, 32),
    };
  });
}

function readDynamic(reader: Reader, offset: number, size: number): { tag: number; value: number }[] {
  const step = reader.bits / 4;
  const entries: { tag: number; value: number }[] = [];
  for (let at = 0; at + step <= Math.min(size, most.dynamicBytes); at += step) {
    const entry = { tag: reader.field(offset + at, 0, 0), value: reader.field(offset + at, 4, 8) };
    if (entry.tag === 0) break;
    entries.push(entry);
  }
  return entries;
}

/** Where in the file the byte of an address lies. */
function fileOffset(segments: readonly Segment[], address: number): number | undefined {
  const home = segments.find(
    (one) => one.kind === segment.load && address >= one.address && address < one.address + one.size,
  );
  return home && address - home.address + home.offset;
}

type TextAt = (offset: number | undefined) => string | undefined;

function readVersionsNeeded(reader: Reader, table: number, count: number, text: TextAt): Map<string, string[]> {
  const versions = new Map<string, string[]>();
  let left = most.versions;
  let base = table;
  for (let file = 0; file < count && left > 0; file++) {
    const library = text(reader.number(base + 4, 4));
    const names: string[] = [];
    let entry = base + reader.number(base + 8, 4);
    for (let index = reader.number(base + 2, 2); index > 0 && left > 0; index--, left--) {
      const name = text(reader.number(entry + 8, 4));
      if (name && (reader.number(entry + 4, 2) & weak) === 0) names.push(name);
      entry += reader.number(entry + 12, 4);
    }
    if (library && names.length > 0) versions.set(library, names);
    const next = reader.number(base + 12, 4);
    if (next === 0) break;
    base += next;
  }
  return versions;
}

function readVersionsDefined(reader: Reader, table: number, count: number, text: TextAt): string[] {
  const names: string[] = [];
  let base = table;
  for (let index = 0; index < Math.min(count, most.versions); index++) {
    const name = text(reader.number(base + reader.number(base + 12, 4), 4));
    if (name) names.push(name);
    const next = reader.number(base + 16, 4);
    if (next === 0) break;
    base += next;
  }
  return names;
}
