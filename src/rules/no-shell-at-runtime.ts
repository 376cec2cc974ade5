import type { Finding } from '../findings/finding.ts';
import type { Step } from '../steps/step.ts';
import type { Rule } from './rule.ts';

const name = 'no-shell-at-runtime';

export const rule: Rule = {
  name,
  title: 'Nothing in the final stage needs a shell',
  examine: ({ facts, layout, runtime, forcedShell }) => {
    const findings: Finding[] = [];
    const steps: Step[] = [];
    if (forcedShell !== undefined) return { findings, steps };
    for (const { item, place, why } of layout.placements) {
      if (item.run === undefined || item.stage !== facts.graph.final) continue;
      const { instruction } = item;
      findings.push({
        rule: name,
        severity: 'error',
        range: instruction.range,
        message:
          runtime.definition.shell === undefined
            ? 'RUN needs a shell the final image lacks'
            : 'RUN builds in the final image, which only runs the program',
        why:
          runtime.definition.shell === undefined
            ? `${runtime.text} ships no shell (catalog ${facts.catalog.date})`
            : `${runtime.text} works as ${runtime.definition.user.name}, who may not change the system`,
        fix: place === 'drop' ? `dropped: ${why}` : 'moved to the build stage',
      });
      if (place === 'drop') steps.push({ kind: 'drop', rule: name, why, instruction });
    }
    return { findings, steps };
  },
};
