import type { YAMLMap } from 'yaml';
import type { ImageContract } from '../compile-result.ts';
import type { Changes } from './changes.ts';
import type { Surroundings } from './deployment.ts';
import { containersOf, contractOf, labelsOf, mayBeManifest, podOf } from './kubernetes-pods.ts';
import {
  findList,
  findMap,
  findScalar,
  insertAfter,
  mapsOf,
  rangeOf,
  readYaml,
  replaceScalar,
  textOf,
} from './yaml-text.ts';

/** The Service in front of pods whose port moved goes on to the new one. */
export function changeService(root: YAMLMap, changes: Changes, around: Surroundings): void {
  const spec = findMap(root, 'spec', root);
  const selector = spec === undefined ? undefined : findMap(spec.value, 'selector', root);
  const ports = spec === undefined ? undefined : findList(spec.value, 'ports', root);
  if (selector === undefined || ports === undefined) return;
  const wanted = labelsOf(selector.value, root);
  const contract = podsOf(around).find(
    ({ labels }) => wanted.size > 0 && [...wanted].every(([key, value]) => labels.get(key) === value),
  )?.contract;
  if (contract === undefined || contract.movedPorts.length === 0) return;
  for (const port of mapsOf(ports.value, root)) {
    const target = findScalar(port, 'targetPort', root);
    const number = findScalar(port, 'port', root);
    const to = contract.movedPorts.find(({ from }) => String(from) === textOf((target ?? number)?.value))?.to;
    if (to === undefined || number === undefined) continue;
    const edit =
      target === undefined
        ? insertAfter(changes.yaml, port, number, [`targetPort: ${to}`])
        : replaceScalar(changes.yaml, target.value, String(to));
    changes.change(
      edit,
      { range: rangeOf((target ?? number).value), shared: false },
      'the Service leads to a port that nothing listens on',
      `the program in ${contract.image} listens on ${to}`,
      `targetPort: ${to}`,
    );
  }
}

interface KnownPod {
  readonly labels: ReadonlyMap<string, string>;
  readonly contract: ImageContract;
}

const knownPods = new WeakMap<Surroundings, readonly KnownPod[]>();

/** The pods of all manifests that run images of the project. */
function podsOf(around: Surroundings): readonly KnownPod[] {
  let known = knownPods.get(around);
  if (known === undefined) {
    known = around.files
      .filter(({ path }) => mayBeManifest(path))
      .flatMap(({ text }) => {
        if (!/^\s*kind:/m.test(text)) return [];
        const yaml = readYaml(text);
        if ('problem' in yaml) return [];
        return yaml.documents.flatMap((root) => {
          const pod = podOf(root);
          const contract =
            pod &&
            containersOf(pod)
              .map((container) => contractOf(container, pod, around))
              .find((each) => each !== undefined);
          return pod === undefined || contract === undefined ? [] : [{ labels: pod.labels, contract }];
        });
      });
    knownPods.set(around, known);
  }
  return known;
}
