import type { Finding } from '../findings/finding.ts';
import { Lines } from '../text/lines.ts';
import { sentence } from './clean-text.ts';
import type { Report } from './report.ts';

const commands = { error: 'error', review: 'warning', blocked: 'error', info: 'notice' } as const;

/** Workflow commands, which GitHub Actions shows beside the lines of a pull request. */
export function githubReport(report: Report): string {
  const out: string[] = [];
  for (const { path, text, result } of report.files) {
    const lines = new Lines(text);
    for (const finding of result.findings) {
      const start = lines.position(finding.range.start);
      const end = lines.position(finding.range.end);
      const properties: Record<string, string | number> = { file: path, line: start.line, endLine: end.line };
      // columns are only understood within one line
      if (start.line === end.line) Object.assign(properties, { col: start.column, endColumn: end.column });
      properties.title = `rehull ${finding.rule}`;
      const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
      out.push(`::${commands[finding.severity]} ${list.join(',')}::${escapeData(fullText(finding))}\n`);
    }
  }
  for (const error of report.errors) out.push(`::error title=rehull::${escapeData(error)}\n`);
  for (const { text, command } of report.tasks)
    out.push(`::notice title=rehull%3A to do::${escapeData([text, command ?? []].flat().map(sentence).join('\n'))}\n`);
  return out.join('');
}

function fullText({ message, why, fix }: Finding): string {
  const parts = [sentence(message)];
  if (why !== undefined) parts.push(`why: ${sentence(why)}`);
  if (fix !== undefined) parts.push(`fix: ${sentence(fix)}`);
  return parts.join('\n');
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
