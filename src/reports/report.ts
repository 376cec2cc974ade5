import type { CompileResult, Outcome } from '../compile-result.ts';
import type { Task } from '../findings/task.ts';

/** One file and what became of it. */
export interface FileReport {
  /** as a person would name it, with `/` */
  readonly path: string;
  /** the input's text; every range of `result` points into it */
  readonly text: string;
  readonly result: CompileResult;
}

/** A run: what is told of it in every format. */
export interface Report {
  /** version of rehull */
  readonly version: string;
  readonly files: readonly FileReport[];
  /** what could not be read or written, one line each */
  readonly errors: readonly string[];
  /** what a person has to do beside the changes */
  readonly tasks: readonly Task[];
}

/** How many files came to which outcome. */
export type OutcomeCounts = Record<Outcome, number>;

export function noOutcomes(): OutcomeCounts {
  return { ready: 0, review: 0, blocked: 0, unchanged: 0 };
}
