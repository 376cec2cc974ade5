import type { Finding } from '../findings/finding.ts';
import type { FileStep, Step } from '../steps/step.ts';
import type { Rule } from './rule.ts';

const name = 'ports';

export const rule: Rule = {
  name,
  title: 'The program listens on a port above 1023',
  examine: ({ facts, ports, lowRanges, runtime }) => {
    const findings: Finding[] = [];
    const steps: Step[] = [];
    const files: FileStep[] = [];
    const start = facts.graph.stages[facts.graph.final]!.instruction;
    for (const { from, to, places, files: elsewhere, set } of ports) {
      const range = (places[0] ?? facts.contract.cmd ?? facts.contract.entrypoint ?? start).range;
      findings.push({
        rule: name,
        severity: 'error',
        range,
        message: `port ${from} is below 1024`,
        why: `${runtime.text} runs as ${runtime.definition.user.name}, and in Kubernetes only root may listen there`,
        fix: `moved to ${to}; publish it as ${from}:${to}`,
      });
      if (!set)
        findings.push({
          rule: name,
          severity: 'review',
          range,
          message: `the Dockerfile does not say where the program gets port ${from} from`,
          why: 'EXPOSE opens nothing; the number that counts is in the program or its configuration',
          fix: `make the program listen on ${to}`,
        });
      for (const place of places)
        steps.push({
          kind: 'edit',
          rule: name,
          why: `port ${from} becomes ${to}`,
          instruction: place.instruction,
          edits: [{ range: place.range, text: place.text }],
        });
      for (const { path, range: place, text } of elsewhere)
        files.push({
          kind: 'edit-file',
          rule: name,
          why: `port ${from} becomes ${to}`,
          path,
          edits: [{ range: place, text }],
        });
    }
    for (const { range, text } of lowRanges) {
      findings.push({
        rule: name,
        severity: 'review',
        range,
        message: `${text} holds ports below 1024`,
        why: 'which of them the program listens on is not known',
        fix: 'expose the ports above 1023 that it listens on',
      });
    }
    return { findings, steps, files };
  },
};
