/** A half-open stretch of a source text, in UTF-16 offsets from its beginning. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A place a person can go to: 1-based line and column (column counts UTF-16 units). */
export interface Position {
  readonly line: number;
  readonly column: number;
}
