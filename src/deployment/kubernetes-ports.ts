import { isScalar, type YAMLMap } from 'yaml';
import type { ImageContract } from '../compile-result.ts';
import { Lines } from '../text/lines.ts';
import type { Changes } from './changes.ts';
import type { ProjectFile, Surroundings } from './deployment.ts';
import { type Chart, chartOf, chartValue } from './helm-charts.ts';
import { allPods, containersOf, contractOf, labelsOf, type Pod } from './kubernetes-pods.ts';
import { insertAfter, replaceScalar } from './yaml-edits.ts';
import {
  entries,
  findList,
  findMap,
  findScalar,
  isTemplated,
  mapsOf,
  rangeOf,
  textOf,
  type YamlText,
} from './yaml-text.ts';

/** The ports that a container says it has. */
export function changeContainerPorts(
  container: YAMLMap,
  root: YAMLMap,
  contract: ImageContract,
  changes: Changes,
  onHost = false,
): void {
  const { yaml } = changes;
  const why = `the program in ${contract.image} listens above 1024`;
  const ports = findList(container, 'ports', root);
  for (const port of ports === undefined ? [] : mapsOf(ports.value, root)) {
    const number = findScalar(port, 'containerPort', root);
    const to = contract.movedPorts.find(({ from }) => String(from) === textOf(number?.value))?.to;
    if (number === undefined || to === undefined) continue;
    changes.change(
      replaceScalar(yaml, number.value, String(to)),
      { range: rangeOf(number.value), shared: false },
      `port ${textOf(number.value)} is one that nothing listens on`,
      why,
      `becomes ${to}`,
    );
    const host = findScalar(port, 'hostPort', root);
    if (!onHost || host === undefined || textOf(host.value) !== textOf(number.value)) continue;
    changes.change(
      replaceScalar(yaml, host.value, String(to)),
      { range: rangeOf(host.value), shared: false },
      'hostPort has to be the port of the container on the network of the host',
      why,
      `becomes ${to}`,
    );
  }
}

/** Annotations that name a port of the container: `prometheus.io/port`. */
export function changeAnnotations(
  metadata: YAMLMap | undefined,
  root: YAMLMap,
  { movedPorts, image }: ImageContract,
  changes: Changes,
  name = 'annotations',
): void {
  const annotations = metadata && findMap(metadata, name, root);
  for (const { key, value, shared } of annotations === undefined ? [] : entries(annotations.value, root)) {
    const to = movedPorts.find(({ from }) => String(from) === textOf(value))?.to;
    if (to === undefined || !isScalar(value) || !/[./-]port$/.test(String(key.value))) continue;
    changes.change(
      replaceScalar(changes.yaml, value, String(to)),
      { range: rangeOf(value), shared: shared || annotations?.shared === true },
      `${key.value} names a port that nothing listens on`,
      `the program in ${image} listens above 1024`,
      `becomes ${to}`,
    );
  }
}

/** On the host's own network nothing stands between the program's port and its clients. */
export function tellOfHostNetwork({ spec, root }: Pod, { movedPorts, image }: ImageContract, changes: Changes): void {
  const host = findScalar(spec, 'hostNetwork', root);
  if (host === undefined || textOf(host.value) !== 'true') return;
  for (const { from, to } of movedPorts)
    changes.say(
      'review',
      rangeOf(host.value),
      `the pod listens on port ${to} of its node, and no longer on ${from}`,
      `the program in ${image} listens above 1024, and the node's network maps no ports`,
      'tell its clients, or give it a network of its own with a hostPort',
    );
}

/** The Service in front of pods whose port moved goes on to the new one. */
export function changeService(root: YAMLMap, path: string, changes: Changes, around: Surroundings): void {
  const spec = findMap(root, 'spec', root);
  const selector = spec === undefined ? undefined : findMap(spec.value, 'selector', root);
  const ports = spec === undefined ? undefined : findList(spec.value, 'ports', root);
  if (ports === undefined) return;
  const contract =
    selector === undefined
      ? contractInChart(root, path, changes.yaml, around)
      : selected(selector.value, root, changes.yaml, around);
  if (contract === undefined || contract.movedPorts.length === 0) return;
  const address = spec === undefined ? undefined : findScalar(spec.value, 'clusterIP', root);
  changeAnnotations(findMap(root, 'metadata', root)?.value, root, contract, changes);
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
    if (address !== undefined && textOf(address.value) === 'None')
      changes.say(
        'review',
        rangeOf(address.value),
        `whoever asks this Service by its name reaches port ${to}, and no longer ${textOf((target ?? number).value)}`,
        'a headless Service hands out the addresses of pods, and maps no ports',
        'tell its clients',
      );
  }
}

