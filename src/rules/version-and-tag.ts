import type { Finding } from '../findings/finding.ts';
import type { Rule } from './rule.ts';

export const rule: Rule = {
  name: 'version-and-tag',
  title: 'Tags exist in the catalog, name their version, and keep the version of the source',
  examine: ({ facts, remarks }) => {
    const findings: Finding[] = remarks
      .filter(({ rule: name }) => name === 'version-and-tag')
      .map((remark) => ({ ...remark }));
    for (const stage of facts.graph.stages) {
      if (stage.base.kind !== 'hardened' || stage.base.definition !== undefined || stage.from.image === undefined)
        continue;
      const { image, tag } = stage.base;
      const gone = facts.catalog.removed(image, tag);
      findings.push({
        rule: 'version-and-tag',
        severity: 'review',
        range: stage.from.image.range,
        message:
          gone === undefined ? `${image}:${tag} is not in the catalog` : `${image}:${tag} left the catalog on ${gone}`,
        why: `what is not in the catalog is no longer built or patched (catalog ${facts.catalog.date})`,
        fix: `choose a tag from \`rehull catalog show ${image}\``,
      });
    }
    return { findings, steps: [] };
  },
};
