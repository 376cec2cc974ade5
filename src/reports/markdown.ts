import { Lines } from '../text/lines.ts';
import { code, count, prose } from './markdown-text.ts';
import type { FileReport, Report } from './report.ts';

/** A report for a pull request or an issue. */
export function markdownReport(report: Report): string {
  const findings = report.files.reduce((sum, { result }) => sum + result.findings.length, 0);
  const out = [
    '## rehull',
    '',
    `${count(report.files.length, 'file')}, ${findings === 0 ? 'no findings' : count(findings, 'finding')}.`,
  ];
  for (const file of report.files) if (file.result.findings.length > 0) out.push('', ...fileSection(file));
  if (report.errors.length > 0) out.push('', '### Errors', '', ...report.errors.map((error) => `- ${prose(error)}`));
  return `${out.join('\n')}\n`;
}

function fileSection({ path, text, result }: FileReport): string[] {
  const lines = new Lines(text);
  const rows = result.findings.map(({ range, severity, rule, message, why, fix }) => {
    const parts = [prose(message)];
    if (why !== undefined) parts.push(`<br>**why:** ${prose(why)}`);
    if (fix !== undefined) parts.push(`<br>**fix:** ${prose(fix)}`);
    return `| ${lines.position(range.start).line} | ${severity} | ${code(rule)} | ${parts.join(' ')} |`;
  });
  return [
    `### ${code(path)}: ${result.outcome}`,
    '',
    '| line | severity | rule | finding |',
    '|--:|---|---|---|',
    ...rows,
  ];
}
