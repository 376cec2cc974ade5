import { isSeq, type YAMLMap } from 'yaml';
import type { ImageContract } from '../compile-result.ts';
import { moveLoopbackPorts } from '../decisions/http-check.ts';
import { movePort } from '../decisions/ports.ts';
import { toExec } from '../shell/exec-form.ts';
import { parseShell } from '../shell/parse.ts';
import { Changes } from './changes.ts';
import { checkInside, readCheck, shellText } from './checks.ts';
import type { DeploymentChanges, DeploymentFormat, ProjectFile, Surroundings } from './deployment.ts';
import { type Probed, probeLines } from './kubernetes-probes.ts';
import { standInFor } from './public-images.ts';
import {
  entries,
  type Found,
  find,
  findList,
  findMap,
  findScalar,
  indentOf,
  insertAfter,
  mapsOf,
  rangeOf,
  readYaml,
  replaceList,
  replaceScalar,
  scalarsOf,
  textOf,
  trimmed,
} from './yaml-text.ts';

const name = 'kubernetes';

/** Kubernetes: manifests, and what is literal in the templates of a Helm chart. */
export const format: DeploymentFormat = {
  name,
  mayBe: (path) =>
    /\.ya?ml$/i.test(path) &&
    !/(^|\/)(docker-)?compose([.-][\w.-]+)?\.ya?ml$|(^|\/)\.github\/|(^|\/)\.gitlab-ci|(^|\/)values[\w.-]*\.ya?ml$/i.test(
      path,
    ),
  examine,
};

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
interface Pod {
  readonly root: YAMLMap;
  readonly spec: YAMLMap;
  readonly labels: ReadonlyMap<string, string>;
}

function podOf(root: YAMLMap): Pod | undefined {
  const path = podPaths[textOf(findScalar(root, 'kind', root)?.value) ?? ''];
  let at: YAMLMap | undefined = root;
  for (const key of path ?? []) at = at === undefined ? undefined : findMap(at, key, root)?.value;
  if (path === undefined || at === undefined) return undefined;
  const spec = findMap(at, 'spec', root)?.value;
  const metadata = findMap(at, 'metadata', root)?.value;
  return spec === undefined
    ? undefined
    : { root, spec, labels: labelsOf(metadata && findMap(metadata, 'labels', root)?.value, root) };
}

function labelsOf(map: YAMLMap | undefined, root: YAMLMap): Map<string, string> {
  const labels = new Map<string, string>();
  if (map !== undefined)
    for (const { key, value } of entries(map, root)) labels.set(String(key.value), textOf(value) ?? '');
  return labels;
}

function containersOf({ spec, root }: Pod): YAMLMap[] {
  return ['containers', 'initContainers'].flatMap((key) => {
    const list = findList(spec, key, root);
    return list === undefined ? [] : mapsOf(list.value, root);
  });
}

/** What a container runs: the contract of the project's own image. */
function contractOf(container: YAMLMap, { root }: Pod, around: Surroundings): ImageContract | undefined {
  const image = textOf(findScalar(container, 'image', root)?.value);
  return image === undefined ? undefined : around.builds.ofImage(image)?.contract;
}

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
  const hook = findMap(container, 'lifecycle', root);
  for (const key of ['postStart', 'preStop']) {
    const exec =
      hook === undefined ? undefined : findMap(findMap(hook.value, key, root)?.value ?? hook.value, 'exec', root);
    if (exec !== undefined && !contract.shell && usesShell(exec.value, root))
      changes.say(
        'review',
        rangeOf(exec.key),
        `${key} needs a shell, and ${contract.image} has none`,
        undefined,
        key === 'preStop'
          ? 'a plain wait is `sleep: {seconds: N}` of the hook itself (Kubernetes 1.30)'
          : 'move it into the program or an init container',
      );
  }
  changeSecurity(container, pod, contract, changes);
}

function usesShell(exec: YAMLMap, root: YAMLMap): boolean {
  const words = commandOf(exec, root);
  return words !== undefined && /(^|\/)(ba|da|a)?sh$/.test(words[0] ?? '');
}

