import { isMap, isScalar, isSeq, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import type { ImageContract } from '../compile-result.ts';
import { movePort } from '../decisions/ports.ts';
import { toExec } from '../shell/exec-form.ts';
import { parseShell } from '../shell/parse.ts';
import type { Range } from '../text/range.ts';
import { choosesBase } from './build-arguments.ts';
import { type Build, type Builds, folderOf, joinPath } from './builds.ts';
import { Changes } from './changes.ts';
import { checkInside, readCheck, shellText } from './checks.ts';
import { movePublishedPort } from './compose-ports.ts';
import type { DeploymentChanges, DeploymentFormat, Mount, ProjectFile, Surroundings } from './deployment.ts';
import { standInFor } from './public-images.ts';
import {
  entries,
  type Found,
  find,
  findList,
  findMap,
  findScalar,
  isTemplated,
  mapsOf,
  rangeOf,
  readYaml,
  replaceInside,
  replaceList,
  replaceScalar,
  scalarsOf,
  scalarToList,
  textOf,
  type YamlText,
} from './yaml-text.ts';

const name = 'compose';

/** Compose: services that build or run the project's images, and those that run public ones. */
export const format: DeploymentFormat = {
  name,
  mayBe: (path) => /(^|\/)(docker-)?compose([.-][\w.-]+)?\.ya?ml$/i.test(path),
  tell,
  mounts,
  examine,
};

interface Service {
  readonly name: string;
  readonly map: YAMLMap;
  readonly root: YAMLMap;
}

function servicesOf(yaml: YamlText): Service[] {
  return yaml.documents.flatMap((root) => {
    const services = findMap(root, 'services', root);
    if (services === undefined) return [];
    return [...entries(services.value, root)].flatMap(({ key, value }) =>
      isMap(value) ? [{ name: String(key.value), map: value, root }] : [],
    );
  });
}

interface BuildWords {
  readonly context: string;
  readonly dockerfile: string | undefined;
  readonly target: string | undefined;
}

/** What `build:` says, paths relative to the project's root. */
function buildOf({ map, root }: Service, folder: string): BuildWords | undefined {
  const build = find(map, 'build', root);
  if (build === undefined) return undefined;
  if (isScalar(build.value))
    return { context: joinPath(folder, textOf(build.value) ?? '.'), dockerfile: undefined, target: undefined };
  if (!isMap(build.value)) return undefined;
  const word = (key: string) => textOf(findScalar(build.value as YAMLMap, key, root)?.value);
  return { context: joinPath(folder, word('context') ?? '.'), dockerfile: word('dockerfile'), target: word('target') };
}

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
  if ('problem' in yaml) {
    const message = `Compose file not read: ${yaml.problem}`;
    return {
      edits: [],
      findings: [
        { rule: name, severity: 'review', range: yaml.range, message, why: undefined, fix: 'mend it and run again' },
      ],
    };
  }
  const services = servicesOf(yaml);
  if (services.length === 0) return undefined;
  const folder = folderOf(file.path);
  const changes = new Changes(name, yaml);
  const moved = new Map<string, ImageContract>();
  for (const service of services) {
    const words = buildOf(service, folder);
    const build =
      words === undefined
        ? around.builds.ofService(folder, service.name)
        : around.builds.at(words.context, words.dockerfile, words.target);
    if (build === undefined) {
      if (words === undefined) changePublicImage(service, changes, around);
      continue;
    }
    const { contract } = build;
    if (contract === undefined) continue;
    moved.set(service.name, contract);
    changeArguments(service, build, changes);
    changePorts(service, contract, changes);
    changeCommand(service, contract, changes);
    changeHealthCheck(service, contract, changes);
    changeUser(service, contract, changes);
    tellOfVolumes(service, contract, changes);
  }
  for (const service of services) changeAddresses(service, moved, changes);
  return changes;
}

