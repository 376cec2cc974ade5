import type { YAMLMap } from 'yaml';
import { Changes } from './changes.ts';
import type { DeploymentChanges, DeploymentFormat, ProjectFile, Started, Surroundings } from './deployment.ts';
import { changeCommands, changeEnvironment, changeHooks, changeNeighbour } from './kubernetes-commands.ts';
import { changeConfigMap } from './kubernetes-config-maps.ts';
import { changeNetworkPolicy } from './kubernetes-networks.ts';
import {
  containersOf,
  contractOf,
  imageOf,
  kindOf,
  mayBeManifest,
  type Pod,
  podOf,
  resourcesOf,
} from './kubernetes-pods.ts';
import {
  changeAnnotations,
  changeContainerPorts,
  changeService,
  tellOfDefaults,
  tellOfHostNetwork,
} from './kubernetes-ports.ts';
import { changeProbe } from './kubernetes-probes.ts';
import { changePod, changeSecurity } from './kubernetes-security.ts';
import { changeKustomization, isKustomization, tellOfImages } from './kustomize.ts';
import { hardenedHost, takesLogin, whyLogin } from './login.ts';
import { standInFor, whyNoStandIn } from './public-images.ts';
import { find, findList, findMap, findScalar, isTemplated, rangeOf, readYaml, scalarsOf, textOf } from './yaml-text.ts';

const name = 'kubernetes';

/** Kubernetes: manifests, and what is literal in the templates of a Helm chart. */
export const format: DeploymentFormat = {
  name,
  mayBe: mayBeManifest,
  tell: tellOfImages,
  starts,
  examine,
};

function starts(file: ProjectFile): Started[] {
  if (!/\b(command|args):/.test(file.text) || !/\bkind:/.test(file.text)) return [];
  const yaml = readYaml(file.text);
  if ('problem' in yaml) return [];
  return resourcesOf(yaml)
    .flatMap((root) => podOf(root, yaml, file) ?? [])
    .flatMap((pod) => containersOf(pod).map((container) => startedIn(container, pod.root)))
    .flatMap((program) => (program === undefined ? [] : [{ dockerfile: undefined, program }]));
}

function startedIn(container: YAMLMap, root: YAMLMap): string | undefined {
  const list = findList(container, 'command', root) ?? findList(container, 'args', root);
  return list && textOf(scalarsOf(list.value, root)[0]);
}

function examine(file: ProjectFile, around: Surroundings): DeploymentChanges | undefined {
  const isManifest = /^[\s-]*kind:/m.test(file.text) && /^[\s-]*apiVersion:/m.test(file.text);
  if (!isManifest && !isKustomization(file.path)) return undefined;
  const yaml = readYaml(file.text);
  if ('problem' in yaml) {
    const templated = file.text.includes('{{');
    const message = `manifest not read: ${yaml.problem}`;
    return {
      edits: [],
      findings: [
        {
          rule: name,
          severity: templated ? 'info' : 'review',
          range: yaml.range,
          message,
          why: undefined,
          fix: templated ? 'check its ports, probes and users by hand' : 'mend it and run again',
        },
      ],
      tasks: [],
    };
  }
  const changes = new Changes(name, yaml);
  for (const root of resourcesOf(yaml)) {
    const pod = podOf(root, yaml, file);
    if (pod !== undefined) examinePod(pod, changes, around);
    const kind = kindOf(root);
    if (kind === 'Service') changeService(root, file.path, changes, around);
    else if (kind === 'NetworkPolicy') changeNetworkPolicy(root, file.path, changes, around);
    else if (kind === 'ConfigMap') changeConfigMap(root, changes, around);
    else if (isKustomization(file.path)) changeKustomization(root, changes, around);
  }
  tellOfDefaults(file, changes, around);
  return changes;
}

