import { isSpace } from './characters.ts';
import { sourceRange } from './logical-text.ts';
import type { Flag, LogicalText } from './tree.ts';

const DASH = 0x2d;
const BACKSLASH = 0x5c;

/**
 * Reads the flags at `start` of an instruction's line and returns where the arguments begin. Quotes are removed; the
 * backslash escapes here whatever the escape directive says.
 */
export function readFlags(line: LogicalText, start: number, end: number, flags: Flag[]): number {
  const text = line.text;
  let at = start;
  for (;;) {
    while (at < end && isSpace(text.charCodeAt(at))) at++;
    if (at + 1 >= end || text.charCodeAt(at) !== DASH || text.charCodeAt(at + 1) !== DASH) return at;
    const wordStart = at;
    let plain = true;
    let quote = 0;
    for (; at < end; at++) {
      const code = text.charCodeAt(at);
      if (code === BACKSLASH) {
        plain = false;
        at++;
      } else if (quote !== 0) {
        if (code === quote) quote = 0;
      } else if (code === 0x22 || code === 0x27) {
        plain = false;
        quote = code;
      } else if (isSpace(code)) {
        break;
      }
    }
    if (at > end) at = end;
    const raw = text.slice(wordStart, at);
    const word = plain ? raw : unquote(raw);
    if (word === '--') return at;
    const equals = word.indexOf('=');
    flags.push({
      name: equals === -1 ? word.slice(2) : word.slice(2, equals),
      value: equals === -1 ? undefined : word.slice(equals + 1),
      range: sourceRange(line, wordStart, at),
    });
  }
}

function unquote(raw: string): string {
  let out = '';
  let quote = 0;
  for (let i = 0; i < raw.length; i++) {
    const code = raw.charCodeAt(i);
    if (code === BACKSLASH) out += raw[++i] ?? '';
    else if (quote === 0 && (code === 0x22 || code === 0x27)) quote = code;
    else if (code === quote) quote = 0;
    else out += raw[i];
  }
  return out;
}
