import type { Range } from '../text/range.ts';

/** A line of a configuration that has one directive a line: its words as written, without comments. */
export interface ConfigurationLine {
  readonly words: readonly { readonly text: string; readonly range: Range }[];
  /** the whole line with its line end */
  readonly range: Range;
}

/** Reads the lines of Apache's, HAProxy's and Caddy's configuration. Blank lines and comments are left out. Linear. */
export function readLines(text: string): ConfigurationLine[] {
  const out: ConfigurationLine[] = [];
  let start = 0;
  while (start < text.length) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline + 1;
    const words = wordsOf(text, start, newline === -1 ? text.length : newline);
    if (words.length > 0) out.push({ words, range: { start, end } });
    start = end;
  }
  return out;
}

function wordsOf(text: string, start: number, end: number): ConfigurationLine['words'] {
  const words: { text: string; range: Range }[] = [];
  let at = start;
  while (at < end) {
    const char = text[at]!;
    if (char === ' ' || char === '\t' || char === '\r') {
      at++;
      continue;
    }
    if (char === '#') break;
    const first = at;
    if (char === '"') {
      at++;
      while (at < end && text[at] !== '"') at++;
      at++;
    } else while (at < end && !/[ \t\r]/.test(text[at]!)) at++;
    at = Math.min(at, end);
    words.push({ text: text.slice(first, at), range: { start: first, end: at } });
  }
  return words;
}
