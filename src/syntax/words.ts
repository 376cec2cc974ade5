import { isSeparator, isSpace } from './characters.ts';

/** A word of a logical text, raw, with its place in that text. */
export interface PlacedWord {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Splits at white space and nothing else, as FROM, EXPOSE and the list forms of COPY, ADD and VOLUME are split. */
export function splitAtSeparators(text: string): PlacedWord[] {
  const words: PlacedWord[] = [];
  if (text === '') return words;
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    if (at < text.length && !isSeparator(text.charCodeAt(at))) continue;
    words.push({ text: text.slice(start, at), start, end: at });
    while (at + 1 < text.length && isSeparator(text.charCodeAt(at + 1))) at++;
    start = at + 1;
  }
  return words;
}

/**
 * Splits into words in which quotes and escapes hold white space together, as ENV, LABEL and ARG are split.
 * Quotes and escapes stay in the words; an escape character at the very end is dropped.
 */
export function splitQuoted(text: string, escapeToken: number): PlacedWord[] {
  const words: PlacedWord[] = [];
  const length = text.length;
  let at = 0;
  while (at < length) {
    while (at < length && isSpace(text.charCodeAt(at))) at++;
    if (at === length) break;
    const start = at;
    let quote = 0;
    let end = length;
    for (; at < length; at++) {
      const code = text.charCodeAt(at);
      if (quote === 0) {
        if (isSpace(code)) break;
        if (code === 0x22 || code === 0x27) quote = code;
      } else if (code === quote) {
        quote = 0;
      }
      if (code === escapeToken && quote !== 0x27) {
        if (at + 1 === length) end = at;
        else at++;
      }
    }
    end = Math.min(end, at);
    if (end > start) words.push({ text: text.slice(start, end), start, end });
  }
  return words;
}
