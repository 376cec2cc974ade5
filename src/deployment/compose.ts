import { isMap, isSeq, type Node, type YAMLMap } from 'yaml';
import { argumentTrouble, type BuildArgument } from './build-arguments.ts';
import { type Build, type Builds, folderOf, joinPath } from './builds.ts';
import { Changes, notRead } from './changes.ts';
import { changeCommand, changeHealthCheck } from './compose-commands.ts';
import { changeAddresses, changePorts, type Listening, lowPorts } from './compose-ports.ts';
import { buildOf, isNamedVolume, type Service, servicesOf, volumesOf } from './compose-services.ts';
import { changeUser, tellOfVolumes } from './compose-users.ts';
import type { DeploymentChanges, DeploymentFormat, Mount, ProjectFile, Surroundings } from './deployment.ts';
import { standInFor } from './public-images.ts';
import { replaceScalar } from './yaml-edits.ts';
import { entries, find, findMap, findScalar, rangeOf, readYaml, scalarsOf, textOf } from './yaml-text.ts';

const name = 'compose';

/** Compose: services that build or run the project's images, and those that run public ones. */
export const format: DeploymentFormat = {
  name,
  mayBe: (path) => /(^|\/)(docker-)?compose([.-][\w.-]+)?\.ya?ml$/i.test(path),
  tell,
  mounts,
  examine,
};

function tell(file: ProjectFile, builds: Builds): void {
  const yaml = readYaml(file.text);
  if ('problem' in yaml) return;
  const folder = folderOf(file.path);
  for (const service of servicesOf(yaml)) {
    const words = buildOf(service, folder);
    if (words === undefined) continue;
    builds.nameService(folder, service.name, words);
    const build = builds.at(words.context, words.dockerfile, words.target);
    const image = textOf(findScalar(service.map, 'image', service.root)?.value);
    if (build !== undefined && image !== undefined) builds.nameImage(image, build);
  }
}

function mounts(file: ProjectFile): Mount[] {
  const yaml = readYaml(file.text);
  if ('problem' in yaml) return [];
  return servicesOf(yaml).flatMap((service) => {
    const words = buildOf(service, folderOf(file.path));
    if (words === undefined) return [];
    const dockerfile = joinPath(words.context, words.dockerfile ?? 'Dockerfile');
    return volumesOf(service).flatMap(({ source, target }) =>
      isNamedVolume(source) && target.startsWith('/') ? [{ dockerfile, path: target }] : [],
    );
  });
}

function examine(file: ProjectFile, around: Surroundings): DeploymentChanges | undefined {
  const yaml = readYaml(file.text);
  if ('problem' in yaml) return notRead(name, 'Compose file', yaml);
  const services = servicesOf(yaml);
  if (services.length === 0) return undefined;
  const folder = folderOf(file.path);
  const changes = new Changes(name, yaml);
  const moved = new Map<string, Listening>();
  for (const service of services) {
    const words = buildOf(service, folder);
    const build =
      words === undefined
        ? around.builds.ofService(folder, service.name)
        : around.builds.at(words.context, words.dockerfile, words.target);
    if (build === undefined) {
      const listening = words === undefined ? changePublicImage(service, changes, around) : undefined;
      if (listening !== undefined) moved.set(service.name, listening);
      if (listening !== undefined) changePorts(service, listening, changes);
      continue;
    }
    const { contract } = build;
    if (contract === undefined) continue;
    moved.set(service.name, contract);
    changeArguments(service, build, changes, around);
    changePorts(service, contract, changes);
    changeCommand(service, contract, changes);
    changeHealthCheck(service, contract, changes);
    changeUser(service, contract, changes);
    tellOfVolumes(service, contract, changes);
  }
  for (const service of services) changeAddresses(service, moved, changes);
  return changes;
}

/** A public image becomes its hardened twin where nothing depends on what differs; gives what it listens on then. */
function changePublicImage(service: Service, changes: Changes, around: Surroundings): Listening | undefined {
  const { map, root } = service;
  const image = findScalar(map, 'image', root);
  const text = textOf(image?.value);
  if (image === undefined || text === undefined) return undefined;
  const plain = ['command', 'entrypoint', 'user', 'volumes', 'configs', 'healthcheck', 'environment', 'env_file'].every(
    (key) => find(map, key, root) === undefined,
  );
  const standIn = standInFor(text, plain, around);
  if (standIn === undefined) return undefined;
  const place = { range: rangeOf(image.value), shared: image.shared };
  const left = lowPorts(service).find((port) => !standIn.movedPorts.some(({ from }) => from === port));
  const caution =
    standIn.caution ??
    (left === undefined ? undefined : `it listens on ${left}, and ${standIn.text} runs as ${standIn.user.name}`);
  if (caution !== undefined) {
    changes.say(
      'review',
      place.range,
      `${text} has a hardened twin: ${standIn.text}`,
      caution,
      'left as it is; change it once that is looked at',
    );
    return undefined;
  }
  changes.change(
    replaceScalar(changes.yaml, image.value, standIn.text),
    place,
    `${text} is not a hardened image`,
    `${standIn.text} is the same software`,
    `becomes ${standIn.text}`,
  );
  return { movedPorts: standIn.movedPorts, image: standIn.text };
}

/** Build arguments that choose a base image no more, or one that there is not. */
function changeArguments({ map, root }: Service, { dockerfile }: Build, changes: Changes, around: Surroundings): void {
  const build = findMap(map, 'build', root);
  const args = build === undefined ? undefined : find(build.value, 'args', root)?.value;
  for (const argument of argumentsOf(args, root)) {
    const trouble = argumentTrouble(argument, dockerfile, around);
    if (trouble !== undefined) changes.say('review', argument.range, trouble.message, trouble.why, trouble.fix);
  }
}

/** `args:` in both of its forms; a value with a variable in it is not known. */
function argumentsOf(args: Node | undefined, root: YAMLMap): BuildArgument[] {
  const known = (value: string | undefined) => (value?.includes('$') === true ? undefined : value);
  if (isMap(args))
    return [...entries(args, root)].map(({ key, value }) => ({
      name: String(key.value),
      value: known(textOf(value)),
      range: rangeOf(key),
    }));
  if (!isSeq(args)) return [];
  return scalarsOf(args, root).map((item) => {
    const [name, ...value] = (textOf(item) ?? '').split('=');
    return { name: name!, value: value.length === 0 ? undefined : known(value.join('=')), range: rangeOf(item) };
  });
}