function selected(selector: YAMLMap, root: YAMLMap, yaml: YamlText, around: Surroundings): ImageContract | undefined {
  const wanted = labelsOf(selector, root, yaml);
  const [first] = wanted;
  if (first === undefined) return undefined;
  return podsWith(first, around).find(({ pod }) => selects(wanted, pod))?.contract;
}

/** A selector that a template makes selects the pods of its chart, where they all run one image. */
function contractInChart(root: YAMLMap, path: string, yaml: YamlText, around: Surroundings): ImageContract | undefined {
  const chart = chartOf(path, around);
  const spec = findMap(root, 'spec', root);
  if (chart === undefined || spec === undefined || !isTemplated(yaml, rangeOf(spec.value))) return undefined;
  const contracts = new Set(
    podsOf(around)
      .filter((pod) => pod.chart === chart)
      .map(({ contract }) => contract),
  );
  return contracts.size === 1 ? [...contracts][0] : undefined;
}

/** Ports that a template has for values which nobody gives: `{{ .Values.port | default 80 }}`. */
export function tellOfDefaults({ path, text }: ProjectFile, changes: Changes, around: Surroundings): void {
  const chart = chartOf(path, around);
  const contract = podsOf(around).find((pod) => pod.chart === chart)?.contract;
  if (chart === undefined || contract === undefined || contract.movedPorts.length === 0) return;
  const lines = new Lines(text);
  for (const [value, uses] of chart.uses)
    for (const use of uses) {
      const to = contract.movedPorts.find(({ from }) => String(from) === use.fallback)?.to;
      if (use.path !== path || !use.isContainerPort || to === undefined || chartValue(chart, value) !== undefined)
        continue;
      const start = text.indexOf(`.Values.${value}`, lines.starts[use.line - 1]);
      changes.say(
        'review',
        { start, end: start + value.length + '.Values.'.length },
        `${use.fallback}, which stands for ${value}, is a port that nothing listens on`,
        `the program in ${contract.image} listens above 1024`,
        `write default ${to}`,
      );
    }
}

/** A pod that runs an image of the project. */
export interface KnownPod {
  readonly pod: Pod;
  readonly contract: ImageContract;
  readonly chart: Chart | undefined;
}

const knownPods = new WeakMap<Surroundings, readonly KnownPod[]>();

/** The pods of all manifests that run images of the project. */
export function podsOf(around: Surroundings): readonly KnownPod[] {
  let known = knownPods.get(around);
  if (known === undefined) {
    known = allPods(around).flatMap((pod) => {
      const contract = containersOf(pod)
        .map((container) => contractOf(container, pod, around))
        .find((each) => each !== undefined);
      return contract === undefined ? [] : [{ pod, contract, chart: chartOf(pod.file.path, around) }];
    });
    knownPods.set(around, known);
  }
  return known;
}

const knownLabels = new WeakMap<Surroundings, ReadonlyMap<string, readonly KnownPod[]>>();

/** The pods that run images of the project and have a label. */
function podsWith([key, value]: readonly [string, string], around: Surroundings): readonly KnownPod[] {
  let labels = knownLabels.get(around);
  if (labels === undefined) {
    const byLabel = new Map<string, KnownPod[]>();
    for (const known of podsOf(around))
      for (const [label, text] of known.pod.labels) {
        const own = `${label}=${text}`;
        const group = byLabel.get(own);
        if (group === undefined) byLabel.set(own, [known]);
        else group.push(known);
      }
    labels = byLabel;
    knownLabels.set(around, labels);
  }
  return labels.get(`${key}=${value}`) ?? [];
}

/** Whether a selector's labels select a pod. */
export function selects(wanted: ReadonlyMap<string, string>, { labels }: Pod): boolean {
  return [...wanted].every(([key, value]) => labels.get(key) === value);
}
