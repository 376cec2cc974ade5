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

/** Reads a header; undefined for a block of zeros, which ends an archive. Throws for what is none. */
export function readTarHeader(block: Buffer): TarHeader | undefined {
  let unsigned = 8 * 0x20;
  let signed = unsigned;
  let isZero = true;
  for (let at = 0; at < blockBytes; at++) {
    const byte = block[at]!;
    if (byte !== 0) isZero = false;
    if (at >= 148 && at < 156) continue;
    unsigned += byte;
    signed += byte < 128 ? byte : byte - 256;
  }
  if (isZero) return undefined;
  const sum = octal(block, 148, 8);
  // some old writers added bytes up as signed ones
  if (sum !== unsigned && sum !== signed) throw new Error('a header is damaged, or this is no archive');
  const magic = block.toString('latin1', 257, 263);
  const prefix = magic === 'ustar\0' ? text(block, 345, 155) : '';
  const name = text(block, 0, 100);
  const flag = String.fromCharCode(block[156]!);
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    linkName: text(block, 157, 100),
    mode: number(block, 100, 8),
    uid: number(block, 108, 8),
    gid: number(block, 116, 8),
    size: number(block, 124, 12),
    flag,
    sparse: flag === 'S' ? { size: number(block, 483, 12), isContinued: block[482] !== 0 } : undefined,
  };
}

/** True where one more block of a sparse file's map follows this one. */
export function continuesSparseMap(block: Buffer): boolean {
  return block[504] !== 0;
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
export function text(block: Buffer, start: number, length: number): string {
  let end = start;
  while (end < start + length && block[end] !== 0) end++;
  return block.toString('utf8', start, end);
}

/** A number as octal digits, or as bytes behind one with the highest bit (GNU, for what is too large). */
function number(block: Buffer, start: number, length: number): number {
  const first = block[start]!;
  if ((first & 0x80) === 0) {
    const value = octal(block, start, length);
    if (Number.isNaN(value)) throw new Error('a header has a number that is none');
    return value;
  }
  if (first === 0xff) throw new Error('a header has a negative number');
  let value = first & 0x7f;
  for (let at = start + 1; at < start + length; at++) value = value * 256 + block[at]!;
  if (!Number.isSafeInteger(value)) throw new Error('a header has a number that is too large');
  return value;
}

/** Octal digits among spaces and zero bytes; 0 where there are none, NaN where there is something else. */
function octal(block: Buffer, start: number, length: number): number {
  let at = start;
  const end = start + length;
  while (at < end && block[at] === 0x20) at++;
  let value = 0;
  for (; at < end && block[at] !== 0 && block[at] !== 0x20; at++) {
    const digit = block[at]! - 0x30;
    if (digit < 0 || digit > 7) return Number.NaN;
    value = value * 8 + digit;
  }
  return value;
}