function changePublicImage({ map, root }: Service, changes: Changes, around: Surroundings): void {
  const image = findScalar(map, 'image', root);
  const text = textOf(image?.value);
  if (image === undefined || text === undefined) return;
  const plain = ['command', 'entrypoint', 'user', 'volumes', 'healthcheck'].every(
    (key) => find(map, key, root) === undefined,
  );
  const standIn = standInFor(text, plain, around);
  if (standIn === undefined) return;
  const place = { range: rangeOf(image.value), shared: image.shared };
  if (standIn.caution !== undefined) {
    changes.say(
      'review',
      place.range,
      `${text} has a hardened twin: ${standIn.text}`,
      standIn.caution,
      'left as it is; change it once that is looked at',
    );
    return;
  }
  changes.change(
    replaceScalar(changes.yaml, image.value, standIn.text),
    place,
    `${text} is not a hardened image`,
    `${standIn.text} is the same software`,
    `becomes ${standIn.text}`,
  );
}

/** A build argument that chose the base image chooses nothing any more. */
function changeArguments({ map, root }: Service, { dockerfile }: Build, changes: Changes): void {
  const build = findMap(map, 'build', root);
  const args = build === undefined ? undefined : find(build.value, 'args', root)?.value;
  const names: [string, Range][] = isMap(args)
    ? [...entries(args, root)].map(({ key }) => [String(key.value), rangeOf(key)])
    : isSeq(args)
      ? scalarsOf(args, root).map((item) => [(textOf(item) ?? '').split('=')[0]!, rangeOf(item)])
      : [];
  for (const [argument, range] of names) {
    if (!choosesBase(argument, dockerfile)) continue;
    changes.say(
      'review',
      range,
      `${argument} no longer chooses the base image of ${dockerfile.path}`,
      'the migrated FROM names its image',
      'take the argument out, or choose the image in the Dockerfile',
    );
  }
}

function changePorts({ map, root }: Service, { movedPorts, image }: ImageContract, changes: Changes): void {
  if (movedPorts.length === 0) return;
  const { yaml } = changes;
  const why = `the program in ${image} listens above 1024`;
  for (const key of ['ports', 'expose'] as const) {
    const list = findList(map, key, root);
    if (list === undefined) continue;
    for (const item of scalarsOf(list.value, root)) {
      const text = textOf(item) ?? '';
      const next = movePublishedPort(text, movedPorts, key === 'expose');
      if (next === undefined) continue;
      const edit = next === 'range' ? undefined : replaceScalar(yaml, item, next);
      changes.change(
        edit,
        { range: rangeOf(item), shared: list.shared },
        `${key} ${text} leads to a port that nothing listens on`,
        why,
        next === 'range' ? 'name the new port in the range' : `becomes ${next}`,
      );
    }
    for (const item of key === 'ports' ? mapsOf(list.value, root) : []) {
      const target = findScalar(item, 'target', root);
      const to = movedPorts.find(({ from }) => String(from) === textOf(target?.value))?.to;
      if (target === undefined || to === undefined) continue;
      changes.change(
        replaceScalar(yaml, target.value, String(to)),
        { range: rangeOf(target.value), shared: list.shared || target.shared },
        `port ${textOf(target.value)} is one that nothing listens on`,
        why,
        `becomes ${to}`,
      );
    }
  }
  for (const { scalar, variable, value, shared } of environmentOf(map, root)) {
    const to = movedPorts.find(({ from }) => String(from) === value)?.to;
    if (
      to === undefined ||
      !/^((HTTPS?|SERVER|APP|LISTEN|NODE|FLASK_RUN|WEB|UVICORN|ASPNETCORE_HTTPS?)_)?PORTS?$/i.test(variable)
    )
      continue;
    const edit = isPairText(scalar, variable)
      ? replaceScalar(yaml, scalar, `${variable}=${to}`)
      : replaceScalar(yaml, scalar, String(to));
    changes.change(edit, { range: rangeOf(scalar), shared }, `${variable} is a port below 1024`, why, `becomes ${to}`);
  }
}

