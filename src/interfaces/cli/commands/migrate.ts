import { resolve } from 'node:path';
import { InputError } from '../../../project/input-error.ts';
import { replaceFile } from '../../../project/replace-file.ts';
import { type FileReport, noOutcomes } from '../../../reports/report.ts';
import { terminalFindings, terminalOutcome, terminalSummary } from '../../../reports/terminal.ts';
import { encode } from '../../../text/encoding.ts';
import type { Compiled, Session } from '../session.ts';

export interface MigrateFlags {
  readonly write?: boolean;
  readonly json?: boolean;
}

/** `rehull migrate`. Returns the exit code. */
export async function migrate(session: Session, paths: readonly string[], flags: MigrateFlags): Promise<number> {
  const fromStdin = paths.includes('-');
  if (fromStdin && paths.length > 1) throw new InputError('- stands alone: standard input is one Dockerfile');
  if (fromStdin && flags.write)
    throw new InputError('--write needs a file; without it, - writes the new text to stdout');

  const counts = noOutcomes();
  const collected: FileReport[] = [];
  for await (const compiled of session.compile(paths)) {
    const report: FileReport = { path: compiled.place.path, text: compiled.text, result: compiled.result };
    counts[compiled.result.outcome] += 1;
    if (flags.json) collected.push(report);
    else if (fromStdin) session.io.stdout.write(encode(compiled.result.after));
    else await printDiff(session, report);
    const written = flags.write === true && write(session, compiled);
    if (!flags.json) printReport(session, report, written);
  }
  if (flags.json) {
    const { jsonReport } = await import('../../../reports/json.ts');
    session.io.stdout.write(jsonReport({ version: session.version, files: collected, errors: session.errors }));
  } else if (
    !session.flags.quiet &&
    !fromStdin &&
    counts.ready + counts.review + counts.blocked + counts.unchanged > 0
  ) {
    session.io.stderr.write(terminalSummary(counts, session.style(session.io.stderr)));
  }
  if (session.errors.length > 0) return 2;
  return counts.review + counts.blocked > 0 ? 1 : 0;
}

async function printDiff(session: Session, { path, text, result }: FileReport): Promise<void> {
  if (result.after === text) return;
  const { terminalDiff, unifiedDiff } = await import('../../../reports/unified-diff.ts');
  const diff = unifiedDiff(path, text, result.after);
  const { stdout } = session.io;
  // a terminal gets a picture of it, a pipe the bytes that `git apply` needs
  stdout.write(stdout.isTerminal ? terminalDiff(diff, session.style(stdout)) : encode(diff));
}

function printReport(session: Session, report: FileReport, written: boolean): void {
  if (session.flags.quiet) return;
  const style = session.style(session.io.stderr);
  const findings = terminalFindings(report, style);
  session.io.stderr.write(`${findings}${findings && '\n'}${terminalOutcome(report, written, style)}`);
}

/** Puts the new text in the place of the old one; true if it was written. */
function write(session: Session, { loaded, text, result, place }: Compiled): boolean {
  if (result.after === text || result.outcome === 'blocked') return false;
  try {
    replaceFile(resolve(session.io.cwd, place.path), loaded.source, encode(result.after));
    return true;
  } catch (error) {
    session.fail(error, place.path);
    return false;
  }
}
