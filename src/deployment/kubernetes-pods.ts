import type { YAMLMap } from 'yaml';
import type { ImageContract } from '../compile-result.ts';
import type { ProjectFile, Surroundings } from './deployment.ts';
import { chartOf, expanded } from './helm-charts.ts';
import {
  entries,
  findList,
  findMap,
  findScalar,
  isTemplated,
  mapsOf,
  rangeOf,
  scalarsOf,
  textOf,
  writtenText,
  type YamlText,
} from './yaml-text.ts';

/** Whether a file may hold manifests, by its path: any YAML that is not another format's. */
export function mayBeManifest(path: string): boolean {
  return (
    /\.ya?ml$/i.test(path) &&
    !/(^|\/)(docker-)?compose([.-][\w.-]+)?\.ya?ml$|(^|\/)\.github\/|(^|\/)\.gitlab(-ci|\/)|(^|\/)values[\w.-]*\.ya?ml$/i.test(
      path,
    )
  );
}

/** Where each kind keeps the pods that it makes. */
const podPaths: Readonly<Record<string, readonly string[]>> = {
  Pod: [],
  Deployment: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
  DaemonSet: ['spec', 'template'],
  ReplicaSet: ['spec', 'template'],
  ReplicationController: ['spec', 'template'],
  Job: ['spec', 'template'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
  Rollout: ['spec', 'template'],
};

/** A pod of a manifest with its labels. */
export interface Pod {
  readonly root: YAMLMap;
  readonly spec: YAMLMap;
  readonly labels: ReadonlyMap<string, string>;
  readonly file: ProjectFile;
  readonly yaml: YamlText;
}

/** The pod that a manifest is of, or makes. */
export function podOf(root: YAMLMap, yaml: YamlText, file: ProjectFile): Pod | undefined {
  const path = podPaths[textOf(findScalar(root, 'kind', root)?.value) ?? ''];
  let at: YAMLMap | undefined = root;
  for (const key of path ?? []) at = at === undefined ? undefined : findMap(at, key, root)?.value;
  if (path === undefined || at === undefined) return undefined;
  const spec = findMap(at, 'spec', root)?.value;
  const metadata = findMap(at, 'metadata', root)?.value;
  return spec === undefined
    ? undefined
    : { root, spec, labels: labelsOf(metadata && findMap(metadata, 'labels', root)?.value, root, yaml), file, yaml };
}

/** Labels as a map, those of templates as they are written. */
export function labelsOf(map: YAMLMap | undefined, root: YAMLMap, yaml: YamlText): Map<string, string> {
  const labels = new Map<string, string>();
  if (map !== undefined)
    for (const { key, value } of entries(map, root)) {
      labels.set(String(key.value), writtenText(yaml, value) ?? '');
    }
  return labels;
}

/** The containers of a pod, those that run first among them. */
export function containersOf({ spec, root }: Pod): YAMLMap[] {
  return ['containers', 'initContainers'].flatMap((key) => {
    const list = findList(spec, key, root);
    return list === undefined ? [] : mapsOf(list.value, root);
  });
}

/** What a container runs: the contract of the project's own image. */
export function contractOf(container: YAMLMap, pod: Pod, around: Surroundings): ImageContract | undefined {
  const image = imageOf(container, pod, around);
  return image === undefined ? undefined : around.builds.ofImage(image)?.contract;
}

/** The image of a container; what a template makes is taken from the values of its chart. */
export function imageOf(container: YAMLMap, { root, yaml, file }: Pod, around: Surroundings): string | undefined {
  const image = findScalar(container, 'image', root)?.value;
  if (image === undefined || !isTemplated(yaml, rangeOf(image))) return textOf(image);
  const chart = chartOf(file.path, around);
  return chart && expanded(writtenText(yaml, image) ?? '', chart);
}

/** The words of an `exec`. */
export function commandOf(exec: YAMLMap, root: YAMLMap): readonly string[] | undefined {
  const command = findList(exec, 'command', root);
  return command === undefined ? undefined : scalarsOf(command.value, root).map((word) => textOf(word) ?? '');
}
