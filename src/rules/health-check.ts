import type { Finding } from '../findings/finding.ts';
import { quoteJson } from '../shell/exec-form.ts';
import type { Step } from '../steps/step.ts';
import type { Rule } from './rule.ts';

const name = 'health-check';

export const rule: Rule = {
  name,
  title: 'The health check runs with what the image has',
  examine: ({ facts, health }) => {
    const findings: Finding[] = [];
    const steps: Step[] = [];
    const instruction = facts.contract.healthcheck;
    if (instruction === undefined || health === undefined || health.kind === 'keep') return { findings, steps };
    if (health.kind === 'drop') {
      findings.push({
        rule: name,
        severity: 'review',
        range: instruction.range,
        message: health.message,
        why: health.why,
        fix: health.fix,
      });
      steps.push({ kind: 'drop', rule: name, why: health.why, instruction, half: 'runtime' });
      return { findings, steps };
    }
    findings.push({
      rule: name,
      severity: 'error',
      range: instruction.range,
      message: 'the health check fails in the hardened image',
      why: health.why,
      fix: quoteJson(health.argv),
    });
    steps.push({
      kind: 'edit',
      rule: name,
      why: health.why,
      instruction,
      half: 'runtime',
      edits: [{ range: health.range, text: `CMD ${quoteJson(health.argv)}` }],
    });
    return { findings, steps };
  },
};
