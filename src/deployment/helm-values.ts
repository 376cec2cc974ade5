import { isMap, isScalar, isSeq, type Scalar, type YAMLMap } from 'yaml';
import type { ImageContract } from '../compile-result.ts';
import { folderOf } from './builds.ts';
import { Changes, notRead } from './changes.ts';
import type { DeploymentChanges, DeploymentFormat, ProjectFile, Surroundings } from './deployment.ts';
import { type Chart, chartOf, type ValueUse } from './helm-charts.ts';
import { changesUser } from './image-users.ts';
import { changeCommands, changeEnvironment, changeHooks } from './kubernetes-commands.ts';
import { changeAnnotations, changeContainerPorts } from './kubernetes-ports.ts';
import { changeProbe } from './kubernetes-probes.ts';
import { changeSecurity, giveGroup } from './kubernetes-security.ts';
import { movedValue } from './port-variables.ts';
import { standInFor, whyNoStandIn } from './public-images.ts';
import { replaceScalar } from './yaml-edits.ts';
import { entries, find, findMap, findScalar, mapsOf, rangeOf, readYaml, textOf } from './yaml-text.ts';

const name = 'helm-values';

/** Helm: the values of a chart, which say what its templates run. */
export const format: DeploymentFormat = {
  name,
  mayBe: (path) => /(^|\/)values[\w.-]*\.ya?ml$|(^|\/)templates\/[^/]+\.(tpl|txt)$/i.test(path),
  examine,
};

/** A mapping of values that describes one container: it has an `image`. */
interface Component {
  /** `` for the whole file */
  readonly path: string;
  readonly map: YAMLMap;
  readonly root: YAMLMap;
  /** `registry/repository:tag` as far as it is said */
  readonly image: string | undefined;
}

const deepest = 4;

function componentsOf(map: YAMLMap, root: YAMLMap, path = '', depth = 0): Component[] {
  const image = imageOf(map, root);
  const own = image === undefined ? [] : [{ path, map, root, image }];
  if (depth >= deepest) return own;
  const inner = entries(map, root).flatMap(({ key, value }) => {
    if (isSeq(value) && /containers$/i.test(String(key.value)))
      return mapsOf(value, root).flatMap((each) => componentsOf(each, root, join(path, key), deepest));
    return isMap(value) && key.value !== 'image' ? componentsOf(value, root, join(path, key), depth + 1) : [];
  });
  return [...own, ...inner];
}

function join(path: string, key: Scalar): string {
  return path === '' ? String(key.value) : `${path}.${key.value}`;
}

/** `image: shop/web:1` or `image: {registry, repository, tag}`. */
function imageOf(map: YAMLMap, root: YAMLMap): string | undefined {
  const image = find(map, 'image', root)?.value;
  if (!isMap(image)) return textOf(image);
  const word = (key: string) => textOf(findScalar(image, key, root)?.value);
  const repository = word('repository') ?? word('name');
  if (repository === undefined || repository === '') return undefined;
  const [registry, tag] = [word('registry'), word('tag')];
  return `${registry ? `${registry}/` : ''}${repository}${tag ? `:${tag}` : ''}`;
}

function examine(file: ProjectFile, around: Surroundings): DeploymentChanges | undefined {
  if (!/\.ya?ml$/i.test(file.path)) return undefined;
  const yaml = readYaml(file.text);
  if ('problem' in yaml) return notRead(name, 'values', yaml);
  const chart = chartOf(file.path, around);
  const changes = new Changes(name, yaml);
  for (const root of yaml.documents) {
    for (const component of [...componentsOf(root, root), ...overridden(root, file, chart)]) {
      if (chart?.dependencies.has(component.path.split('.')[0]!)) continue;
      const build = around.builds.ofImage(component.image ?? '');
      if (build?.contract !== undefined) changeComponent(component, chart, build.contract, changes);
      else if (build === undefined) tellOfTwin(component, changes, around);
    }
  }
  return changes;
}

/** The components of the chart's own values that another file of values (`values-prod.yaml`) says more of. */
function overridden(root: YAMLMap, file: ProjectFile, chart: Chart | undefined): Component[] {
  const base = chart?.values;
  if (base === undefined || folderOf(file.path) !== chart?.folder || /(^|\/)values\.ya?ml$/.test(file.path)) return [];
  return componentsOf(base, base).flatMap(({ path, image }) => {
    const map = path === '' ? root : mapAt(root, path.split('.'));
    return map === undefined || imageOf(map, root) !== undefined ? [] : [{ path, map, root, image }];
  });
}

function mapAt(root: YAMLMap, keys: readonly string[]): YAMLMap | undefined {
  let at: YAMLMap | undefined = root;
  for (const key of keys) at = at === undefined ? undefined : findMap(at, key, root)?.value;
  return at;
}