function examinePod(pod: Pod, changes: Changes, around: Surroundings): void {
  for (const container of containersOf(pod)) changeContainer(container, pod, changes, around);
  const contract = containersOf(pod)
    .map((container) => contractOf(container, pod, around))
    .find((each) => each !== undefined);
  if (contract !== undefined) {
    changeAnnotations(pod.metadata, pod.root, contract, changes);
    tellOfHostNetwork(pod, contract, changes);
    for (const container of containersOf(pod))
      if (contractOf(container, pod, around) === undefined) changeNeighbour(container, pod, contract, changes);
  }
  changePod(pod, changes, around);
  if (takesLogin(around)) tellOfPullSecret(pod, changes);
}

function changeContainer(container: YAMLMap, pod: Pod, changes: Changes, around: Surroundings): void {
  const { root } = pod;
  const image = imageOf(container, pod, around);
  const contract = contractOf(container, pod, around);
  if (contract === undefined) {
    if (image !== undefined && around.builds.ofImage(image) === undefined)
      tellOfTwin(container, image, pod, changes, around);
    return;
  }
  const onHost = textOf(findScalar(pod.spec, 'hostNetwork', root)?.value) === 'true';
  changeContainerPorts(container, root, contract, changes, onHost);
  changeEnvironment(container, pod, contract, changes);
  changeCommands(container, pod, contract, changes);
  for (const key of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = findMap(container, key, root);
    if (probe !== undefined) changeProbe(probe, key, pod, contract, changes);
  }
  changeHooks(container, pod, contract, changes);
  const contexts = [container, pod.spec].map((map) => findMap(map, 'securityContext', root));
  const isShared = containersOf(pod).some((each) => contractOf(each, pod, around)?.user.uid !== contract.user.uid);
  changeSecurity(contexts, root, contract, changes, isShared ? container : undefined);
}

/** A pod that runs an image of dhi.io itself, with no login to it. */
function tellOfPullSecret({ spec, root, ...pod }: Pod, changes: Changes): void {
  if (find(spec, 'imagePullSecrets', root) !== undefined) return;
  const image = containersOf({ spec, root, ...pod })
    .map((container) => findScalar(container, 'image', root))
    .find((found) => textOf(found?.value)?.startsWith(`${hardenedHost}/`));
  if (image === undefined) return;
  changes.say(
    'info',
    rangeOf(image.value),
    `the pod pulls from ${hardenedHost} and names no imagePullSecrets`,
    whyLogin,
    'name the secret in it, or in its ServiceAccount',
  );
  changes.ask(
    `Create a pull secret for ${hardenedHost} in the namespace of each pod that runs its images, and name it in imagePullSecrets`,
    `kubectl create secret docker-registry dhi --docker-server=${hardenedHost} --docker-username=$DOCKERHUB_USERNAME --docker-password=$DOCKERHUB_TOKEN`,
  );
}

function tellOfTwin(
  container: YAMLMap,
  text: string,
  { root, spec, yaml }: Pod,
  changes: Changes,
  around: Surroundings,
): void {
  const image = findScalar(container, 'image', root);
  // what a value says is told where the value stands
  if (image === undefined || isTemplated(yaml, rangeOf(image.value))) return;
  const plain = ['command', 'args', 'securityContext', 'volumeMounts', 'livenessProbe', 'readinessProbe'].every(
    (key) => find(container, key, root) === undefined,
  );
  const standIn = standInFor(text, plain, around);
  if (standIn === undefined) {
    const why = whyNoStandIn(text, around);
    if (why !== undefined) changes.say('info', rangeOf(image.value), `${text} stays`, why);
    return;
  }
  const secrets =
    find(spec, 'imagePullSecrets', root) === undefined
      ? '; dhi.io asks for a login, which a pod has from imagePullSecrets'
      : '';
  changes.say(
    'review',
    rangeOf(image.value),
    `${text} has a hardened twin: ${standIn.text}`,
    standIn.caution,
    `left as it is; change it once that is looked at${secrets}`,
  );
}