interface Variable {
  readonly scalar: Scalar;
  readonly variable: string;
  readonly value: string;
  readonly shared: boolean;
}

/** `environment:` in both of its forms. */
function environmentOf(map: YAMLMap, root: YAMLMap): Variable[] {
  const environment = find(map, 'environment', root);
  if (environment === undefined) return [];
  const { value, shared } = environment;
  if (isMap(value))
    return [...entries(value, root)].flatMap(({ key, value: node, shared: own }) =>
      isScalar(node)
        ? [{ scalar: node, variable: String(key.value), value: textOf(node) ?? '', shared: shared || own }]
        : [],
    );
  if (!isSeq(value)) return [];
  return scalarsOf(value, root).flatMap((scalar) => {
    const text = textOf(scalar) ?? '';
    const equals = text.indexOf('=');
    return equals < 1 ? [] : [{ scalar, variable: text.slice(0, equals), value: text.slice(equals + 1), shared }];
  });
}

function isPairText(scalar: Scalar, variable: string): boolean {
  return (textOf(scalar) ?? '').startsWith(`${variable}=`);
}

/** `command` and `entrypoint` in the place of the image's own. */
function changeCommand({ map, root, name: service }: Service, contract: ImageContract, changes: Changes): void {
  const { yaml } = changes;
  for (const key of ['entrypoint', 'command'] as const) {
    const found = find(map, key, root);
    if (found === undefined) continue;
    const words = wordsOf(found, root);
    if (words === undefined || words.length === 0) continue;
    const place = { range: rangeOf(found.value), shared: found.shared };
    const inner = shellText(words);
    const exec = inner === undefined ? undefined : toExec(parseShell(inner), new Map());
    if (inner !== undefined && !contract.shell) {
      const needs = exec === undefined || 'reason' in exec || exec.environment.length > 0 || exec.workdir !== undefined;
      if (needs) {
        changes.say(
          'review',
          place.range,
          `the ${key} of ${service} needs a shell, and ${contract.image} has none`,
          exec !== undefined && 'reason' in exec ? `it ${exec.reason}` : undefined,
          contract.buildStage === undefined
            ? 'start the program itself'
            : `start the program itself, or build \`target: ${contract.buildStage}\`, which has a shell`,
        );
        continue;
      }
    }
    const start =
      inner !== undefined && !contract.shell && exec !== undefined && !('reason' in exec) ? exec.argv : words;
    const program = start[0]!;
    if (
      /^(npm|npx|yarn|pnpm|bash|sh|apt-get|apk|poetry|pipenv|uv|bundle|composer|mvn|gradle|go|nodemon|air)$/.test(
        program,
      ) &&
      !(contract.shell && /^(ba)?sh$/.test(program)) &&
      contract.start.after?.[0] !== program
    ) {
      changes.say(
        'review',
        place.range,
        `the ${key} of ${service} starts ${program}, which ${contract.image} does not have`,
        undefined,
        contract.buildStage === undefined
          ? 'start the program itself'
          : `start the program itself, or build \`target: ${contract.buildStage}\``,
      );
      continue;
    }
    const next = start.map((word, index) => movePort(word, start[index - 1], contract.movedPorts));
    if (next.length === words.length && next.every((word, index) => word === words[index])) continue;
    const edit = isSeq(found.value)
      ? replaceList(yaml, found.value, next)
      : isScalar(found.value)
        ? scalarToList(yaml, found.value, next)
        : undefined;
    const shellGoes = start !== words;
    changes.change(
      edit,
      place,
      shellGoes
        ? `the ${key} of ${service} goes through a shell, and ${contract.image} has none`
        : `the ${key} of ${service} names a port below 1024`,
      shellGoes ? 'the program starts the same without one' : `the program in ${contract.image} listens above 1024`,
      `becomes ${JSON.stringify(next)}`,
    );
  }
}

