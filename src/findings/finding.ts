import type { Range } from '../text/range.ts';

/**
 * One broken checklist item at one place.
 * - `error`: the file breaks it, or would once migrated
 * - `review`: a decision that a person must confirm
 * - `blocked`: it cannot be migrated safely; nothing was changed because of it
 * - `info`: told for the record; changes no outcome
 */
export interface Finding {
  readonly rule: string;
  readonly severity: 'error' | 'review' | 'blocked' | 'info';
  readonly range: Range;
  /** one sentence without a full stop, what is wrong there */
  readonly message: string;
  /** the fact behind it, with its source */
  readonly why: string | undefined;
  /** what was or would be done about it; undefined where there is nothing to do */
  readonly fix: string | undefined;
}
