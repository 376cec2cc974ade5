import { Changes, notRead } from './changes.ts';
import type { DeploymentChanges, DeploymentFormat, ProjectFile, Surroundings } from './deployment.ts';
import { anyPulls, hardenedHost, takesLogin } from './login.ts';
import { findList, findMap, findScalar, mapsOf, rangeOf, readJson, scalarsOf, textOf } from './yaml-text.ts';

const name = 'renovate';

/**
 * Renovate: a rule for the registry of hardened images. It is told and not written: a secret that is named and missing
 * stops Renovate for the whole repository, and where Renovate is run by oneself the rule is often its own.
 */
export const format: DeploymentFormat = {
  name,
  mayBe: (path) => /(^|\/)(renovate\.json5?|\.renovaterc(\.json5?)?)$|^package\.json$/.test(path),
  examine,
};

function examine(file: ProjectFile, around: Surroundings): DeploymentChanges | undefined {
  if (!takesLogin(around) || !anyPulls(around.builds)) return undefined;
  const json = readJson(file.text);
  if (file.path === 'package.json' && !file.text.includes('"renovate"')) return undefined;
  if ('problem' in json) return notRead(name, 'Renovate configuration', json);
  const [whole] = json.documents;
  const isPackage = file.path === 'package.json';
  const root = whole === undefined ? undefined : isPackage ? findMap(whole, 'renovate', whole)?.value : whole;
  if (root === undefined || whole === undefined) return undefined;
  const managers = findList(root, 'enabledManagers', whole);
  if (managers !== undefined && !scalarsOf(managers.value, whole).some((each) => /docker/.test(textOf(each) ?? '')))
    return undefined;
  const rules = findList(root, 'hostRules', whole);
  const knows = (rules === undefined ? [] : mapsOf(rules.value, whole)).some((rule) =>
    /^(https:\/\/)?dhi\.io\/?$/.test(textOf(findScalar(rule, 'matchHost', whole)?.value) ?? ''),
  );
  if (knows) return undefined;
  const changes = new Changes(name, json);
  const { start } = rangeOf(rules?.key ?? root);
  changes.say(
    'review',
    { start, end: start + 1 },
    `Renovate has no login to ${hardenedHost}`,
    'without one it finds no newer hardened images',
    `add to hostRules: {"hostType": "docker", "matchHost": "${hardenedHost}", "username": "{{ secrets.DOCKERHUB_USERNAME }}", "password": "{{ secrets.DOCKERHUB_TOKEN }}"}, once Renovate has these secrets`,
  );
  changes.ask(`Give Renovate the name and an access token of a Docker account for ${hardenedHost}`);
  return changes;
}
