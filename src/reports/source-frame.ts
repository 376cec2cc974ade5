import type { Lines } from '../text/lines.ts';
import type { Range } from '../text/range.ts';
import { maskSecrets, visible } from './clean-text.ts';

const widest = 160;
/** how far to the left a secret's name is looked for */
const reach = 2000;

/**
 * The line a range begins in and the carets under it, without secrets, as two lines; a very long line is cut
 * around the range. `paint` colours the carets.
 */
export function sourceFrame(text: string, lines: Lines, range: Range, paint: (carets: string) => string): string {
  const { line, column } = lines.position(range.start);
  const lineStart = lines.starts[line - 1]!;
  const next = lines.starts[line];
  let lineEnd = next === undefined ? text.length : next - 1;
  if (text[lineEnd - 1] === '\r' && lineEnd > lineStart) lineEnd -= 1;

  const indent = Math.max(0, column - 1 - widest / 4);
  const cutLeft = indent > 0 && lineEnd - lineStart > widest;
  const from = cutLeft ? lineStart + indent : lineStart;
  const to = Math.min(lineEnd, from + widest);
  const shown = visible(masked(text, lineStart, lineEnd, from, to));

  const caretStart = range.start - from;
  const caretEnd = Math.max(caretStart + 1, Math.min(range.end, to) - from);
  const carets = '^'.repeat(shown.slice(caretStart, caretEnd).trimEnd().length || 1);
  const gutter = `  ${line} | `;
  const left = cutLeft ? '…' : '';
  const right = to < lineEnd ? '…' : '';
  // tabs stay tabs, so that the carets stand below what they mean on every terminal
  const padding = shown.slice(0, caretStart).replace(/[^\t]/g, ' ');
  return `${gutter}${left}${shown}${right}\n${' '.repeat(gutter.length - 2)}| ${left && ' '}${padding}${paint(carets)}`;
}

/** `text.slice(from, to)` with its secrets masked, looking at no more of the line than it takes. */
function masked(text: string, lineStart: number, lineEnd: number, from: number, to: number): string {
  const start = Math.max(lineStart, from - reach);
  const end = Math.min(lineEnd, to + reach);
  return maskSecrets(text.slice(start, end)).slice(from - start, to - start);
}
