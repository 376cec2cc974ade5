import type { FileReport } from '../../../reports/report.ts';
import { terminalReport } from '../../../reports/terminal.ts';
import { type Format, render } from '../formats.ts';
import type { Session } from '../session.ts';
import { readsStandardInput } from '../standard-input.ts';

/** `rehull check`. Returns the exit code. */
export async function check(session: Session, paths: readonly string[], format: Format | 'terminal'): Promise<number> {
  readsStandardInput(paths);
  const files: FileReport[] = [];
  for await (const { place, text, result } of session.compile(paths)) files.push({ path: place.path, text, result });
  const report = { version: session.version, files, errors: session.errors, tasks: [] };
  if (format !== 'terminal') session.io.stdout.write(await render(report, format, false));
  else if (!session.flags.quiet) session.io.stdout.write(terminalReport(report, session.style(session.io.stdout)));
  if (session.errors.length > 0) return 2;
  return files.some(({ result }) => result.findings.some(({ severity }) => severity !== 'info')) ? 1 : 0;
}
