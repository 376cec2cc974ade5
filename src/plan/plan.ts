import type { Decisions } from '../decisions/decide.ts';
import type { Finding } from '../findings/finding.ts';
import { rules } from '../rules/generated.ts';
import type { FileStep, Step } from '../steps/step.ts';

/** What is to be done to a build, in one order that no two steps disagree about. */
export interface Plan {
  readonly findings: readonly Finding[];
  readonly steps: readonly Step[];
  /** what is to be done beside the Dockerfile */
  readonly files: readonly FileStep[];
}

const order: readonly Step['kind'][] = ['split', 'rebase', 'move', 'repeat', 'insert', 'edit', 'replace', 'drop'];

/** Asks every rule, and puts their steps in order: stages first, then what moves, comes, changes and goes. */
export function makePlan(decisions: Decisions): Plan {
  const examinations = rules.map((rule) => rule.examine(decisions));
  const findings = examinations.flatMap((examination) => examination.findings);
  const steps = examinations.flatMap((examination) => examination.steps);
  const rank = new Map(order.map((kind, index) => [kind, index]));
  const ordered = steps
    .map((step, index) => ({ step, index }))
    .sort((a, b) => rank.get(a.step.kind)! - rank.get(b.step.kind)! || a.index - b.index);
  findings.sort((a, b) => a.range.start - b.range.start || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0));
  const files = examinations.flatMap((examination) => examination.files ?? []);
  return { findings, steps: withoutDuplicates(ordered.map(({ step }) => step)), files };
}

/** Two rules may ask for the same edit of the same words; it is made once. */
function withoutDuplicates(steps: readonly Step[]): Step[] {
  const seen = new Set<string>();
  return steps.filter((step) => {
    if (step.kind !== 'edit') return true;
    const key = `${step.half ?? ''} ${step.edits.map(({ range, text }) => `${range.start} ${range.end} ${text}`).join(' ')}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
