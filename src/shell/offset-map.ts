import type { Range } from '../text/range.ts';

/** Where a stretch of a joined text stands in the file: the text from `logical` on stands at `source`. */
export interface Segment {
  readonly logical: number;
  readonly source: number;
}

/**
 * Maps offsets of a script to offsets of the file. A range's end is mapped from its last character, since the
 * character after it may stand behind a continuation.
 */
export interface OffsetMap {
  readonly range: (start: number, end: number) => Range;
}

/** For a script that stands in the file as it is. */
export function shiftedBy(base: number): OffsetMap {
  return { range: (start, end) => ({ start: base + start, end: base + end }) };
}

/** For a script without offsets of its own (unescaped text): everything is at `range`. */
export function fixedTo(range: Range): OffsetMap {
  return { range: () => range };
}

/** For a line joined from several pieces of the file; `segments` are in ascending order. */
export function joinedFrom(segments: readonly Segment[]): OffsetMap {
  if (segments.length === 0) return shiftedBy(0);
  if (segments.length === 1) return shiftedBy(segments[0]!.source - segments[0]!.logical);
  let last = 0;
  const sourceOf = (offset: number): number => {
    let low = 0;
    let high = segments.length - 1;
    // Offsets are asked for in nearly ascending order: the segment of the last answer is the best first guess.
    if (segments[last]!.logical <= offset) {
      low = last;
      if (last === high || offset < segments[last + 1]!.logical) high = last;
    } else {
      high = Math.max(0, last - 1);
    }
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (segments[middle]!.logical <= offset) low = middle;
      else high = middle - 1;
    }
    last = low;
    const segment = segments[low]!;
    return segment.source + offset - segment.logical;
  };
  return {
    range: (start, end) => {
      const from = sourceOf(start);
      return { start: from, end: end > start ? Math.max(from, sourceOf(end - 1) + 1) : from };
    },
  };
}
