import type { Finding } from '../findings/finding.ts';
import { Lines } from '../text/lines.ts';
import type { Position } from '../text/range.ts';
import { sentence, visible } from './clean-text.ts';
import type { Report } from './report.ts';

/** True where rehull mends the finding itself. */
export function isFixable(finding: Finding): boolean {
  return finding.fix !== undefined && (finding.severity === 'error' || finding.severity === 'review');
}

/** `Dockerfile:7:1: error[no-shell-at-runtime] RUN needs a shell the final image lacks  [fixable]` */
export function findingLine(path: string, position: Position, finding: Finding): string {
  const fixable = isFixable(finding) ? '  [fixable]' : '';
  const place = `${visible(path)}:${position.line}:${position.column}`;
  return `${place}: ${finding.severity}[${finding.rule}] ${sentence(finding.message)}${fixable}`;
}

/** One line a finding. */
export function lineReport(report: Report): string {
  const out: string[] = [];
  for (const { path, text, result } of report.files) {
    const lines = new Lines(text);
    for (const finding of result.findings) out.push(findingLine(path, lines.position(finding.range.start), finding));
  }
  return out.map((line) => `${line}\n`).join('');
}
