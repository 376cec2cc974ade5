/** Bytes of a header, and what contents are filled up to. */
export const blockBytes = 512;

/** A header block of an archive, before the records that stand in front of it are heeded. Layout: POSIX ustar and GNU tar. */
export interface TarHeader {
  readonly name: string;
  readonly linkName: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** the type flag, as it stands there */
  readonly flag: string;
  /** of a sparse file in GNU's old format: its size with holes, and whether more blocks of its map follow */
  readonly sparse: { readonly size: number; readonly isContinued: boolean } | undefined;
}

/** Reads the header that begins at `base`; undefined for a block of zeros, which ends an archive. Throws for what is none. */
export function readTarHeader(bytes: Buffer, base: number): TarHeader | undefined {
  let unsigned = 8 * 0x20;
  let signed = unsigned;
  let isZero = true;
  for (let at = 0; at < blockBytes; at++) {
    const byte = bytes[base + at]!;
    if (byte !== 0) isZero = false;
    if (at >= 148 && at < 156) continue;
    unsigned += byte;
    signed += byte < 128 ? byte : byte - 256;
  }
  if (isZero) return undefined;
  const sum = octal(bytes, base + 148, 8);
  // some old writers added bytes up as signed ones
  if (sum !== unsigned && sum !== signed) throw new Error('a header is damaged, or this is no archive');
  // `ustar` with a zero byte; GNU tar has a space there, and other fields in the place of the prefix
  const isPosix = bytes[base + 257] === 0x75 && bytes[base + 262] === 0;
  const prefix = isPosix ? text(bytes, base + 345, 155) : '';
  const name = text(bytes, base, 100);
  const flag = String.fromCharCode(bytes[base + 156]!);
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    linkName: text(bytes, base + 157, 100),
    mode: number(bytes, base + 100, 8),
    uid: number(bytes, base + 108, 8),
    gid: number(bytes, base + 116, 8),
    size: number(bytes, base + 124, 12),
    flag,
    sparse: flag === 'S' ? { size: number(bytes, base + 483, 12), isContinued: bytes[base + 482] !== 0 } : undefined,
  };
}

/** True where one more block of a sparse file's map follows the one at `base`. */
export function continuesSparseMap(bytes: Buffer, base: number): boolean {
  return bytes[base + 504] !== 0;
}

/** The records of an extended header: `LENGTH NAME=VALUE` and a line feed each. Throws for what is none. */
export function readPaxRecords(bytes: Buffer): Map<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const length = bytes.toString('latin1', at, Math.min(space, at + 10));
    const end = /^\d+$/.test(length) ? at + Number(length) : Number.NaN;
    const equals = bytes.indexOf(0x3d, space);
    if (!(equals !== -1 && equals < end - 1 && end <= bytes.length && bytes[end - 1] === 0x0a))
      throw new Error('an extended header is damaged');
    records.set(bytes.toString('utf8', space + 1, equals), bytes.toString('utf8', equals + 1, end - 1));
    at = end;
  }
  return records;
}

/** A text up to the first zero byte. */
export function text(bytes: Buffer, start: number, length: number): string {
  let end = start;
  while (end < start + length && bytes[end] !== 0) end++;
  return bytes.toString('utf8', start, end);
}

/** A number as octal digits, or as bytes behind one with the highest bit (GNU, for what is too large). */
function number(bytes: Buffer, start: number, length: number): number {
  const first = bytes[start]!;
  if ((first & 0x80) === 0) {
    const value = octal(bytes, start, length);
    if (Number.isNaN(value)) throw new Error('a header has a number that is none');
    return value;
  }
  if (first === 0xff) throw new Error('a header has a negative number');
  let value = first & 0x7f;
  for (let at = start + 1; at < start + length; at++) value = value * 256 + bytes[at]!;
  if (!Number.isSafeInteger(value)) throw new Error('a header has a number that is too large');
  return value;
}

/** Octal digits among spaces and zero bytes; 0 where there are none, NaN where there is something else. */
function octal(bytes: Buffer, start: number, length: number): number {
  let at = start;
  const end = start + length;
  while (at < end && bytes[at] === 0x20) at++;
  let value = 0;
  for (; at < end && bytes[at] !== 0 && bytes[at] !== 0x20; at++) {
    const digit = bytes[at]! - 0x30;
    if (digit < 0 || digit > 7) return Number.NaN;
    value = value * 8 + digit;
  }
  return value;
}
