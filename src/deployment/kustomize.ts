import type { YAMLMap } from 'yaml';
import type { Builds } from './builds.ts';
import type { Changes } from './changes.ts';
import type { ProjectFile, Surroundings } from './deployment.ts';
import { changeEntry, usesOf } from './kubernetes-config-maps.ts';
import { podsOf } from './kubernetes-ports.ts';
import { findList, findMap, findScalar, mapsOf, rangeOf, readYaml, scalarsOf, textOf } from './yaml-text.ts';

/** Whether a file is a kustomization: it may say no kind. */
export function isKustomization(path: string): boolean {
  return /(^|\/)kustomization\.ya?ml$/.test(path);
}

/** The images that a kustomization puts in the place of those that its manifests name. */
export function tellOfImages({ path, text }: ProjectFile, builds: Builds): void {
  if (!isKustomization(path)) return;
  const yaml = readYaml(text);
  for (const root of 'problem' in yaml ? [] : yaml.documents) {
    const images = findList(root, 'images', root);
    for (const image of images === undefined ? [] : mapsOf(images.value, root)) {
      const [name, next] = ['name', 'newName'].map((key) => textOf(findScalar(image, key, root)?.value));
      if (name !== undefined && next !== undefined) builds.renameImage(name, next);
    }
  }
}

/** What a kustomization makes of its own: ConfigMaps, and patches in their own language. */
export function changeKustomization(root: YAMLMap, changes: Changes, around: Surroundings): void {
  const generators = findList(root, 'configMapGenerator', root);
  for (const generator of generators === undefined ? [] : mapsOf(generators.value, root)) {
    const name = textOf(findScalar(generator, 'name', root)?.value);
    const literals = findList(generator, 'literals', root);
    if (name === undefined || literals === undefined) continue;
    const uses = usesOf(name, around);
    for (const literal of scalarsOf(literals.value, root)) {
      const [, entry, text] = /^([^=]+)=(.*)$/s.exec(textOf(literal) ?? '') ?? [];
      if (entry !== undefined && text !== undefined)
        changeEntry({ entry, value: literal, text, shared: literals.shared, lead: `${entry}=` }, uses, changes);
    }
  }
  tellOfPatches(root, changes, around);
}

/** Patches that stand in the kustomization as text, and name a port of a pod of the project. */
function tellOfPatches(root: YAMLMap, changes: Changes, around: Surroundings): void {
  const patches = findList(root, 'patches', root) ?? findList(root, 'patchesJson6902', root);
  for (const patch of patches === undefined ? [] : mapsOf(patches.value, root)) {
    const text = findScalar(patch, 'patch', root);
    const target = findMap(patch, 'target', root)?.value;
    const name = target && textOf(findScalar(target, 'name', root)?.value);
    const source = textOf(text?.value) ?? '';
    const pods = podsOf(around).filter(({ pod }) =>
      name === undefined ? source.includes(`name: ${pod.name}`) : pod.name === name,
    );
    const moved = pods
      .flatMap(({ contract }) => contract.movedPorts)
      .find(({ from }) => new RegExp(`\\b(value|port|containerPort|targetPort)["']?:\\s*["']?${from}\\b`).test(source));
    if (text !== undefined && moved !== undefined)
      changes.say(
        'review',
        rangeOf(text.value),
        `the patch may name port ${moved.from}, on which nothing listens any more`,
        `the pods that it is for listen on ${moved.to}`,
        `write ${moved.to} where it is the port of the container`,
      );
  }
}
