import type { Finding } from './findings/finding.ts';
import type { Range } from './text/range.ts';

/** Of a file: what became of it. See docs/architecture.md. */
export type Outcome = 'ready' | 'review' | 'blocked' | 'unchanged';

/** What happened to one instruction of the input, or why a new one is in the output. */
export interface Change {
  readonly kind: 'kept' | 'moved' | 'replaced' | 'dropped' | 'added';
  /** range in the input; undefined for `added` */
  readonly range: Range | undefined;
  /** rule that did it; undefined for `kept` */
  readonly rule: string | undefined;
  /** one sentence */
  readonly why: string;
}

/** A stage of the output (of the input, where nothing changed). */
export interface StageSummary {
  readonly name: string | undefined;
  readonly index: number;
  readonly role: 'build' | 'runtime' | 'base';
  readonly from: string;
  readonly to: string;
}

/** A file of the project that changes with the Dockerfile, or a new one beside it. */
export interface FileChange {
  /** in the build context, with `/` */
  readonly path: string;
  /** undefined for a new file */
  readonly before: string | undefined;
  readonly after: string;
  readonly executable: boolean;
  /** the rules that did it, each with its sentence of reason */
  readonly reasons: readonly { readonly rule: string; readonly why: string }[];
}

export interface CompileResult {
  readonly outcome: Outcome;
  /** the new text; the input's where the outcome is `blocked` or `unchanged` */
  readonly after: string;
  /** ranges point into the input's text */
  readonly findings: readonly Finding[];
  readonly changes: readonly Change[];
  readonly stages: readonly StageSummary[];
  /** what else of the project has to change, so that the new text works */
  readonly files: readonly FileChange[];
}
