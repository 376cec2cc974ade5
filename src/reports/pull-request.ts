import type { Finding } from '../findings/finding.ts';
import { Lines } from '../text/lines.ts';
import { code, count, prose } from './markdown-text.ts';
import type { FileReport, Report } from './report.ts';

/** What changed where and why, and what is left for a person: the body of a pull request, in Markdown. */
export function pullRequest(report: Report): string {
  const changed = report.files.filter(({ text, result }) => result.after !== text || result.files.length > 0);
  const open = report.files.filter(({ result }) => result.findings.some(isOpen));
  const out = ['## Move to Docker Hardened Images', '', `${summary(report, changed)}.`];
  if (report.tasks.length > 0) out.push('', '### To do', '');
  for (const { text, command } of report.tasks)
    out.push(`- [ ] ${prose(text)}${command === undefined ? '' : `: ${code(command)}`}`);
  if (open.length > 0) out.push('', '### To confirm', '');
  for (const file of open) out.push(...openLines(file));
  if (changed.length > 0) out.push('', '### What changes');
  for (const file of changed) out.push('', ...changedLines(file));
  if (report.errors.length > 0) out.push('', '### Errors', '', ...report.errors.map((error) => `- ${prose(error)}`));
  return `${out.join('\n')}\n`;
}

function summary({ files }: Report, changed: readonly FileReport[]): string {
  const open = files.reduce((sum, { result }) => sum + result.findings.filter(isOpen).length, 0);
  const verb = changed.length === 1 ? 'changes' : 'change';
  return `${count(changed.length, 'file')} ${verb}${open === 0 ? '' : `, ${count(open, 'point')} to confirm`}`;
}

/** Whether a person has to look at it. */
function isOpen({ severity }: Finding): boolean {
  return severity === 'review' || severity === 'blocked';
}

function openLines({ path, text, result }: FileReport): string[] {
  const lines = new Lines(text);
  return result.findings
    .filter(isOpen)
    .map(
      (finding) =>
        `- [ ] ${code(`${path}:${lines.position(finding.range.start).line}`)} ${finding.severity === 'blocked' ? '(left as it is) ' : ''}${whole(finding)}`,
    );
}

function changedLines({ path, text, result }: FileReport): string[] {
  const lines = new Lines(text);
  const out = [`**${code(path)}**`, ''];
  for (const { name, index, from, to } of result.stages)
    if (from !== to)
      out.push(`- ${name === undefined ? `stage ${index}` : code(name)}: ${code(from)} becomes ${code(to)}`);
  for (const finding of result.findings)
    if (finding.severity === 'error') out.push(`- line ${lines.position(finding.range.start).line}: ${whole(finding)}`);
  for (const { path: beside, before, reasons } of result.files)
    out.push(`- ${code(beside)} ${before === undefined ? 'is new' : 'changes'}: ${prose(reasons[0]?.why ?? '')}`);
  return out;
}

function whole({ message, why, fix }: Finding): string {
  return [message, why === undefined ? [] : `(${why})`, fix === undefined ? [] : `→ ${fix}`]
    .flat()
    .map(prose)
    .join(' ');
}
