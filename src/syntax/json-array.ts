import { replaceInvalid } from '../text/encoding.ts';
import { skipSpace } from './characters.ts';
import type { PlacedWord } from './words.ts';

/** The depth at which the builder's JSON reader gives up. */
const MAX_DEPTH = 10_000;

/**
 * Reads the exec form: a JSON array of strings. Elements are decoded, their places include the quotes.
 * - `undefined`: no JSON array, so the text is meant as it stands (the builder falls back to the shell form)
 * - `'mixed'`: a JSON array with other things than strings, which the builder refuses
 */
export function readJsonArray(text: string): PlacedWord[] | 'mixed' | undefined {
  const open = skipSpace(text, 0, text.length);
  if (text.charCodeAt(open) !== 0x5b) return undefined;
  const elements: PlacedWord[] = [];
  let at = skipJsonSpace(text, open + 1);
  if (text.charCodeAt(at) === 0x5d) return endsAt(text, at + 1) ? elements : undefined;
  for (;;) {
    if (text.charCodeAt(at) !== 0x22) return isJson(text.slice(open)) ? 'mixed' : undefined;
    const end = stringEnd(text, at);
    if (end === -1) return undefined;
    const raw = text.slice(at + 1, end - 1);
    const value = decodeString(raw);
    if (value === undefined) return undefined;
    elements.push({ text: value, start: at, end });
    at = skipJsonSpace(text, end);
    const code = text.charCodeAt(at);
    if (code === 0x5d) return endsAt(text, at + 1) ? elements : undefined;
    if (code !== 0x2c) return undefined;
    at = skipJsonSpace(text, at + 1);
  }
}

function skipJsonSpace(text: string, start: number): number {
  let at = start;
  for (let code = text.charCodeAt(at); code === 0x20 || code === 0x09 || code === 0x0d || code === 0x0a; ) {
    code = text.charCodeAt(++at);
  }
  return at;
}

function endsAt(text: string, at: number): boolean {
  return skipJsonSpace(text, at) === text.length;
}

/** The offset after the closing quote of the string that begins at `start`; -1 if it has none. */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code === 0x5c) at++;
  }
  return -1;
}

function decodeString(raw: string): string | undefined {
  if (/^[^\\\u0000-\u001f\ud800-\udfff]*$/.test(raw)) return raw;
  try {
    return replaceInvalid(JSON.parse(`"${raw}"`) as string);
  } catch {
    return undefined;
  }
}

/** Whether the builder's reader takes the text as JSON: valid, not nested too deep, every number within range. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text);
  } catch {
    return false;
  }
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = stringEnd(text, at) - 1;
    else if (code === 0x5b || code === 0x7b) {
      if (++depth > MAX_DEPTH) return false;
    } else if (code === 0x5d || code === 0x7d) depth--;
    else if (code >= 0x30 && code <= 0x39) {
      const start = at;
      while (/[\d.eE+-]/.test(text[at + 1] ?? '')) at++;
      if (!Number.isFinite(Number(text.slice(start, at + 1)))) return false;
    }
  }
  return true;
}
