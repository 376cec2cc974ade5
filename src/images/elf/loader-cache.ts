/** The libraries that an `ld.so.cache` names: paths by library name, in its order. */
export type LoaderCache = ReadonlyMap<string, readonly string[]>;

const oldMagic = 'ld.so-1.7.0\0';
const magic = 'glibc-ld.so.cache1.1';
const headerBytes = 48;
const entryBytes = 24;
const oldEntryBytes = 12;
const mostEntries = 200_000;
/** The last two bits of the header's flags byte: 3 means big endian (0: not said, 2: little). */
const bigEndian = 3;

/** Reads a glibc cache (the format since 2.2, also behind the old one); empty where it is none. Layout: glibc's dl-cache.h. */
export function readLoaderCache(bytes: Buffer): LoaderCache {
  const paths = new Map<string, string[]>();
  const start = startOf(bytes);
  if (start === undefined || bytes.length < start + headerBytes) return paths;
  const big = (bytes[start + 28]! & 3) === bigEndian;
  const number = (at: number) => (big ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at));
  const count = Math.min(number(start + 20), mostEntries);
  for (let index = 0; index < count; index++) {
    const at = start + headerBytes + index * entryBytes;
    if (at + entryBytes > bytes.length) break;
    const name = text(bytes, start + number(at + 4));
    const path = text(bytes, start + number(at + 8));
    if (name === '' || path === '') continue;
    const known = paths.get(name);
    if (known === undefined) paths.set(name, [path]);
    else if (!known.includes(path) && known.length < 16) known.push(path);
  }
  return paths;
}

function startOf(bytes: Buffer): number | undefined {
  if (bytes.toString('latin1', 0, magic.length) === magic) return 0;
  if (bytes.toString('latin1', 0, oldMagic.length) !== oldMagic || bytes.length < 16) return undefined;
  const end = 16 + bytes.readUInt32LE(12) * oldEntryBytes;
  const start = Math.ceil(end / 8) * 8;
  return bytes.toString('latin1', start, start + magic.length) === magic ? start : undefined;
}

function text(bytes: Buffer, at: number): string {
  if (at < 0 || at >= bytes.length) return '';
  const end = bytes.indexOf(0, at);
  const text = bytes.toString('utf8', at, Math.min(end === -1 ? bytes.length : end, at + 4096));
  return text;
}
