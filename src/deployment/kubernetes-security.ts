import type { YAMLMap } from 'yaml';
import type { ImageContract } from '../compile-result.ts';
import type { Edit } from '../text/edit.ts';
import type { Range } from '../text/range.ts';
import type { Changes } from './changes.ts';
import type { Surroundings } from './deployment.ts';
import { chartOf, chartValue } from './helm-charts.ts';
import { containersOf, contractOf, type Pod } from './kubernetes-pods.ts';
import { fillMap, indentOf, insertAfter } from './yaml-edits.ts';
import { entries, type Found, find, findList, findMap, findScalar, mapsOf, rangeOf, textOf } from './yaml-text.ts';

/**
 * `runAsNonRoot` needs a number, since the image's user is a name. `contexts`: the container's `securityContext`, then the
 * pod's.
 */
export function changeSecurity(
  contexts: readonly (Found<YAMLMap> | undefined)[],
  root: YAMLMap,
  { user, image }: ImageContract,
  changes: Changes,
): void {
  for (const context of contexts) {
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
  const nonroot = contexts
    .map((context) => context && { context, flag: findScalar(context.value, 'runAsNonRoot', root) })
    .find((each) => textOf(each?.flag?.value) === 'true');
  const numbered = contexts.some(
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

/** A volume that another user wrote to belongs to a group that the new user is in. */
export function changePod(pod: Pod, changes: Changes, around: Surroundings): void {
  const { spec, root } = pod;
  const contracts = containersOf(pod).map((container) => contractOf(container, pod, around));
  const contract = contracts.find((each) => each !== undefined);
  if (contract === undefined || !changesUser(contract)) return;
  const volumes = findList(spec, 'volumes', root);
  const kept =
    volumes === undefined
      ? []
      : mapsOf(volumes.value, root).filter((volume) => find(volume, 'persistentVolumeClaim', root) !== undefined);
  const owner = findMap(root, 'spec', root);
  const claims = owner === undefined ? undefined : findList(owner.value, 'volumeClaimTemplates', root);
  if (kept.length === 0 && claims === undefined) return;
  if (isGivenByValues(pod, around)) return;
  const containers = find(spec, 'containers', root);
  const security = findMap(spec, 'securityContext', root);
  const start = containers === undefined ? undefined : rangeOf(containers.key).start;
  const indent = indentOf(changes.yaml, spec);
  const whole =
    start === undefined || spec.flow === true || find(spec, 'securityContext', root) !== undefined
      ? undefined
      : { range: { start, end: start }, text: `securityContext:\n${indent}  ${groupOf(contract)}\n${indent}` };
  giveGroup(security, whole, rangeOf(volumes?.key ?? spec), root, contract, changes);
}

/** Whether values of the chart make the pod's security context and keep the volume: then it is said there. */
function isGivenByValues({ spec, root, file }: Pod, around: Surroundings): boolean {
  const chart = chartOf(file.path, around);
  if (chart === undefined || findMap(spec, 'securityContext', root) !== undefined) return false;
  return [...chart.uses].some(
    ([path, uses]) =>
      path.endsWith('podSecurityContext') &&
      uses.some((use) => use.path === file.path) &&
      chartValue(chart, `${path.slice(0, -'podSecurityContext'.length)}persistence.enabled`) === 'true',
  );
}

/** Whether the program ran as somebody else before; who a name was is not known. */
export function changesUser({ user }: ImageContract): boolean {
  const before = (user.before ?? 'root').split(':')[0]!;
  return user.uid !== 0 && before !== user.name && before !== String(user.uid);
}

function groupOf({ user }: ImageContract): string {
  return `fsGroup: ${user.gid}`;
}

/**
 * Says `fsGroup` in the security context of a pod; `whole` is the edit that makes one where there is none. `range`: where
 * the volume is asked for.
 */
export function giveGroup(
  security: Found<YAMLMap> | undefined,
  whole: Edit | undefined,
  range: Range,
  root: YAMLMap,
  contract: ImageContract,
  changes: Changes,
): void {
  if (security !== undefined && find(security.value, 'fsGroup', root) !== undefined) return;
  const line = groupOf(contract);
  const [first] = security === undefined ? [] : entries(security.value, root);
  const edit =
    security === undefined
      ? whole
      : first === undefined
        ? fillMap(changes.yaml, security, [line])
        : insertAfter(changes.yaml, security.value, first, [line]);
  changes.change(
    edit,
    { range, shared: security?.shared === true },
    `the volume belongs to the user of before, and the program runs as ${contract.user.name} (${contract.user.uid})`,
    'with fsGroup the kubelet gives the volume to that group when the pod starts',
    `${line} is said`,
  );
}
