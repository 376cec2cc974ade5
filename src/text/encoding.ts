/*
 * Files are bytes, the rest of the program works on strings. A byte that is not part of valid UTF-8 becomes the lone
 * surrogate U+DC00 + byte, which no valid text holds, so that every file can be written back as it came.
 */

export interface DecodedText {
  readonly text: string;
  /** true if some bytes were not UTF-8 */
  readonly invalid: boolean;
}

const FIRST_ESCAPED = 0xdc80;
const LAST_ESCAPED = 0xdcff;

/** Decodes a file. A byte order mark stays in the text as U+FEFF. */
export function decode(bytes: Uint8Array): DecodedText {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), invalid: false };
  } catch {
    return { text: decodeWithEscapes(bytes), invalid: true };
  }
}

/** The bytes of a text; gives back exactly what `decode` was given. Lone surrogates that it never makes become U+FFFD. */
export function encode(text: string): Uint8Array {
  const encoder = new TextEncoder();
  if (!/[\uDC80-\uDCFF]/u.test(text)) return encoder.encode(text);
  const out = new Uint8Array(text.length * 3);
  let length = 0;
  let at = 0;
  while (at < text.length) {
    let end = at;
    while (end < text.length && !isEscapedByte(text, end)) end++;
    if (end > at) length += encoder.encodeInto(text.slice(at, end), out.subarray(length)).written;
    for (; end < text.length && isEscapedByte(text, end); end++) out[length++] = text.charCodeAt(end) - 0xdc00;
    at = end;
  }
  return out.slice(0, length);
}

/** How many bytes `encode` makes of `text.slice(start, end)`. */
export function encodedLength(text: string, start: number, end: number): number {
  let length = 0;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) length += 1;
    else if (code < 0x800) length += 2;
    else if (code >= 0xd800 && code < 0xdc00 && i + 1 < end && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      length += 4;
      i++;
    } else if (code >= FIRST_ESCAPED && code <= LAST_ESCAPED) length += 1;
    else length += 3;
  }
  return length;
}

/** The text with every lone surrogate replaced by U+FFFD, for output that must be valid Unicode. */
export function replaceInvalid(text: string): string {
  return text.replace(/[\uD800-\uDFFF]/gu, '\ufffd');
}

function isEscapedByte(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code < FIRST_ESCAPED || code > LAST_ESCAPED) return false;
  return at === 0 || (text.charCodeAt(at - 1) & 0xfc00) !== 0xd800;
}

function decodeWithEscapes(bytes: Uint8Array): string {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const parts: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    let end = at;
    for (let width = sequenceWidth(bytes, end); width > 0; width = sequenceWidth(bytes, end)) end += width;
    if (end > at) parts.push(decoder.decode(bytes.subarray(at, end)));
    let escaped = '';
    for (; end < bytes.length && sequenceWidth(bytes, end) === 0; end++) {
      escaped += String.fromCharCode(0xdc00 + bytes[end]!);
    }
    parts.push(escaped);
    at = end;
  }
  return parts.join('');
}

/** Bytes of the valid UTF-8 sequence at `at`; 0 if there is none. */
function sequenceWidth(bytes: Uint8Array, at: number): number {
  const lead = bytes[at];
  if (lead === undefined) return 0;
  if (lead < 0x80) return 1;
  const second = bytes[at + 1] ?? 0;
  if (lead >= 0xc2 && lead <= 0xdf) return isContinuation(second) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    const low = lead === 0xe0 ? 0xa0 : 0x80;
    const high = lead === 0xed ? 0x9f : 0xbf;
    return second >= low && second <= high && isContinuation(bytes[at + 2] ?? 0) ? 3 : 0;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    const low = lead === 0xf0 ? 0x90 : 0x80;
    const high = lead === 0xf4 ? 0x8f : 0xbf;
    const rest = isContinuation(bytes[at + 2] ?? 0) && isContinuation(bytes[at + 3] ?? 0);
    return second >= low && second <= high && rest ? 4 : 0;
  }
  return 0;
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}
