import { formatPatch, structuredPatch } from 'diff';
import { visible } from './clean-text.ts';
import type { Style } from './style.ts';

/** More changed lines than this are not compared line by line: comparing grows with their square. */
const mostEdits = 4000;

/**
 * A unified diff that `git apply` and `patch` take; empty where nothing changed. `path` is relative to where it is to
 * be applied.
 */
export function unifiedDiff(path: string, before: string, after: string): string {
  if (before === after) return '';
  const from = quoted(`a/${path.replace(/^\/+/, '')}`);
  const to = quoted(`b/${path.replace(/^\/+/, '')}`);
  const patch = structuredPatch(from, to, before, after, undefined, undefined, {
    context: 3,
    maxEditLength: mostEdits,
  });
  if (patch === undefined) return wholeFile(from, to, before, after);
  return formatPatch(patch).replace(/^=+\n/, '');
}

/** The same diff for a person's terminal: coloured, and nothing in it that a terminal would obey. */
export function terminalDiff(diff: string, style: Style): string {
  return diff
    .split('\n')
    .map((line) => {
      const shown = visible(line.replace(/\r$/, ''));
      if (shown.startsWith('+++') || shown.startsWith('---')) return style.bold(shown);
      if (shown.startsWith('+')) return style.green(shown);
      if (shown.startsWith('-')) return style.red(shown);
      return shown.startsWith('@@') ? style.cyan(shown) : shown;
    })
    .join('\n');
}

function wholeFile(from: string, to: string, before: string, after: string): string {
  const old = side('-', before);
  const fresh = side('+', after);
  const hunk = `@@ -${old.count === 0 ? 0 : 1},${old.count} +${fresh.count === 0 ? 0 : 1},${fresh.count} @@\n`;
  return `--- ${from}\n+++ ${to}\n${hunk}${old.text}${fresh.text}`;
}

function side(sign: string, text: string): { count: number; text: string } {
  if (text === '') return { count: 0, text: '' };
  const ended = text.endsWith('\n');
  const lines = (ended ? text.slice(0, -1) : text).split('\n');
  const marked = lines.map((line) => `${sign}${line}\n`).join('');
  return { count: lines.length, text: ended ? marked : `${marked}\\ No newline at end of file\n` };
}

/** A file name as git writes it in a diff: in quotes if it holds what would break the line. */
function quoted(path: string): string {
  if (!/[\u0000-\u001f\u007f"\\]/.test(path)) return path;
  const escaped = path.replace(/[\u0000-\u001f\u007f"\\]/g, (character) =>
    character === '"' || character === '\\'
      ? `\\${character}`
      : `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`,
  );
  return `"${escaped}"`;
}
