import type { Finding } from '../findings/finding.ts';
import type { Rule } from './rule.ts';

const name = 'tls-certificates';

export const rule: Rule = {
  name,
  title: 'No step installs CA certificates for the runtime',
  examine: ({ facts, layout, runtime }) => {
    const findings: Finding[] = [];
    for (const { item } of layout.placements) {
      if (item.stage !== facts.graph.final) continue;
      for (const { invocation } of item.run?.commands ?? []) {
        const request = invocation?.scope === 'system' && invocation.action === 'install' ? invocation.packages.find((each) => each.name === 'ca-certificates') : undefined;
        if (request === undefined) continue;
        const there = runtime.definition.packages.includes('ca-certificates') || runtime.definition.packages.includes('ca-certificates-bundle');
        findings.push({ rule: name, severity: there ? 'info' : 'review', range: request.word.range, message: 'ca-certificates need not be installed', why: there ? `${runtime.text} lists them` : `${runtime.text} does not list them`, fix: there ? 'not carried over' : 'check that the program finds the certificates that it needs' });
      }
    }
    return { findings, steps: [] };
  },
};
