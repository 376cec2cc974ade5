import { InputError } from '../../../project/input-error.ts';
import type { FileReport, Report } from '../../../reports/report.ts';
import { terminalReport } from '../../../reports/terminal.ts';
import type { Session } from '../session.ts';

export const formats = ['terminal', 'line', 'json', 'sarif', 'github', 'markdown'] as const;
export type Format = (typeof formats)[number];

/** `rehull check`. Returns the exit code. */
export async function check(session: Session, paths: readonly string[], format: Format): Promise<number> {
  if (paths.includes('-') && paths.length > 1) throw new InputError('- stands alone: standard input is one Dockerfile');
  const files: FileReport[] = [];
  for await (const { place, text, result } of session.compile(paths)) files.push({ path: place.path, text, result });
  session.io.stdout.write(await render(session, format, { version: session.version, files, errors: session.errors }));
  if (session.errors.length > 0) return 2;
  return files.some(({ result }) => result.findings.some(({ severity }) => severity !== 'info')) ? 1 : 0;
}

async function render(session: Session, format: Format, report: Report): Promise<string> {
  switch (format) {
    case 'terminal':
      return session.flags.quiet ? '' : terminalReport(report, session.style(session.io.stdout));
    case 'line':
      return (await import('../../../reports/line.ts')).lineReport(report);
    case 'json':
      return (await import('../../../reports/json.ts')).jsonReport(report);
    case 'sarif':
      return (await import('../../../reports/sarif.ts')).sarifReport(report);
    case 'github':
      return (await import('../../../reports/github.ts')).githubReport(report);
    case 'markdown':
      return (await import('../../../reports/markdown.ts')).markdownReport(report);
  }
}
