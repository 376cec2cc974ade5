import { type LexerOptions, ShellWordLexer, type Variables } from './shell-word.ts';
import { SubstitutionError } from './substitution-error.ts';
import type { PlacedWord } from './words.ts';

/** A here-document as its instruction announces it. */
export interface HeredocMarker {
  readonly name: string;
  readonly expand: boolean;
  readonly chomp: boolean;
  readonly fileDescriptor: number;
  /** place in the instruction's line */
  readonly start: number;
  readonly end: number;
}

const NOTHING_SET: Variables = { get: () => undefined };
const LINE: LexerOptions = {
  escape: '\\',
  rawQuotes: true,
  rawEscapes: true,
  skipQuotes: false,
  skipUnset: true,
  split: true,
};
const NAME: LexerOptions = { ...LINE, rawQuotes: false, rawEscapes: false };

/**
 * The here-documents that the line of a RUN, COPY or ADD announces. A line whose quotes do not end announces none.
 * Returns a message where the builder refuses a name. The backslash escapes here whatever the escape directive says.
 */
export function findHeredocs(line: string): HeredocMarker[] | string {
  if (!line.includes('<<')) return [];
  const words = lex(line, LINE);
  if (typeof words === 'string') return [];
  const markers: HeredocMarker[] = [];
  for (const word of words) {
    const marker = readMarker(word);
    if (typeof marker === 'string') return marker;
    if (marker !== undefined) markers.push(marker);
  }
  return markers;
}

/** Whether a whole text is one here-document marker, as in `RUN <<EOF`. */
export function isHeredocMarker(text: string): boolean {
  return typeof readMarker({ text, start: 0, end: text.length }) === 'object';
}

function readMarker({ text, start, end }: PlacedWord): HeredocMarker | string | undefined {
  let at = 0;
  while (at < text.length && /[0-9]/.test(text[at]!)) at++;
  const fileDescriptor = Number(text.slice(0, at));
  if (!text.startsWith('<<', at)) return undefined;
  at += 2;
  const chomp = text[at] === '-';
  if (chomp) at++;
  while (/[\t\n\f\r ]/.test(text[at] ?? '')) at++;
  const rest = text.slice(at);
  if (rest === '' || rest.includes('<')) return undefined;
  const words = lex(rest, NAME);
  if (typeof words === 'string') return words;
  if (words.length !== 1) return undefined;
  const raw = lex(rest, { ...NAME, rawQuotes: true });
  if (typeof raw === 'string') return raw;
  if (raw.length !== 1) return `internal lexing of heredoc produced inconsistent results: ${rest}`;
  const name = words[0]!.text;
  return { name, expand: countQuotes(name) === countQuotes(raw[0]!.text), chomp, fileDescriptor, start, end };
}

function lex(text: string, options: LexerOptions): readonly PlacedWord[] | string {
  const lexer = new ShellWordLexer(text, options, NOTHING_SET);
  try {
    lexer.run();
  } catch (error) {
    if (error instanceof SubstitutionError) return `failed to process ${JSON.stringify(text)}: ${error.message}`;
    throw error;
  }
  return lexer.words;
}

function countQuotes(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x22 || code === 0x27) count++;
  }
  return count;
}
