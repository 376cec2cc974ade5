import type { Range } from './range.ts';

/** Replaces the text of `range` by `text`; an empty range inserts, an empty text deletes. */
export interface Edit {
  readonly range: Range;
  readonly text: string;
}

/**
 * Applies edits to a text. Everything outside their ranges stays as it is.
 * Throws on overlapping edits: two owners of one place are a defect of the caller, never of the input.
 */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const ordered = [...edits].sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
  let out = '';
  let at = 0;
  for (const { range, text: replacement } of ordered) {
    if (range.start < at) throw new Error(`overlapping edits at offset ${range.start}`);
    out += text.slice(at, range.start) + replacement;
    at = range.end;
  }
  return out + text.slice(at);
}
