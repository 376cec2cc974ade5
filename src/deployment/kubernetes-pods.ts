import type { YAMLMap } from 'yaml';
import type { ImageContract } from '../compile-result.ts';
import type { ProjectFile, Surroundings } from './deployment.ts';
import { chartOf, expanded } from './helm-charts.ts';
import {
  asRoot,
  entries,
  findList,
  findMap,
  findScalar,
  isTemplated,
  mapsOf,
  rangeOf,
  readYaml,
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

/** The resources of a file: its documents, and what lists among them hold. */
export function resourcesOf({ documents }: YamlText): YAMLMap[] {
  return documents.flatMap((root) => {
    const items = /List$/.test(kindOf(root)) ? findList(root, 'items', root) : undefined;
    return items === undefined ? [root] : mapsOf(items.value, root).map((item) => asRoot(item, root));
  });
}

/** The kind of a resource; `` where it has none. */
export function kindOf(resource: YAMLMap): string {
  return textOf(findScalar(resource, 'kind', resource)?.value) ?? '';
}

/** The name of a resource, as it is written. */
export function nameOf(resource: YAMLMap, yaml: YamlText): string | undefined {
  const metadata = findMap(resource, 'metadata', resource);
  const name = metadata && findScalar(metadata.value, 'name', resource);
  return name && writtenText(yaml, name.value);
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
  // of Knative: those of Kubernetes itself have no template
  Service: ['spec', 'template'],
};

/** A pod of a manifest with its labels. */
export interface Pod {
  readonly root: YAMLMap;
  readonly kind: string;
  readonly name: string | undefined;
  readonly spec: YAMLMap;
  /** `metadata:` of the pod itself */
  readonly metadata: YAMLMap | undefined;
  readonly labels: ReadonlyMap<string, string>;
  readonly file: ProjectFile;
  readonly yaml: YamlText;
}

/** The pod that a manifest is of, or makes. */
export function podOf(root: YAMLMap, yaml: YamlText, file: ProjectFile): Pod | undefined {
  const kind = kindOf(root);
  const path = podPaths[kind];
  let at: YAMLMap | undefined = root;
  for (const key of path ?? []) at = at === undefined ? undefined : findMap(at, key, root)?.value;
  if (path === undefined || at === undefined) return undefined;
  const spec = findMap(at, 'spec', root)?.value;
  const metadata = findMap(at, 'metadata', root)?.value;
  const labels = labelsOf(metadata && findMap(metadata, 'labels', root)?.value, root, yaml);
  return spec === undefined ? undefined : { root, kind, name: nameOf(root, yaml), spec, metadata, labels, file, yaml };
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

/** What a container runs: the contract of the project's own image. A patch says it in the file that it patches. */
export function contractOf(container: YAMLMap, pod: Pod, around: Surroundings): ImageContract | undefined {
  const image = imageOf(container, pod, around);
  return image === undefined ? patchedContract(container, pod, around) : around.builds.ofImage(image)?.contract;
}

function patchedContract(container: YAMLMap, pod: Pod, around: Surroundings): ImageContract | undefined {
  const name = textOf(findScalar(container, 'name', pod.root)?.value);
  if (name === undefined || pod.name === undefined) return undefined;
  const contracts = new Set(
    allPods(around)
      .filter((other) => other.kind === pod.kind && other.name === pod.name)
      .flatMap((other) => containersOf(other).map((each) => ({ each, other })))
      .filter(({ each, other }) => textOf(findScalar(each, 'name', other.root)?.value) === name)
      .map(({ each, other }) => imageOf(each, other, around))
      .flatMap((image) => (image === undefined ? [] : around.builds.ofImage(image)?.contract)),
  );
  return contracts.size === 1 ? [...contracts][0] : undefined;
}

const known = new WeakMap<Surroundings, readonly Pod[]>();

/** The pods of all manifests. */
export function allPods(around: Surroundings): readonly Pod[] {
  let pods = known.get(around);
  if (pods === undefined) {
    pods = around.files
      .filter(({ path, text }) => mayBeManifest(path) && /^[\s-]*kind:/m.test(text))
      .flatMap((file) => {
        const yaml = readYaml(file.text);
        return 'problem' in yaml ? [] : resourcesOf(yaml).flatMap((root) => podOf(root, yaml, file) ?? []);
      });
    known.set(around, pods);
  }
  return pods;
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
