import type { Finding } from '../findings/finding.ts';
import type { FileStep, Step } from '../steps/step.ts';
import type { Rule } from './rule.ts';

const name = 'ports';

export const rule: Rule = {
  name,
  title: 'The program listens on a port above 1023',
  examine: ({ facts, ports, lowRanges, runtime, remarks }) => {
    const findings: Finding[] = remarks.filter((remark) => remark.rule === name);
    const steps: Step[] = [];
    const files: FileStep[] = [];
    const start = facts.graph.stages[facts.graph.final]!.instruction;
    for (const { from, to, places, files: elsewhere, set, code } of ports) {
      const range = (places[0] ?? facts.contract.cmd ?? facts.contract.entrypoint ?? start).range;
      findings.push({
        rule: name,
        severity: 'error',
        range,
        message: `port ${from} is below 1024`,
        why: `${runtime.text} runs as ${runtime.definition.user.name}, and in Kubernetes only root may listen there`,
        fix: `moved to ${to}; publish it as ${from}:${to}`,
      });
      const variable = code[0]?.variable;
      if (variable !== undefined && code.every((place) => place.variable === variable)) {
        const why = `${code[0]!.path}:${code[0]!.line} takes its port from ${variable}, and ${from} where that is not set`;
        findings.push({
          rule: name,
          severity: 'info',
          range,
          message: why,
          why: undefined,
          fix: `ENV ${variable}=${to}`,
        });
        steps.push({
          kind: 'insert',
          rule: name,
          why,
          text: `ENV ${variable}=${to}`,
          where: { at: 'before-start', stage: 'runtime' },
        });
      } else if (!set)
        findings.push({
          rule: name,
          severity: 'review',
          range,
          message:
            code.length > 0
              ? `${code
                  .map(({ path, line }) => `${path}:${line}`)
                  .slice(0, 3)
                  .join(', ')} listens on port ${from}`
              : `the Dockerfile does not say where the program gets port ${from} from`,
          why:
            code.length > 0
              ? 'a number in the code is not changed by a Dockerfile'
              : 'EXPOSE opens nothing; the number that counts is in the program or its configuration',
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