/** The words of a command: a list as it is, a text as Compose splits it. Undefined where a variable decides. */
function wordsOf({ value }: Found, root: YAMLMap): readonly string[] | undefined {
  if (isSeq(value)) {
    const words = scalarsOf(value, root).map(textOf);
    return words.length === value.items.length && words.every((word) => word !== undefined)
      ? (words as string[])
      : undefined;
  }
  const text = textOf(value);
  if (text === undefined) return undefined;
  const script = parseShell(text);
  const [statement] = script.statements;
  if (script.problem !== undefined || script.statements.length !== 1 || statement?.node.kind !== 'command')
    return undefined;
  if (statement.node.assignments.length > 0) return undefined;
  const words = statement.node.words.map((word) => word.value);
  return words.every((word) => word !== undefined) ? (words as string[]) : undefined;
}

function changeHealthCheck({ map, root, name: service }: Service, contract: ImageContract, changes: Changes): void {
  const health = findMap(map, 'healthcheck', root);
  const test = health === undefined ? undefined : find(health.value, 'test', root);
  if (health === undefined || test === undefined) return;
  const range = rangeOf(test.value);
  const place = { range, shared: health.shared || test.shared };
  const words = isSeq(test.value) ? scalarsOf(test.value, root).map((item) => textOf(item) ?? '') : undefined;
  const text = words === undefined ? textOf(test.value) : undefined;
  if (words?.[0] === 'NONE' || text === 'NONE') return;
  const command = text ?? (words?.[0] === 'CMD-SHELL' ? (words[1] ?? '') : (words?.slice(1) ?? []));
  const usesShell = typeof command === 'string' || shellText(command) !== undefined;
  const check = readCheck(command);
  const message = `the health check of ${service} does not run in ${contract.image}`;
  if ('reason' in check) {
    if (!usesShell || contract.shell) return;
    changes.say(
      'review',
      range,
      message,
      `it ${check.reason}`,
      'write it as one program that the image has, or ask from outside',
    );
    return;
  }
  const inside = checkInside(check, contract);
  if ('reason' in inside) {
    changes.say('review', range, message, inside.reason, 'take it out, or give the program a check of its own');
    return;
  }
  const same = inside.length === check.argv.length && inside.every((word, index) => word === check.argv[index]);
  if (same && (!check.shell || contract.shell)) return;
  const list = ['CMD', ...inside];
  const edit = isSeq(test.value)
    ? replaceList(changes.yaml, test.value as YAMLSeq, list)
    : isScalar(test.value)
      ? scalarToList(changes.yaml, test.value, list)
      : undefined;
  changes.change(
    edit,
    place,
    message,
    contract.shell
      ? 'the port or the program is another one now'
      : 'it has no shell, and only the programs of its packages',
    `becomes ${JSON.stringify(list)}`,
  );
}

function changeUser({ map, root, name: service }: Service, { user, image }: ImageContract, changes: Changes): void {
  const found = findScalar(map, 'user', root);
  const text = textOf(found?.value);
  if (found === undefined || text === undefined) return;
  const place = { range: rangeOf(found.value), shared: found.shared };
  const own = text.split(':')[0]!;
  if (own === 'root' || own === '0') {
    changes.say(
      'review',
      place.range,
      `${service} runs as root`,
      `${image} is made to run as ${user.name} (${user.uid})`,
      'take the line out if nothing needs root',
    );
  } else if (!/^\d+$/.test(own) && !own.includes('$') && own !== user.name) {
    const next = `${user.uid}:${user.gid}`;
    changes.change(
      replaceScalar(changes.yaml, found.value, next),
      place,
      `user ${own} does not exist in ${image}`,
      `its user is ${user.name}`,
      `becomes ${next}`,
    );
  }
}

