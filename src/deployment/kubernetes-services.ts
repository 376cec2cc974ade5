import type { Surroundings } from './deployment.ts';
import { kindOf, mayBeManifest, nameOf, resourcesOf } from './kubernetes-pods.ts';
import { findList, findMap, findScalar, mapsOf, readYaml, textOf } from './yaml-text.ts';

/** The ports of the project's Services by their name, as their clients ask them. */
export function servicePorts({ files }: Surroundings): ReadonlyMap<string, ReadonlySet<number>> {
  const known = new Map<string, Set<number>>();
  for (const { path, text } of files) {
    if (!mayBeManifest(path) || !/^[\s-]*kind:\s*["']?Service\b/m.test(text)) continue;
    const yaml = readYaml(text);
    for (const root of 'problem' in yaml ? [] : resourcesOf(yaml)) {
      const name = kindOf(root) === 'Service' && !('problem' in yaml) ? nameOf(root, yaml) : undefined;
      const spec = findMap(root, 'spec', root);
      const ports = spec && findList(spec.value, 'ports', root);
      if (name === undefined || ports === undefined) continue;
      const numbers = known.get(name) ?? new Set();
      for (const port of mapsOf(ports.value, root)) numbers.add(Number(textOf(findScalar(port, 'port', root)?.value)));
      known.set(name, numbers);
    }
  }
  return known;
}
