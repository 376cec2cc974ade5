import { FILE_HEADERS_ONLY, formatPatch, type StructuredPatchHunk, structuredPatch } from 'diff';
import { visible } from './clean-text.ts';
import type { Style } from './style.ts';

/** More changed lines than this are not compared line by line: comparing grows with their square. */
const mostEdits = 4000;

/**
 * A unified diff that `git apply` and `patch` take; empty where nothing changed. `path` is relative to where it is to
 * be applied; `before` is undefined for a new file.
 */
export function unifiedDiff(path: string, before: string | undefined, after: string): string {
  if (before === after) return '';
  const from = before === undefined ? '/dev/null' : `a/${path.replace(/^\/+/, '')}`;
  const to = `b/${path.replace(/^\/+/, '')}`;
  const patch = structuredPatch(from, to, before ?? '', after, undefined, undefined, {
    context: 3,
    maxEditLength: mostEdits,
  });
  return formatPatch(
    patch ?? {
      oldFileName: from,
      newFileName: to,
      oldHeader: undefined,
      newHeader: undefined,
      hunks: [wholeFile(before ?? '', after)],
    },
    FILE_HEADERS_ONLY,
  );
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

/** Everything out and everything in. */
function wholeFile(before: string, after: string): StructuredPatchHunk {
  const out = side('-', before);
  const fresh = side('+', after);
  return {
    oldStart: 1,
    oldLines: out.count,
    newStart: 1,
    newLines: fresh.count,
    lines: [...out.lines, ...fresh.lines],
  };
}

function side(sign: string, text: string): { count: number; lines: string[] } {
  if (text === '') return { count: 0, lines: [] };
  const ended = text.endsWith('\n');
  const lines = (ended ? text.slice(0, -1) : text).split('\n').map((line) => sign + line);
  const count = lines.length;
  if (!ended) lines.push('\\ No newline at end of file');
  return { count, lines };
}
