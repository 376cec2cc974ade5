import { isMap, isScalar, type YAMLMap } from 'yaml';
import type { ImageContract } from '../compile-result.ts';
import { type Build, folderOf, joinPath } from './builds.ts';
import { Changes, notRead } from './changes.ts';
import { movePublishedPort } from './compose-ports.ts';
import type { DeploymentChanges, DeploymentFormat, ProjectFile, Surroundings } from './deployment.ts';
import { replaceScalar } from './yaml-edits.ts';
import {
  entries,
  type Found,
  find,
  findList,
  findMap,
  findScalar,
  rangeOf,
  readJson,
  scalarsOf,
  textOf,
} from './yaml-text.ts';

const name = 'devcontainer';

/** Development containers: the stage that they are built from, and the ports that they forward. */
export const format: DeploymentFormat = {
  name,
  mayBe: (path) => /(^|\/)(\.devcontainer\/([^/]+\/)?devcontainer|\.devcontainer)\.json$/.test(path),
  examine,
};

function examine(file: ProjectFile, around: Surroundings): DeploymentChanges | undefined {
  const json = readJson(file.text);
  if ('problem' in json) return notRead(name, 'development container', json);
  const [root] = json.documents;
  if (root === undefined) return undefined;
  const changes = new Changes(name, json);
  const built = buildOf(root, folderOf(file.path), around);
  if (built?.contract === undefined) return undefined;
  if (built.place !== undefined) changeTarget(built.place, root, built.contract, changes);
  else tellOfService(root, built.contract, changes);
  changePorts(root, built.contract, changes);
  return changes;
}

/** What the container is built from; `place` is `build:`, undefined where Compose builds it. */
function buildOf(
  root: YAMLMap,
  folder: string,
  { builds }: Surroundings,
): (Build & { readonly place: Found<YAMLMap> | undefined }) | undefined {
  const word = (map: YAMLMap, key: string) => textOf(findScalar(map, key, root)?.value);
  const service = word(root, 'service');
  const compose = find(root, 'dockerComposeFile', root)?.value;
  const first = isScalar(compose) ? textOf(compose) : compose && textOf((compose as { items?: unknown[] }).items?.[0]);
  if (service !== undefined && first !== undefined) {
    const build = builds.ofService({ folder: folderOf(joinPath(folder, first)), service });
    return build && { ...build, place: undefined };
  }
  const place = findMap(root, 'build', root);
  const dockerfile = place === undefined ? word(root, 'dockerFile') : word(place.value, 'dockerfile');
  if (dockerfile === undefined) return undefined;
  const target = place === undefined ? undefined : word(place.value, 'target');
  const build = builds.at(folder, dockerfile, target);
  return build && { ...build, place };
}

/** A development container needs the shell and the tools that the final stage has no longer. */
function changeTarget(build: Found<YAMLMap>, root: YAMLMap, contract: ImageContract, changes: Changes): void {
  if (contract.shell || find(build.value, 'target', root) !== undefined) return;
  const dockerfile = findScalar(build.value, 'dockerfile', root)!;
  const { buildStage } = contract;
  const range = rangeOf(dockerfile.value);
  const message = `the development container is built from ${contract.image}, which has no shell`;
  const why = 'an editor starts its server in it with a shell';
  if (buildStage === undefined) {
    changes.say('review', range, message, why, 'name a stage that has a shell as its target');
    return;
  }
  const edit = { range: { start: range.end, end: range.end }, text: `, "target": ${JSON.stringify(buildStage)}` };
  changes.change(edit, { range, shared: false }, message, why, `its target is ${buildStage}`, 'review');
}

/** The same where Compose builds it: the file that the service is built by may be the one that is shipped. */
function tellOfService(root: YAMLMap, { image, shell, buildStage }: ImageContract, changes: Changes): void {
  const service = findScalar(root, 'service', root);
  if (shell || service === undefined) return;
  changes.say(
    'review',
    rangeOf(service.value),
    `the development container is the service ${textOf(service.value)} on ${image}, which has no shell`,
    'an editor starts its server in it with a shell',
    `build ${buildStage === undefined ? 'a stage that has a shell' : `\`target: ${buildStage}\``} in a Compose file of the development container`,
  );
}

function changePorts(root: YAMLMap, { movedPorts, image }: ImageContract, changes: Changes): void {
  const why = `the program in ${image} listens above 1024`;
  const listed = ['forwardPorts', 'appPort'].flatMap((key) => {
    const value = find(root, key, root)?.value;
    const list = findList(root, key, root);
    return list !== undefined ? scalarsOf(list.value, root) : isScalar(value) ? [value] : [];
  });
  const service = textOf(findScalar(root, 'service', root)?.value);
  for (const port of listed) {
    const text = textOf(port) ?? '';
    const next = movePublishedPort(text, movedPorts, false);
    // `db:5432` is a port of another container; `8080:80` one of this
    const host = text.slice(0, Math.max(0, text.lastIndexOf(':')));
    const elsewhere = !/^[\d.:]*$/.test(host) && host !== service;
    if (next === undefined || next === 'range' || elsewhere) continue;
    changes.change(
      replaceScalar(changes.yaml, port, next),
      { range: rangeOf(port), shared: false },
      `port ${text} is one that nothing listens on`,
      why,
      `becomes ${next}`,
    );
  }
  const attributes = findMap(root, 'portsAttributes', root);
  for (const { key, value } of attributes === undefined ? [] : entries(attributes.value, root)) {
    const to = movedPorts.find(({ from }) => String(from) === String(key.value))?.to;
    if (to === undefined || !isMap(value)) continue;
    changes.change(
      replaceScalar(changes.yaml, key, String(to)),
      { range: rangeOf(key), shared: false },
      `port ${key.value} is one that nothing listens on`,
      why,
      `becomes ${to}`,
    );
  }
}
