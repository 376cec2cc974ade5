import type { CompileResult, Outcome } from '../compile-result.ts';
import type { Difference } from '../engine/compare.ts';
import type { Cause } from '../engine/explain.ts';
import type { Proof, ProvenSide } from '../engine/prove.ts';
import { probeText } from '../engine/scenario.ts';
import { sentence, visible } from './clean-text.ts';
import type { Style } from './style.ts';

/** A run of `rehull prove`. */
export interface ProofReport {
  /** version of rehull */
  readonly version: string;
  readonly proofs: readonly FileProof[];
  /** what could not be read, one line each */
  readonly errors: readonly string[];
}

export interface FileProof {
  /** as a person would name it */
  readonly path: string;
  /** service of Compose that it was run as */
  readonly service: string | undefined;
  /** what rehull made of it; undefined for a migration that was made by hand */
  readonly outcome: Outcome | undefined;
  readonly result: CompileResult;
  /** undefined where nothing was built */
  readonly proof: Proof | undefined;
}

/** A file, and the service that it was run as. */
export function proofName({ path, service }: FileProof): string {
  return visible(service === undefined ? path : `${path} (${service})`);
}

/** What came of a file: `nothing` where there is nothing to prove. */
export function proofVerdict({ proof, outcome }: FileProof): Proof['verdict'] | 'nothing' {
  return proof?.verdict ?? (outcome === 'blocked' ? 'cannot' : 'nothing');
}

/** Why there is no other verdict, as one sentence. */
export function proofReason({ proof, outcome, result }: FileProof): string | undefined {
  if (proof !== undefined) return proof.reason;
  if (outcome !== 'blocked') return 'the file stays as it is, so there is nothing to compare';
  const finding = result.findings.find(({ severity }) => severity === 'blocked');
  return `it is blocked, and nothing was built: ${finding?.message ?? 'it cannot be migrated'}`;
}

export const verdictTexts = {
  same: 'the migrated project does what the original does',
  differs: 'the migrated project does not do what the original does',
  cannot: 'nothing is proven',
  nothing: 'nothing to prove',
} as const;

/** The run for a person. */
export function proofText(report: ProofReport, style: Style): string {
  return report.proofs.map((each) => fileText(each, style)).join('\n');
}

function fileText(file: FileProof, style: Style): string {
  const verdict = proofVerdict(file);
  const paint = { same: style.green, differs: style.red, cannot: style.magenta, nothing: style.dim }[verdict];
  const reason = proofReason(file);
  const lines = [`${style.bold(proofName(file))}: ${paint(verdictTexts[verdict])}`];
  if (reason !== undefined) lines.push(`  ${sentence(reason)}`);
  if (file.outcome === 'review')
    lines.push(`  ${style.yellow('review')}  its migration has decisions to confirm: rehull migrate lists them`);
  const { proof } = file;
  if (proof !== undefined) {
    lines.push(...proof.causes.flatMap((cause) => causeLines(cause, style)));
    if (proof.before !== undefined) lines.push(`  ${style.dim('before')}  ${sideText(proof.before)}`);
    if (proof.after !== undefined) lines.push(`  ${style.dim('after')}   ${sideText(proof.after)}`);
    lines.push(...askedLines(proof, style));
    for (const [name, value] of imageFacts(proof)) lines.push(`  ${style.dim(name.padEnd(7))} ${value}`);
    for (const difference of proof.differences) lines.push('', ...differenceLines(difference, style));
  }
  return `${lines.join('\n')}\n`;
}

/** What a side is and did, in one line. */
export function sideText({ image, seen }: ProvenSide): string {
  const parts = [`${(image.bytes / 1e6).toFixed(0)} MB`, `user ${visible(image.user || 'root')}`];
  if (seen?.ended !== undefined) parts.push(`ends with ${seen.ended.exitCode}`);
  else if (seen?.ready !== undefined) parts.push(`answers after ${seen.ready.toFixed(1)} s`);
  if (seen?.health !== undefined) parts.push(visible(seen.health.status));
  if (seen?.stop !== undefined) {
    const { killed, seconds, exitCode } = seen.stop;
    parts.push(`SIGTERM: ${killed ? 'killed' : `ends with ${exitCode}`} after ${seconds.toFixed(1)} s`);
  }
  return parts.join(', ');
}

function askedLines({ before }: Proof, style: Style): string[] {
  const asked = before?.seen?.asked ?? [];
  if (asked.length === 0) return [];
  return [`  ${style.dim('asked')}   ${visible(asked.map(({ probe }) => probeText(probe)).join(', '))}`];
}

const shownNames = 12;

/** What became of the image, as named facts. */
export function imageFacts({ images }: Proof): (readonly [name: string, value: string])[] {
  if (images === undefined) return [];
  if ('problem' in images) return [['images', `not looked into: ${sentence(images.problem)}`]];
  const { before, after, packagesGone, packagesNew, gone, findings } = images;
  const pair = (one: number | string, other: number | string, unit: string) => `${one} -> ${other} ${unit}`;
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0);
  const facts: [string, string][] = [
    [
      'files',
      `${pair(megabytes(before.bytes), megabytes(after.bytes), 'MB')}, ${pair(before.files, after.files, 'files')}, ${pair(before.packages, after.packages, 'packages')}`,
    ],
  ];
  const goneTexts = gone.map(({ what, names }) => `${what} (${several(names)})`);
  if (packagesGone.length > 0) goneTexts.push(`${packagesGone.length} packages (${several(packagesGone)})`);
  if (goneTexts.length > 0) facts.push(['gone', goneTexts.join('; ')]);
  if (packagesNew.length > 0) facts.push(['new', `${packagesNew.length} packages (${several(packagesNew)})`]);
  for (const { rule, severity, message } of findings)
    facts.push(['inspect', `${severity}[${rule}] ${sentence(message)}`]);
  return facts;
}

function several(names: readonly string[]): string {
  const shown = names.slice(0, shownNames).map(visible);
  return `${shown.join(', ')}${names.length > shownNames ? ` and ${names.length - shownNames} more` : ''}`;
}

function differenceLines({ message, before, after, counts, causes }: Difference, style: Style): string[] {
  const label = counts ? style.red('differs') : style.cyan('note');
  return [
    `${label} ${sentence(message)}`,
    ...(before === undefined ? [] : [`  before: ${sentence(before)}`]),
    ...(after === undefined ? [] : [`  after:  ${sentence(after)}`]),
    ...causes.flatMap((cause) => causeLines(cause, style)),
  ];
}

function causeLines({ rule, reason, fix, evidence }: Cause, style: Style): string[] {
  return [
    `  ${style.bold('why:')} ${sentence(reason)}${rule === undefined ? '' : ` [${rule}]`}`,
    ...(evidence === '' ? [] : [`       ${style.dim(sentence(evidence))}`]),
    `  ${style.bold('fix:')} ${sentence(fix)}`,
  ];
}