/** Data that another user wrote: who owns it is decided on the machine that holds it, never here. */
function tellOfVolumes({ map, root, name: service }: Service, { user }: ImageContract, changes: Changes): void {
  const before = user.before?.split(':')[0];
  if (before === `${user.uid}` || before === user.name || user.uid === 0 || find(map, 'user', root) !== undefined)
    return;
  for (const { source, target, range } of volumesOf({ map, root, name: service })) {
    // a file, the project itself and a socket hold no data of the program
    if (/\.\w+$/.test(target) || source === '.' || source === './' || target.endsWith('.sock')) continue;
    const named = isNamedVolume(source);
    const what = named ? `the volume ${source}` : `the folder ${source}`;
    const mount = named ? `<project>_${source}` : source;
    changes.say(
      'review',
      range,
      `${what} belongs to the user that ${service} ran as before`,
      `the program runs as ${user.name} (${user.uid}) now, and writes to ${target} only if it may`,
      `once, where it holds data already: docker run --rm -u 0 -v ${mount}:/data busybox chown -R ${user.uid}:${user.gid} /data`,
    );
  }
}

interface Volume {
  readonly source: string;
  readonly target: string;
  readonly range: Range;
}

/** The volumes that a service may write to, in both of their forms. */
function volumesOf({ map, root }: Service): Volume[] {
  const list = findList(map, 'volumes', root);
  if (list === undefined) return [];
  const short = scalarsOf(list.value, root).flatMap((item): Volume[] => {
    const [source, target, mode] = (textOf(item) ?? '').split(':');
    const writes = source !== undefined && target !== undefined && !/(^|,)ro(,|$)/.test(mode ?? '');
    return writes ? [{ source, target, range: rangeOf(item) }] : [];
  });
  const long = mapsOf(list.value, root).flatMap((item): Volume[] => {
    const word = (key: string) => textOf(findScalar(item, key, root)?.value);
    const [source, target] = [word('source'), word('target')];
    const writes = word('read_only') !== 'true' && word('type') !== 'tmpfs';
    return source !== undefined && target !== undefined && writes ? [{ source, target, range: rangeOf(item) }] : [];
  });
  return [...short, ...long];
}

function isNamedVolume(source: string): boolean {
  return /^[A-Za-z0-9][\w.-]*$/.test(source);
}

/** Addresses of a service whose port moved, in what other services are told: `http://web`, `web:80`. */
function changeAddresses({ map, root }: Service, moved: ReadonlyMap<string, ImageContract>, changes: Changes): void {
  const places = [
    ...environmentOf(map, root),
    ...['command', 'entrypoint'].flatMap((key) => {
      const list = findList(map, key, root);
      return list === undefined
        ? []
        : scalarsOf(list.value, root).map((scalar) => ({ scalar, value: textOf(scalar) ?? '', shared: list.shared }));
    }),
  ];
  for (const { scalar, value, shared } of places) {
    for (const [service, { movedPorts, image }] of moved) {
      const address = addressOf(value, service, movedPorts);
      if (address === undefined) continue;
      const range = rangeOf(scalar);
      const edit = isTemplated(changes.yaml, range)
        ? undefined
        : replaceInside(changes.yaml, scalar, address.before, address.after);
      changes.change(
        edit,
        { range, shared },
        `${address.before} leads to a port that nothing listens on`,
        `${service} in ${image} listens on ${address.port}`,
        `becomes ${address.after}`,
      );
    }
  }
}

function addressOf(
  text: string,
  service: string,
  moved: ImageContract['movedPorts'],
): { before: string; after: string; port: number } | undefined {
  for (const { from, to } of moved) {
    const host = service.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const found = new RegExp(`(?<![\\w.-])(https?://)?${host}(?::(\\d+))?(?![\\w.:-])`).exec(text);
    if (found === null) continue;
    const [before, scheme, port] = found;
    const usual = scheme === 'https://' ? 443 : scheme === 'http://' ? 80 : undefined;
    if ((port === undefined ? usual : Number(port)) !== from) continue;
    return { before, after: `${scheme ?? ''}${service}:${to}`, port: to };
  }
  return undefined;
}
