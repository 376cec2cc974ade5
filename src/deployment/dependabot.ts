import { isMap, isSeq, type YAMLMap } from 'yaml';
import { Changes, notRead } from './changes.ts';
import type { DeploymentChanges, DeploymentFormat, ProjectFile, Surroundings } from './deployment.ts';
import { anyPulls, hardenedHost, takesLogin } from './login.ts';
import { insertAfter, insertItem } from './yaml-edits.ts';
import {
  entries,
  type Found,
  find,
  findList,
  findMap,
  findScalar,
  mapsOf,
  rangeOf,
  readYaml,
  scalarsOf,
  textOf,
} from './yaml-text.ts';

const name = 'dependabot';

/** Dependabot: the registry of hardened images for the updates of images that are configured already. */
export const format: DeploymentFormat = {
  name,
  mayBe: (path) => /(^|\/)\.github\/dependabot\.ya?ml$/.test(path),
  examine,
};

function examine(file: ProjectFile, around: Surroundings): DeploymentChanges | undefined {
  if (!takesLogin(around) || !anyPulls(around.builds)) return undefined;
  const yaml = readYaml(file.text);
  if ('problem' in yaml) return notRead(name, 'Dependabot configuration', yaml);
  const [root] = yaml.documents;
  const updates = root && findList(root, 'updates', root);
  if (root === undefined || updates === undefined) return undefined;
  const docker = mapsOf(updates.value, root).filter((update) =>
    /^docker(-compose)?$/.test(textOf(findScalar(update, 'package-ecosystem', root)?.value) ?? ''),
  );
  const registries = findMap(root, 'registries', root);
  const known = registries && entries(registries.value, root).find(({ value }) => isHardened(value, root));
  const label = known === undefined ? 'dhi' : String(known.key.value);
  const blind = docker.filter((update) => !sees(update, label, root));
  if (blind.length === 0) return undefined;
  const changes = new Changes(name, yaml);
  if (known === undefined) addRegistry(root, registries, updates, changes);
  for (const update of blind) {
    const ecosystem = findScalar(update, 'package-ecosystem', root)!;
    const list = findList(update, 'registries', root);
    changes.change(
      list === undefined
        ? insertAfter(yaml, update, ecosystem, [`registries: [${label}]`])
        : insertItem(yaml, list.value, label, 'last'),
      { range: rangeOf(ecosystem.key), shared: list?.shared === true },
      `updates of images do not see ${hardenedHost}`,
      'an update uses the registries that it names',
      `it names ${label}`,
    );
  }
  return changes;
}

function isHardened(value: unknown, root: YAMLMap): boolean {
  if (!isMap(value)) return false;
  const url = textOf(findScalar(value, 'url', root)?.value) ?? '';
  return /^(https:\/\/)?dhi\.io\/?$/.test(url);
}

/** Whether an update may use a registry: all of them, or this one. */
function sees(update: YAMLMap, label: string, root: YAMLMap): boolean {
  const registries = find(update, 'registries', root)?.value;
  return isSeq(registries)
    ? scalarsOf(registries, root).some((each) => textOf(each) === label)
    : textOf(registries) === '*';
}

function addRegistry(root: YAMLMap, registries: Found<YAMLMap> | undefined, updates: Found, changes: Changes): void {
  const lines = [
    'dhi:',
    '  type: docker-registry',
    `  url: https://${hardenedHost}`,
    '  username: ${{ secrets.DOCKERHUB_USERNAME }}',
    '  password: ${{ secrets.DOCKERHUB_TOKEN }}',
  ];
  const [last] = registries === undefined ? [] : entries(registries.value, root).slice(-1);
  const { start } = rangeOf(updates.key);
  const edit =
    registries === undefined
      ? { range: { start, end: start }, text: `registries:\n${lines.map((line) => `  ${line}\n`).join('')}` }
      : last && insertAfter(changes.yaml, registries.value, last, lines);
  changes.change(
    edit,
    { range: rangeOf((registries ?? updates).key), shared: registries?.shared === true },
    `Dependabot has no login to ${hardenedHost}`,
    `${hardenedHost} takes the name and a token of a Docker account, and answers 401 without`,
    'the registry is added; the secrets DOCKERHUB_USERNAME and DOCKERHUB_TOKEN have to exist among those of Dependabot',
  );
  changes.ask(
    'Create the secrets DOCKERHUB_USERNAME and DOCKERHUB_TOKEN for Dependabot (they are not those of GitHub Actions): name and access token of a Docker account',
  );
}
