import type { CompileInput, CompileOptions } from '../compile.ts';
import type { Change, CompileResult, FileChange, Outcome, StageSummary } from '../compile-result.ts';
import { withFiles } from '../context/project-reader.ts';
import type { Finding } from '../findings/finding.ts';

type Compile = (input: CompileInput, options: CompileOptions) => CompileResult;

/**
 * Migrates several stages of one Dockerfile, each made to run: one after the other, the first as the final stage and the
 * contract of the whole. A stage that cannot be migrated, or not beside those before it, stays an image to build in.
 */
export function compileTargets(
  input: CompileInput,
  options: CompileOptions,
  targets: readonly (string | undefined)[],
  compile: Compile,
): CompileResult {
  const [first, ...others] = targets;
  const aim = (target: string | undefined) => (target === undefined ? options : { ...options, target });
  let whole = compile(input, aim(first));
  for (const target of others) {
    if (whole.outcome === 'blocked' || target === undefined) break;
    const alone = compile(input, aim(target));
    const on = compile({ ...input, text: whole.after, project: withFiles(input.project, whole.files) }, aim(target));
    if (alone.outcome === 'blocked' || on.outcome === 'blocked' || on.contract === undefined) continue;
    const joined = join(whole, alone, on, target);
    const again = { ...input, text: joined.after, project: withFiles(input.project, joined.files) };
    const isStill = [first, ...(whole.others ?? []).map((each) => each.target)].every(
      (each) => compile(again, aim(each)).after === joined.after,
    );
    if (isStill) whole = joined;
  }
  return whole;
}

/** `alone` is what becomes of the stage in the file as it was, `on` in the file as `whole` makes it. */
function join(whole: CompileResult, alone: CompileResult, on: CompileResult, target: string): CompileResult {
  return {
    ...whole,
    outcome: worse(whole.outcome, alone.outcome),
    after: on.after,
    findings: joinFindings(whole.findings, alone.findings),
    changes: joinChanges(whole.changes, alone.changes),
    stages: whole.stages.map((stage, index) => joinStage(stage, alone.stages[index])),
    files: joinFiles(whole.files, on.files),
    others: [...(whole.others ?? []), { target, contract: on.contract! }],
  };
}

const order: readonly Outcome[] = ['unchanged', 'ready', 'review', 'blocked'];

function worse(one: Outcome, other: Outcome): Outcome {
  return order.indexOf(one) > order.indexOf(other) ? one : other;
}

function joinFindings(one: readonly Finding[], other: readonly Finding[]): Finding[] {
  const key = ({ rule, range, message }: Finding) => `${rule} ${range.start} ${range.end} ${message}`;
  const known = new Set(one.map(key));
  return [...one, ...other.filter((each) => !known.has(key(each)))].sort((a, b) => a.range.start - b.range.start);
}

/** What one of them does to an instruction counts, where the other keeps it. */
function joinChanges(one: readonly Change[], other: readonly Change[]): Change[] {
  const key = ({ range }: Change) => `${range?.start} ${range?.end}`;
  const done = new Map(
    other.filter(({ kind, range }) => kind !== 'kept' && range !== undefined).map((each) => [key(each), each]),
  );
  const own = one.map((each) => (each.kind === 'kept' ? (done.get(key(each)) ?? each) : each));
  const known = new Set(one.map(({ kind, why }) => `${kind} ${why}`));
  const added = other.filter(({ kind, why }) => kind === 'added' && !known.has(`${kind} ${why}`));
  return [...own, ...added];
}

function joinStage(stage: StageSummary, other: StageSummary | undefined): StageSummary {
  return other?.role === 'runtime' ? other : stage;
}

function joinFiles(one: readonly FileChange[], other: readonly FileChange[]): FileChange[] {
  const byPath = new Map(one.map((each) => [each.path, each]));
  for (const each of other) {
    const known = byPath.get(each.path);
    byPath.set(
      each.path,
      known === undefined ? each : { ...each, before: known.before, reasons: [...known.reasons, ...each.reasons] },
    );
  }
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
