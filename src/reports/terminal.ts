import type { Finding } from '../findings/finding.ts';
import type { Task } from '../findings/task.ts';
import { Lines } from '../text/lines.ts';
import { sentence, visible } from './clean-text.ts';
import { findingLine } from './line.ts';
import type { FileReport, OutcomeCounts, Report } from './report.ts';
import { sourceFrame } from './source-frame.ts';
import { outcomePaint, type Style, severityPaint } from './style.ts';

/** A finding with its place in the source, the fact behind it and what is done about it. */
function findingBlock(path: string, text: string, lines: Lines, finding: Finding, style: Style): string {
  const paint = severityPaint(style, finding.severity);
  const head = findingLine(path, lines.position(finding.range.start), finding);
  const label = `${finding.severity}[${finding.rule}]`;
  const out = [head.replace(label, () => paint(label)), sourceFrame(text, lines, finding.range, paint)];
  if (finding.why !== undefined) out.push(`  ${style.bold('why:')} ${sentence(finding.why)}`);
  if (finding.fix !== undefined) out.push(`  ${style.bold('fix:')} ${sentence(finding.fix)}`);
  out.push(style.dim(`  docs: rehull explain ${finding.rule}`));
  return `${out.join('\n')}\n`;
}

/** More than anybody reads; the other formats hold all. */
const mostFindings = 500;

/** The findings of a file, in its order; empty where there is none. */
export function terminalFindings({ path, text, result }: FileReport, style: Style): string {
  const lines = new Lines(text);
  const shown = result.findings.slice(0, mostFindings);
  const blocks = shown.map((finding) => findingBlock(path, text, lines, finding, style));
  const left = result.findings.length - shown.length;
  if (left > 0) blocks.push(`${visible(path)}: and ${left} more findings; rehull check --format line lists them all\n`);
  return blocks.join('\n');
}

/** One line on what became of a file, and one for each stage that has a new image. */
export function terminalOutcome({ path, result }: FileReport, written: boolean, style: Style): string {
  const open = result.findings.filter(({ severity }) => severity === result.outcome).length;
  const count = result.outcome === 'review' ? ` (${open} to confirm)` : '';
  const paint = outcomePaint(style, result.outcome);
  const out = [`${visible(path)}: ${paint(result.outcome)}${count}${written ? ', written' : ''}`];
  for (const { name, index, role, from, to } of result.stages) {
    if (from !== to) out.push(`  ${visible(name ?? `stage ${index}`)} (${role}): ${visible(from)} -> ${visible(to)}`);
  }
  for (const { path: file, reasons } of result.files) out.push(`  ${visible(file)}: ${visible(reasons[0]?.why ?? '')}`);
  return `${out.join('\n')}\n`;
}

/** `3 files: 1 ready, 2 blocked` */
export function terminalSummary(counts: OutcomeCounts, style: Style): string {
  const outcomes = (['ready', 'review', 'blocked', 'unchanged'] as const).filter((outcome) => counts[outcome] > 0);
  const total = outcomes.reduce((sum, outcome) => sum + counts[outcome], 0);
  const parts = outcomes.map((outcome) => outcomePaint(style, outcome)(`${counts[outcome]} ${outcome}`));
  return `${total} ${total === 1 ? 'file' : 'files'}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}\n`;
}

/** What is left for a person to do; empty where there is nothing. */
export function terminalTasks(tasks: readonly Task[], style: Style): string {
  if (tasks.length === 0) return '';
  const lines = tasks.flatMap(({ text, command }) => [
    `  - ${sentence(text)}`,
    command === undefined ? [] : `      ${visible(command)}`,
  ]);
  return `\n${style.bold('to do:')}\n${lines.flat().join('\n')}\n`;
}

/** The findings of every file and a count of them. */
export function terminalReport(report: Report, style: Style): string {
  const blocks = report.files.map((file) => terminalFindings(file, style)).filter((block) => block !== '');
  const findings = report.files.reduce((sum, { result }) => sum + result.findings.length, 0);
  const files = `${report.files.length} ${report.files.length === 1 ? 'file' : 'files'}`;
  const total = findings === 0 ? style.green('no findings') : `${findings} ${findings === 1 ? 'finding' : 'findings'}`;
  return [...blocks, `${files}: ${total}\n`].join('\n');
}