function commandOf(exec: YAMLMap, root: YAMLMap): readonly string[] | undefined {
  const command = findList(exec, 'command', root);
  return command === undefined ? undefined : scalarsOf(command.value, root).map((word) => textOf(word) ?? '');
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

function changeEnvironment(
  container: YAMLMap,
  { root }: Pod,
  { movedPorts, image }: ImageContract,
  changes: Changes,
): void {
  const env = findList(container, 'env', root);
  for (const variable of env === undefined ? [] : mapsOf(env.value, root)) {
    const value = findScalar(variable, 'value', root);
    const label = textOf(findScalar(variable, 'name', root)?.value) ?? '';
    const to = movedPorts.find(({ from }) => String(from) === textOf(value?.value))?.to;
    if (
      value === undefined ||
      to === undefined ||
      !/^((HTTPS?|SERVER|APP|LISTEN|NODE|FLASK_RUN|WEB|UVICORN|ASPNETCORE_HTTPS?)_)?PORTS?$/i.test(label)
    )
      continue;
    changes.change(
      replaceScalar(changes.yaml, value.value, String(to)),
      { range: rangeOf(value.value), shared: false },
      `${label} is a port below 1024`,
      `the program in ${image} listens above 1024`,
      `becomes ${to}`,
    );
  }
}

/** `command` and `args` in the place of the image's own ENTRYPOINT and CMD. */
function changeCommands(container: YAMLMap, { root }: Pod, contract: ImageContract, changes: Changes): void {
  const command = findList(container, 'command', root);
  const args = findList(container, 'args', root);
  const words = command === undefined ? [] : scalarsOf(command.value, root).map((word) => textOf(word) ?? '');
  const rest = args === undefined ? [] : scalarsOf(args.value, root).map((word) => textOf(word) ?? '');
  const all = [...words, ...rest];
  const inner = shellText(all);
  const place = command ?? args;
  if (place === undefined || all.length === 0) return;
  if (command !== undefined && /(^|\/)(ba|da|a)?sh$/.test(words[0]!) && !contract.shell) {
    const exec = inner === undefined ? undefined : toExec(parseShell(inner), new Map());
    const plain =
      exec !== undefined &&
      !('reason' in exec) &&
      exec.environment.length === 0 &&
      exec.workdir === undefined &&
      args === undefined;
    if (plain) {
      const next = exec.argv.map((word, index) => movePort(word, exec.argv[index - 1], contract.movedPorts));
      changes.change(
        replaceList(changes.yaml, command.value, next),
        { range: rangeOf(command.key), shared: false },
        `the command goes through a shell, and ${contract.image} has none`,
        'the program starts the same without one',
        `becomes ${JSON.stringify(next)}`,
      );
      return;
    }
    const why = exec !== undefined && 'reason' in exec ? `it ${exec.reason}` : undefined;
    changes.say(
      'review',
      rangeOf(command.key),
      `the command needs a shell, and ${contract.image} has none`,
      why,
      'start the program itself; what has to run before is an init container or a job',
    );
    return;
  }
  for (const list of [command, args]) {
    if (list === undefined) continue;
    const own = scalarsOf(list.value, root).map((word) => textOf(word) ?? '');
    const next = own.map((word, index) => movePort(word, own[index - 1], contract.movedPorts));
    if (next.every((word, index) => word === own[index])) continue;
    changes.change(
      replaceList(changes.yaml, list.value, next),
      { range: rangeOf(list.key), shared: false },
      'the command names a port below 1024',
      `the program in ${contract.image} listens above 1024`,
      `becomes ${JSON.stringify(next)}`,
    );
  }
}

function changeProbe(
  probe: Found<YAMLMap>,
  key: string,
  { root }: Pod,
  contract: ImageContract,
  changes: Changes,
): void {
  const { yaml } = changes;
  for (const kind of ['httpGet', 'tcpSocket', 'grpc']) {
    const request = findMap(probe.value, kind, root);
    const port = request === undefined ? undefined : findScalar(request.value, 'port', root);
    const to = contract.movedPorts.find(({ from }) => String(from) === textOf(port?.value))?.to;
    if (port === undefined || to === undefined) continue;
    changes.change(
      replaceScalar(yaml, port.value, String(to)),
      { range: rangeOf(port.value), shared: false },
      `${key} asks a port that nothing listens on`,
      `the program in ${contract.image} listens above 1024`,
      `becomes ${to}`,
    );
  }
  const exec = findMap(probe.value, 'exec', root);
  const words = exec === undefined ? undefined : commandOf(exec.value, root);
  if (exec === undefined || words === undefined) return;
  const check = readCheck(words);
  const range = rangeOf(exec.key);
  const message = `${key} does not run in ${contract.image}`;
  if ('reason' in check) {
    if (!contract.shell)
      changes.say('review', range, message, `it ${check.reason}`, 'ask from outside: httpGet, tcpSocket or grpc');
    return;
  }
  const inside = checkInside(check, contract);
  const works =
    !('reason' in inside) &&
    (!check.shell || contract.shell) &&
    inside.every((word, index) => word === check.argv[index]) &&
    inside.length === check.argv.length;
  if (works) return;
  const request: Probed | undefined =
    check.probe === undefined
      ? undefined
      : probeLines({ ...check.probe, url: moveLoopbackPorts(check.probe.url, contract.movedPorts) });
  if (request === undefined) {
    if ('reason' in inside)
      changes.say('review', range, message, inside.reason, 'ask from outside: httpGet, tcpSocket or grpc');
    else {
      const command = findList(exec.value, 'command', root)!;
      changes.change(
        replaceList(yaml, command.value, inside),
        { range: range, shared: false },
        message,
        'it has no shell',
        `becomes ${JSON.stringify(inside)}`,
      );
    }
    return;
  }
  const { end } = trimmed(yaml.text, rangeOf(exec.value));
  const place = { start: rangeOf(exec.key).start, end };
  const indent = indentOf(yaml, probe.value);
  const isFlow = probe.value.flow === true;
  const edit = isFlow ? undefined : { range: place, text: request.lines.join(`\n${indent}`) };
  changes.change(
    edit,
    { range: range, shared: false },
    message,
    `${contract.image} lacks the program; the kubelet makes the same request`,
    `becomes ${request.short}`,
  );
  if (request.strict !== undefined) changes.say('info', range, request.strict);
}

/** `runAsNonRoot` needs a number, since the image's user is a name; an own number has to be one that the image knows. */
function changeSecurity(
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
function changePod(pod: Pod, changes: Changes, around: Surroundings): void {
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

/** The Service in front of pods whose port moved goes on to the new one. */
function changeService(root: YAMLMap, changes: Changes, around: Surroundings): void {
  const spec = findMap(root, 'spec', root);
  const selector = spec === undefined ? undefined : findMap(spec.value, 'selector', root);
  const ports = spec === undefined ? undefined : findList(spec.value, 'ports', root);
  if (selector === undefined || ports === undefined) return;
  const wanted = labelsOf(selector.value, root);
  const contract = podsOf(around).find(
    ({ labels }) => wanted.size > 0 && [...wanted].every(([key, value]) => labels.get(key) === value),
  )?.contract;
  if (contract === undefined || contract.movedPorts.length === 0) return;
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
  }
}

interface KnownPod {
  readonly labels: ReadonlyMap<string, string>;
  readonly contract: ImageContract;
}

const knownPods = new WeakMap<Surroundings, readonly KnownPod[]>();

/** The pods of all manifests that run images of the project. */
function podsOf(around: Surroundings): readonly KnownPod[] {
  let known = knownPods.get(around);
  if (known === undefined) {
    known = around.files
      .filter(({ path }) => format.mayBe(path))
      .flatMap(({ text }) => {
        if (!/^\s*kind:/m.test(text)) return [];
        const yaml = readYaml(text);
        if ('problem' in yaml) return [];
        return yaml.documents.flatMap((root) => {
          const pod = podOf(root);
          const contract =
            pod &&
            containersOf(pod)
              .map((container) => contractOf(container, pod, around))
              .find((each) => each !== undefined);
          return pod === undefined || contract === undefined ? [] : [{ labels: pod.labels, contract }];
        });
      });
    knownPods.set(around, known);
  }
  return known;
}
