import { type Catalog, openCatalog } from '../../src/catalog/catalog.ts';
import type { Definition } from '../../src/catalog/definition.ts';
import { importDefinition } from '../../src/catalog/import.ts';
import { writeRemovedTags } from '../../src/catalog/removed-tags.ts';
import { writeSnapshot } from '../../src/catalog/snapshot.ts';

/** A definition as the catalog writes it, with only what must be there and what is given. */
export function yamlOf(image: string, variant: 'runtime' | 'dev', tags: readonly string[], more = ''): string {
  return `# syntax=dhi.io/build:2-debian13
name: ${image}
image: dhi.io/${image}
variant: ${variant}
tags:
${tags.map((tag) => `  - "${tag}"`).join('\n')}
platforms:
  - linux/amd64
  - linux/arm64
contents:
  packages:
    - base-files
accounts:
  run-as: nonroot
  users:
    - name: nonroot
      uid: 65532
      gid: 65532
  groups:
    - name: nonroot
      gid: 65532
      members:
        - nonroot
${more}`;
}

/** Imports a definition that must be valid. */
export function definitionOf(path: string, yaml: string): Definition {
  const definition = importDefinition(path, yaml);
  if ('problem' in definition) throw new Error(definition.problem);
  return definition;
}

/** A catalog from rows `image file tags [eol]`; files ending in `-dev` are dev variants, a word after `+` is a flavor. */
export function sampleCatalog(rows: string, removed: Record<string, Record<string, string>> = {}): Catalog {
  const definitions = rows
    .split('\n')
    .map((row) => row.trim().split(/\s+/))
    .filter(([image]) => image !== '')
    .map(([image, place, tags, ...rest]) => {
      const endOfLife = rest.find((word) => /^\d{4}-/.test(word));
      const flavor = rest.find((word) => word.startsWith('+'))?.slice(1);
      const more = [
        endOfLife === undefined ? '' : `dates:\n  end-of-life: "${endOfLife}"\n`,
        flavor === undefined ? '' : `flavor: ${flavor}\n`,
      ].join('');
      const variant = place!.endsWith('-dev') ? 'dev' : 'runtime';
      return definitionOf(`${image}/${place}.yaml`, yamlOf(image!, variant, tags!.split(','), more));
    });
  const days = new Map(Object.entries(removed).map(([image, tags]) => [image, new Map(Object.entries(tags))]));
  return openCatalog(
    writeSnapshot(definitions, { date: '2026-08-22', commit: '0'.repeat(40) }),
    writeRemovedTags(days),
  );
}
