import type { YAMLMap } from 'yaml';
import { Changes } from './changes.ts';
import type { DeploymentChanges, DeploymentFormat, ProjectFile, Surroundings } from './deployment.ts';
import { changeCommands, changeEnvironment, tellOfHooks } from './kubernetes-commands.ts';
import { containersOf, contractOf, mayBeManifest, type Pod, podOf } from './kubernetes-pods.ts';
import { changeProbe } from './kubernetes-probes.ts';
import { changePod, changeSecurity } from './kubernetes-security.ts';
import { changeService } from './kubernetes-services.ts';
import { standInFor } from './public-images.ts';
import {
  type Found,
  find,
  findList,
  findMap,
  findScalar,
  mapsOf,
  rangeOf,
  readYaml,
  replaceScalar,
  textOf,
} from './yaml-text.ts';

const name = 'kubernetes';

/** Kubernetes: manifests, and what is literal in the templates of a Helm chart. */
export const format: DeploymentFormat = {
  name,
  mayBe: mayBeManifest,
  examine,
};

function examine(file: ProjectFile, around: Surroundings): DeploymentChanges | undefined {
  if (!/^\s*kind:/m.test(file.text) || !/^\s*apiVersion:/m.test(file.text)) return undefined;
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
    };
  }
  const changes = new Changes(name, yaml);
  for (const root of yaml.documents) {
    const pod = podOf(root);
    if (pod !== undefined) for (const container of containersOf(pod)) changeContainer(container, pod, changes, around);
    if (pod !== undefined) changePod(pod, changes, around);
    if (textOf(findScalar(root, 'kind', root)?.value) === 'Service') changeService(root, changes, around);
  }
  return changes;
}

function changeContainer(container: YAMLMap, pod: Pod, changes: Changes, around: Surroundings): void {
  const { root } = pod;
  const image = findScalar(container, 'image', root);
  const contract = contractOf(container, pod, around);
  if (contract === undefined) {
    if (image !== undefined && around.builds.ofImage(textOf(image.value) ?? '') === undefined)
      changePublicImage(container, image, pod, changes, around);
    return;
  }
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
  }
  changeEnvironment(container, pod, contract, changes);
  changeCommands(container, pod, contract, changes);
  for (const key of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = findMap(container, key, root);
    if (probe !== undefined) changeProbe(probe, key, pod, contract, changes);
  }
  tellOfHooks(container, pod, contract, changes);
  changeSecurity(container, pod, contract, changes);
}

function changePublicImage(
  container: YAMLMap,
  image: Found,
  { root, spec }: Pod,
  changes: Changes,
  around: Surroundings,
): void {
  const text = textOf(image.value);
  if (text === undefined) return;
  const plain = ['command', 'args', 'securityContext', 'volumeMounts', 'livenessProbe', 'readinessProbe'].every(
    (key) => find(container, key, root) === undefined,
  );
  const standIn = standInFor(text, plain, around);
  if (standIn === undefined) return;
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
