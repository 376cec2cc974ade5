import { join, relative, resolve } from 'node:path';
import { InputError } from '../../../project/input-error.ts';
import { type Replacement, replaceFiles } from '../../../project/replace-files.ts';
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
  let open = false;
  for await (const compiled of session.compile(paths)) {
    const report: FileReport = { path: compiled.place.path, text: compiled.text, result: compiled.result };
    counts[compiled.result.outcome] += 1;
    if (flags.json) collected.push(report);
    else if (fromStdin) session.io.stdout.write(encode(compiled.result.after));
    else await printDiff(session, compiled);
    // the text alone is not the whole of what has to change
    if (fromStdin && compiled.result.files.length > 0) open = true;
    const written = flags.write === true && write(session, compiled);
    if (!flags.json) {
      printReport(session, report, written);
      if (fromStdin) printLeftOut(session, compiled);
    }
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
  return counts.review + counts.blocked > 0 || open ? 1 : 0;
}

/** The Dockerfile's difference, then that of what changes with it. */
async function printDiff(session: Session, { place, loaded, text, result }: Compiled): Promise<void> {
  const changes = [
    { path: place.path, before: text, after: result.after },
    ...result.files.map((file) => ({ ...file, path: shownPath(session, loaded.context, file.path) })),
  ];
  const { terminalDiff, unifiedDiff } = await import('../../../reports/unified-diff.ts');
  const { stdout } = session.io;
  for (const { path, before, after } of changes) {
    if (before === after) continue;
    const diff = unifiedDiff(path, before, after);
    // a terminal gets a picture of it, a pipe the bytes that `git apply` needs
    stdout.write(stdout.isTerminal ? terminalDiff(diff, session.style(stdout)) : encode(diff));
  }
}

/** A file of the context as a person finds it from the working directory. */
function shownPath(session: Session, context: string | undefined, path: string): string {
  return context === undefined ? path : relative(session.io.cwd, join(context, path)) || path;
}

/** Standard output takes one text: what has to change beside it is named. */
function printLeftOut(session: Session, { loaded, result }: Compiled): void {
  for (const { path, reasons } of result.files)
    session.warn(
      `${shownPath(session, loaded.context, path)} has to change too (${reasons[0]?.why ?? ''}); --json has its new text`,
    );
}

function printReport(session: Session, report: FileReport, written: boolean): void {
  if (session.flags.quiet) return;
  const style = session.style(session.io.stderr);
  const findings = terminalFindings(report, style);
  session.io.stderr.write(`${findings}${findings && '\n'}${terminalOutcome(report, written, style)}`);
}

/** Puts the new text in the place of the old one, with all that changes with it or not at all; true if it was written. */
function write(session: Session, { loaded, text, result, place }: Compiled): boolean {
  if (result.outcome === 'blocked') return false;
  const replacements: Replacement[] = [];
  const { path, bytes } = loaded.source;
  if (result.after !== text)
    replacements.push({
      path: resolve(session.io.cwd, place.path),
      shown: path,
      before: bytes,
      bytes: encode(result.after),
    });
  for (const file of result.files)
    replacements.push({
      path: join(loaded.context ?? session.io.cwd, file.path),
      shown: shownPath(session, loaded.context, file.path),
      before: file.before === undefined ? undefined : encode(file.before),
      bytes: encode(file.after),
      executable: file.executable,
    });
  if (replacements.length === 0) return false;
  try {
    replaceFiles(replacements);
    return true;
  } catch (error) {
    session.fail(error, place.path);
    return false;
  }
}
