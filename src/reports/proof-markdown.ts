import type { Difference } from '../engine/compare.ts';
import type { Cause } from '../engine/explain.ts';
import { probeText } from '../engine/scenario.ts';
import { code, prose } from './markdown-text.ts';
import {
  type FileProof,
  imageFacts,
  type ProofReport,
  proofName,
  proofReason,
  proofVerdict,
  sideText,
  verdictTexts,
} from './proof.ts';

/** The run for a pull request. */
export function proofMarkdown(report: ProofReport): string {
  const out = ['## rehull prove'];
  for (const file of report.proofs) out.push('', ...fileSection(file));
  if (report.errors.length > 0) out.push('', '### Errors', '', ...report.errors.map((error) => `- ${prose(error)}`));
  return `${out.join('\n')}\n`;
}

function fileSection(file: FileProof): string[] {
  const reason = proofReason(file);
  const { proof } = file;
  const lines = [`### ${code(proofName(file))}: ${verdictTexts[proofVerdict(file)]}`];
  if (reason !== undefined) lines.push('', prose(reason));
  if (proof === undefined) return lines;
  lines.push(...proof.causes.flatMap(causeItem));
  const sides = [
    ['before', proof.before],
    ['after', proof.after],
  ] as const;
  const rows = sides.flatMap(([name, side]) => (side === undefined ? [] : [`| ${name} | ${prose(sideText(side))} |`]));
  rows.push(...imageFacts(proof).map(([name, value]) => `| ${name} | ${prose(value)} |`));
  if (rows.length > 0) lines.push('', '| | |', '|---|---|', ...rows);
  const asked = proof.before?.seen?.asked ?? [];
  if (asked.length > 0) lines.push('', `Asked: ${asked.map(({ probe }) => code(probeText(probe))).join(', ')}`);
  for (const difference of proof.differences) lines.push('', ...differenceItem(difference));
  return lines;
}

function differenceItem({ message, before, after, counts, causes }: Difference): string[] {
  return [
    `- **${counts ? 'differs' : 'note'}:** ${prose(message)}`,
    ...(before === undefined ? [] : [`  - before: ${prose(before)}`]),
    ...(after === undefined ? [] : [`  - after: ${prose(after)}`]),
    ...causes.flatMap(causeItem).map((line) => `  ${line}`),
  ];
}

function causeItem({ rule, reason, fix, evidence }: Cause): string[] {
  const told = evidence === '' ? '' : ` (${prose(evidence)})`;
  return [`- why: ${prose(reason)}${rule === undefined ? '' : ` ${code(rule)}`}${told}`, `- fix: ${prose(fix)}`];
}
