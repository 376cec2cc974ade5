import type { YAMLMap } from 'yaml';
import type { Changes } from './changes.ts';
import type { Surroundings } from './deployment.ts';
import { chartOf } from './helm-charts.ts';
import { allPods, labelsOf } from './kubernetes-pods.ts';
import { type KnownPod, podsOf, selects } from './kubernetes-ports.ts';
import { replaceScalar } from './yaml-edits.ts';
import { find, findList, findMap, findScalar, isTemplated, mapsOf, rangeOf, textOf } from './yaml-text.ts';

/** A NetworkPolicy names ports of pods, not those of Services: what it lets in or out follows the pods. */
export function changeNetworkPolicy(root: YAMLMap, path: string, changes: Changes, around: Surroundings): void {
  const spec = findMap(root, 'spec', root)?.value;
  if (spec === undefined) return;
  const own = findMap(spec, 'podSelector', root)?.value;
  for (const rule of rulesOf(spec, 'ingress', root))
    changePorts(rule, own === undefined ? [] : [own], root, path, changes, around);
  for (const rule of rulesOf(spec, 'egress', root)) {
    const peers = findList(rule, 'to', root);
    const selectors = (peers === undefined ? [] : mapsOf(peers.value, root)).map(
      (peer) => findMap(peer, 'podSelector', root)?.value,
    );
    if (selectors.every((each) => each !== undefined)) changePorts(rule, selectors, root, path, changes, around);
  }
}

function rulesOf(spec: YAMLMap, key: string, root: YAMLMap): YAMLMap[] {
  const list = findList(spec, key, root);
  return list === undefined ? [] : mapsOf(list.value, root);
}

/** The ports of a rule; `selectors` are of the pods that they belong to. */
function changePorts(
  rule: YAMLMap,
  selectors: readonly YAMLMap[],
  root: YAMLMap,
  path: string,
  changes: Changes,
  around: Surroundings,
): void {
  const pods = selectors.flatMap((selector) => selectedBy(selector, root, path, changes, around));
  const ports = findList(rule, 'ports', root);
  for (const entry of ports === undefined ? [] : mapsOf(ports.value, root)) {
    const port = findScalar(entry, 'port', root);
    const moves = pods.map((known) =>
      known?.contract.movedPorts.find(({ from }) => String(from) === textOf(port?.value)),
    );
    const moved = moves.find((each) => each !== undefined);
    const image = pods.find((_pod, index) => moves[index] === moved)?.contract.image;
    if (port === undefined || moved === undefined) continue;
    const place = { range: rangeOf(port.value), shared: ports?.shared === true || port.shared };
    const message = `the policy lets traffic to port ${moved.from}, and the pods listen on ${moved.to}`;
    const why = `a NetworkPolicy names the ports of pods; the program in ${image} listens above 1024`;
    if (moves.every((each) => each?.to === moved.to))
      changes.change(
        replaceScalar(changes.yaml, port.value, String(moved.to)),
        place,
        message,
        why,
        `becomes ${moved.to}`,
      );
    else
      changes.say(
        'review',
        place.range,
        message,
        why,
        `add port ${moved.to}: other pods that it is for stay on ${moved.from}`,
      );
  }
}

/** The pods of a selector; undefined for each that runs no image of the project. */
function selectedBy(
  selector: YAMLMap,
  root: YAMLMap,
  path: string,
  { yaml }: Changes,
  around: Surroundings,
): (KnownPod | undefined)[] {
  if (find(selector, 'matchExpressions', root) !== undefined) return [];
  const wanted = labelsOf(findMap(selector, 'matchLabels', root)?.value, root, yaml);
  const known = podsOf(around);
  // labels that a template makes are those of its own chart
  const isMade = isTemplated(yaml, rangeOf(selector)) || (wanted.size === 0 && selector.items.length > 0);
  const chart = isMade ? chartOf(path, around) : undefined;
  return allPods(around)
    .filter((pod) => selects(wanted, pod) && (chart === undefined || chartOf(pod.file.path, around) === chart))
    .map((pod) => known.find((each) => each.pod === pod));
}