function changeComponent(component: Component, chart: Chart | undefined, contract: ImageContract, changes: Changes) {
  const { map, root } = component;
  const pod = { root };
  changePorts(component, chart, contract, changes);
  changeContainerPorts(map, root, contract, changes);
  for (const key of ['env', 'extraEnv', 'extraEnvVars', 'envVars']) changeEnvironment(map, pod, contract, changes, key);
  changeVariables(component, contract, changes);
  changeAnnotations(map, root, contract, changes, 'podAnnotations');
  changeHooks(map, pod, contract, changes);
  changeCommands(map, pod, contract, changes);
  for (const key of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = findMap(map, key, root);
    if (probe !== undefined) changeProbe(probe, key, pod, contract, changes);
  }
  const [own, pods] = ['securityContext', 'podSecurityContext'].map((key) => findMap(map, key, root));
  changeSecurity([own, pods], root, contract, changes);
  const persistence = findMap(map, 'persistence', root);
  if (persistence === undefined || !changesUser(contract)) return;
  if (textOf(findScalar(persistence.value, 'enabled', root)?.value) === 'true')
    giveGroup(pods, undefined, rangeOf(persistence.key), root, contract, changes);
}

/** Variables as a map of their own: those of the container, and those that a ConfigMap is mostly made of. */
function changeVariables({ map, root }: Component, { movedPorts, image }: ImageContract, changes: Changes): void {
  for (const { key, value, shared } of entries(map, root)) {
    const name = String(key.value);
    if (!isMap(value) || !/^(env|environment|envVars|extraEnv|config|configMap|configmap|configMapData)$/.test(name))
      continue;
    for (const each of entries(value, root)) {
      const next = isScalar(each.value)
        ? movedValue(String(each.key.value), textOf(each.value) ?? '', movedPorts)
        : undefined;
      if (next === undefined || !isScalar(each.value)) continue;
      changes.change(
        replaceScalar(changes.yaml, each.value, next),
        { range: rangeOf(each.value), shared: shared || each.shared },
        `${each.key.value} is a port below 1024`,
        `the program in ${image} listens above 1024`,
        `becomes ${next}`,
        name.startsWith('env') ? 'error' : 'review',
      );
    }
  }
}

/** keys that name a port of the container where no template shows what becomes of them */
const portKeys = /^(containerPort|targetPort|internalPort|containerPorts\.\w+)$/;

function changePorts(
  { path, map, root }: Component,
  chart: Chart | undefined,
  contract: ImageContract,
  changes: Changes,
) {
  const { movedPorts, image } = contract;
  for (const { scalar, keys } of scalarsBelow(map, root, [])) {
    if (path === '' && chart?.dependencies.has(keys[0]!)) continue;
    const to = movedPorts.find(({ from }) => String(from) === textOf(scalar))?.to;
    if (to === undefined) continue;
    const full = [...(path === '' ? [] : [path]), ...keys].join('.');
    const uses = chart?.uses.get(full) ?? [];
    const isPort =
      uses.length > 0
        ? uses.some((use) => use.isContainerPort)
        : portKeys.test(keys.at(-1)!) || portKeys.test(keys.slice(-2).join('.'));
    if (!isPort) continue;
    const other = uses.find((use) => !use.isContainerPort);
    const why = `the program in ${image} listens above 1024`;
    if (other === undefined)
      changes.change(
        replaceScalar(changes.yaml, scalar, String(to)),
        { range: rangeOf(scalar), shared: false },
        `${full} is a port that nothing listens on`,
        why,
        `becomes ${to}`,
      );
    else
      changes.say(
        'review',
        rangeOf(scalar),
        `${full} is the port of the container, and that of others: ${placeOf(other)}`,
        why,
        `write ${to} for it at ${uses
          .filter((use) => use.isContainerPort)
          .map(placeOf)
          .join(', ')}`,
      );
  }
}

function placeOf({ path, line }: ValueUse): string {
  return `${path}:${line}`;
}

function scalarsBelow(map: YAMLMap, root: YAMLMap, keys: readonly string[]): { scalar: Scalar; keys: string[] }[] {
  if (keys.length > deepest) return [];
  return entries(map, root).flatMap(({ key, value, shared }) => {
    const path = [...keys, String(key.value)];
    // another component is asked by itself, and a probe as a whole
    if (isMap(value))
      return imageOf(value, root) !== undefined || /Probe$/.test(path.at(-1)!) ? [] : scalarsBelow(value, root, path);
    return isScalar(value) && !shared ? [{ scalar: value, keys: path }] : [];
  });
}

function tellOfTwin({ map, root, image }: Component, changes: Changes, around: Surroundings): void {
  const place = find(map, 'image', root);
  const standIn = image === undefined || place === undefined ? undefined : standInFor(image, false, around);
  const why = image === undefined || standIn !== undefined ? undefined : whyNoStandIn(image, around);
  if (place !== undefined && why !== undefined) changes.say('info', rangeOf(place.key), `${image} stays`, why);
  if (standIn === undefined || place === undefined) return;
  const secrets = find(map, 'imagePullSecrets', root);
  const none = secrets === undefined || /^\[\s*\]?$/.test(changes.yaml.text.slice(...bounds(secrets.value)));
  changes.say(
    'review',
    rangeOf(place.key),
    `${image} has a hardened twin: ${standIn.text}`,
    standIn.caution,
    `left as it is; change it once that is looked at${none ? '; dhi.io asks for a login, which a pod has from imagePullSecrets' : ''}`,
  );
}

function bounds(node: Parameters<typeof rangeOf>[0]): [number, number] {
  const { start, end } = rangeOf(node);
  return [start, end];
}
