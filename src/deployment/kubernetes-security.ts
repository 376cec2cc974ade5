import { isSeq, type YAMLMap } from 'yaml';
import type { ImageContract } from '../compile-result.ts';
import type { Changes } from './changes.ts';
import type { Surroundings } from './deployment.ts';
import { containersOf, contractOf, type Pod } from './kubernetes-pods.ts';
import {
  entries,
  find,
  findList,
  findMap,
  findScalar,
  indentOf,
  insertAfter,
  mapsOf,
  rangeOf,
  textOf,
} from './yaml-text.ts';

/** `runAsNonRoot` needs a number, since the image's user is a name; an own number has to be one that the image knows. */
export function changeSecurity(
  container: YAMLMap,
  { root, spec }: Pod,
  { user, image }: ImageContract,
  changes: Changes,
): void {
  const own = findMap(container, 'securityContext', root);
  const pods = findMap(spec, 'securityContext', root);
  for (const context of [own, pods]) {
    if (context === undefined) continue;
    const number = findScalar(context.value, 'runAsUser', root);
    if (number !== undefined && textOf(number.value) === '0')
      changes.say(
        'review',
        rangeOf(number.value),
        'the container runs as root',
        `${image} is made to run as ${user.name} (${user.uid})`,
        `take the line out, or write ${user.uid}`,
      );
  }
  const nonroot = [own, pods]
    .map((context) => context && { context, flag: findScalar(context.value, 'runAsNonRoot', root) })
    .find((each) => textOf(each?.flag?.value) === 'true');
  const numbered = [own, pods].some(
    (context) => context !== undefined && find(context.value, 'runAsUser', root) !== undefined,
  );
  if (nonroot === undefined || numbered || nonroot.flag === undefined) return;
  const edit = insertAfter(changes.yaml, nonroot.context.value, nonroot.flag, [`runAsUser: ${user.uid}`]);
  changes.change(
    edit,
    { range: rangeOf(nonroot.flag.key), shared: false },
    'runAsNonRoot refuses an image whose user is a name',
    `${image} runs as ${user.name}, which the kubelet cannot tell from root`,
    `runAsUser: ${user.uid} is said with it`,
  );
}

/** A volume that root wrote to belongs to a group that the new user is in. */
export function changePod(pod: Pod, changes: Changes, around: Surroundings): void {
  const { spec, root } = pod;
  const contracts = containersOf(pod).map((container) => contractOf(container, pod, around));
  const contract = contracts.find((each) => each !== undefined);
  if (contract === undefined || contract.user.uid === 0) return;
  const before = contract.user.before?.split(':')[0];
  if (before !== undefined && before !== 'root' && before !== '0') return;
  const volumes = findList(spec, 'volumes', root);
  const kept =
    volumes === undefined
      ? []
      : mapsOf(volumes.value, root).filter((volume) => find(volume, 'persistentVolumeClaim', root) !== undefined);
  const owner = findMap(root, 'spec', root);
  const claims = owner === undefined ? undefined : findList(owner.value, 'volumeClaimTemplates', root);
  if (kept.length === 0 && claims === undefined) return;
  const security = findMap(spec, 'securityContext', root);
  if (security !== undefined && find(security.value, 'fsGroup', root) !== undefined) return;
  const range = rangeOf(volumes?.key ?? spec);
  const message = `the volume belongs to root, and the program runs as ${contract.user.name} (${contract.user.uid})`;
  const why = 'with fsGroup the kubelet gives the volume to that group when the pod starts';
  const line = `fsGroup: ${contract.user.gid}`;
  const [first] = security === undefined ? [] : [...entries(security.value, root)];
  const containers = find(spec, 'containers', root);
  if (security !== undefined && first !== undefined)
    changes.change(
      insertAfter(changes.yaml, security.value, first, [line]),
      { range: range, shared: false },
      message,
      why,
      `${line} is said`,
    );
  else if (containers !== undefined && isSeq(containers.value) && spec.flow !== true) {
    const start = rangeOf(containers.key).start;
    const indent = indentOf(changes.yaml, spec);
    changes.change(
      { range: { start, end: start }, text: `securityContext:\n${indent}  ${line}\n${indent}` },
      { range: range, shared: false },
      message,
      why,
      `${line} is said`,
    );
  } else changes.change(undefined, { range: range, shared: false }, message, why, `say ${line}`);
}
