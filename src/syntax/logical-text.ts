import type { Range } from '../text/range.ts';
import type { Argument, LogicalText } from './tree.ts';

type Segment = LogicalText['segments'][number];

/** The offset in the file at which the character at `logical` stands. */
export function sourceOffset(body: LogicalText, logical: number): number {
  const segment = body.segments[segmentAt(body.segments, logical)];
  return segment === undefined ? 0 : segment.source + (logical - segment.logical);
}

/** The range in the file of `body.text.slice(start, end)`; line continuations inside belong to it. */
export function sourceRange(body: LogicalText, start: number, end: number): Range {
  const from = sourceOffset(body, start);
  if (body.segments.length === 1) return { start: from, end: from + (end - start) };
  return { start: from, end: end > start ? sourceOffset(body, end - 1) + 1 : from };
}

/** A part of a logical text as a logical text of its own. */
export function sliceLogical(body: LogicalText, start: number, end: number): LogicalText {
  const text = body.text.slice(start, end);
  const first = segmentAt(body.segments, start);
  const segments: Segment[] = [{ logical: 0, source: sourceOffset(body, start) }];
  for (let i = first + 1; i < body.segments.length; i++) {
    const { logical, source } = body.segments[i]!;
    if (logical >= end) break;
    segments.push({ logical: logical - start, source });
  }
  return { text, segments };
}

/** A part of a logical text as an argument. */
export function argument(body: LogicalText, start: number, end: number): Argument {
  return { text: body.text.slice(start, end), range: sourceRange(body, start, end) };
}

/** The last segment that begins at or before `logical`. */
function segmentAt(segments: readonly Segment[], logical: number): number {
  let low = 0;
  let high = segments.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (segments[middle]!.logical <= logical) low = middle;
    else high = middle - 1;
  }
  return low;
}
