import { isMap, isScalar, isSeq, type Node, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Edit } from '../text/edit.ts';
import { joinPath } from './builds.ts';
import { Changes, notRead } from './changes.ts';
import type { DeploymentChanges, DeploymentFormat, ProjectFile, Surroundings } from './deployment.ts';
import { askedBuild, type BuildCommand, buildCommands } from './docker-build.ts';
import { anyPulls, buildsAll, buildsPull, hardenedHost, noLogin, scriptLogsIn, takesLogin, whyLogin } from './login.ts';
import { indentOf, insertItem } from './yaml-edits.ts';
import { entries, find, findMap, rangeOf, readYaml, textOf, type YamlText } from './yaml-text.ts';

const name = 'gitlab-ci';

/** GitLab CI: a login to the registry of hardened images in each job that builds, and jobs that run in built images. */
export const format: DeploymentFormat = {
  name,
  mayBe: (path) => /(^|\/)(\.gitlab-ci[\w.-]*|\.gitlab\/.+)\.ya?ml$/i.test(path),
  tell: (file, builds) => {
    const yaml = readYaml(file.text);
    if ('problem' in yaml) return;
    for (const job of jobsOf(yaml))
      for (const { context, dockerfile, target, tags } of buildsOf(job)) {
        const build = builds.at(context, dockerfile, target);
        for (const tag of build === undefined ? [] : tags) builds.nameImage(own(tag), build!);
      }
  },
  asks: (file) => {
    const yaml = readYaml(file.text);
    return 'problem' in yaml ? [] : jobsOf(yaml).flatMap((job) => buildsOf(job).map(askedBuild));
  },
  examine,
};

/** A job, a hidden one that others extend, or `default:`. */
interface Job {
  readonly name: string;
  readonly map: YAMLMap;
  readonly root: YAMLMap;
}

const noJobs: ReadonlySet<string> = new Set(
  'include stages variables workflow image services cache before_script after_script spec'.split(' '),
);

function jobsOf({ documents }: YamlText): Job[] {
  return documents.flatMap((root) =>
    entries(root, root).flatMap(({ key, value }) =>
      isMap(value) && !noJobs.has(String(key.value)) ? [{ name: String(key.value), map: value, root }] : [],
    ),
  );
}

/** The lines of `script:` and its like; lists in lists are one list. */
function linesOf({ map, root }: Job, key: string): string[] {
  const texts = (node: Node | undefined, depth: number): string[] =>
    isSeq(node) && depth < 8
      ? node.items.flatMap((item) => texts(item as Node, depth + 1))
      : isScalar(node)
        ? [textOf(node) ?? '']
        : [];
  return texts(find(map, key, root)?.value, 0);
}

function buildsOf(job: Job): BuildCommand[] {
  const script = linesOf(job, 'script').join('\n');
  // after a change of folder, paths mean something else
  if (/(^|[\s;&|])cd\s/.test(script)) return [];
  return buildCommands(script).map((build) => ({ ...build, context: joinPath('', build.context) }));
}

/** An image of the project's own registry, under a name that any tool would read. */
function own(image: string): string {
  return image.replace(/\$\{?CI_REGISTRY_IMAGE\}?/, 'ci-registry-image');
}

function examine(file: ProjectFile, around: Surroundings): DeploymentChanges | undefined {
  const yaml = readYaml(file.text);
  if ('problem' in yaml) return notRead(name, 'pipeline', yaml);
  const changes = new Changes(name, yaml);
  const jobs = jobsOf(yaml);
  for (const job of jobs) {
    if (takesLogin(around)) changeLogin(job, jobs, changes, around);
    tellOfImage(job, changes, around);
  }
  return changes;
}

function changeLogin(job: Job, jobs: readonly Job[], changes: Changes, around: Surroundings): void {
  const { builds } = around;
  const { map, root } = job;
  const found = find(map, 'script', root);
  const script = linesOf(job, 'script').join('\n');
  if (found === undefined) return;
  const place = { range: rangeOf(found.key), shared: found.shared };
  if (/\/kaniko\/executor\b/.test(script) && anyPulls(builds)) {
    if (!script.includes(hardenedHost))
      changes.say(
        'review',
        place.range,
        noLogin,
        whyLogin,
        `name ${hardenedHost} in /kaniko/.docker/config.json as well`,
      );
    return;
  }
  const asked = buildCommands(script);
  const needs = asked.length > 0 ? buildsPull(known(job, asked), builds) : buildsAll(script) && anyPulls(builds);
  if (!needs || [job, ...before(job, jobs)].some((each) => logsIn(each))) return;
  const { user, password } = credentials([job, ...before(job, jobs), ...jobs]);
  const line = `echo "${password}" | ${program(script)} login ${hardenedHost} --username "${user}" --password-stdin`;
  const { edit, shared } = loginEdit(job, jobs, line, changes.yaml);
  changes.change(
    edit,
    { range: place.range, shared },
    noLogin,
    whyLogin,
    `the job logs in before it; the variables ${bare(user)} and ${bare(password)} have to exist`,
  );
  if (user === newCredentials.user)
    changes.ask(
      `Create the masked CI/CD variables ${bare(user)} and ${bare(password)} in GitLab: name and access token of a Docker account`,
    );
}

/** Builds whose place is known; those behind a change of folder are not. */
function known(job: Job, asked: readonly BuildCommand[]): readonly BuildCommand[] {
  const placed = buildsOf(job);
  return placed.length > 0 ? placed : asked.map((build) => ({ ...build, context: '..' }));
}

function logsIn(job: Job): boolean {
  return scriptLogsIn([...linesOf(job, 'before_script'), ...linesOf(job, 'script')].join('\n'));
}

/** What stands for `before_script` where a job has none of its own: what it extends, then what holds for all. */
function before({ map, root }: Job, jobs: readonly Job[]): Job[] {
  const extended = find(map, 'extends', root)?.value;
  const names = isSeq(extended) ? extended.items.map(textOf) : [textOf(extended)];
  return [
    ...jobs.filter((job) => names.includes(job.name)),
    ...jobs.filter((job) => job.name === 'default' && job.root === root),
    { name: '', map: root, root },
  ];
}

/** The login as the last of the job's own `before_script`, as that alone, or before all of its script. */
function loginEdit(
  job: Job,
  jobs: readonly Job[],
  line: string,
  yaml: YamlText,
): { edit: Edit | undefined; shared: boolean } {
  const { map, root } = job;
  const own = find(map, 'before_script', root);
  const script = find(map, 'script', root)!;
  if (own !== undefined && !own.shared && isSeq(own.value))
    return { edit: insertItem(yaml, own.value, line, 'last'), shared: false };
  const inherits =
    own !== undefined ||
    find(map, 'extends', root) !== undefined ||
    before(job, jobs).some((each) => find(each.map, 'before_script', each.root) !== undefined);
  if (inherits)
    return {
      edit: isSeq(script.value) ? insertItem(yaml, script.value as YAMLSeq, line, 'first') : undefined,
      shared: script.shared,
    };
  const { start } = rangeOf(script.key);
  const indent = indentOf(yaml, map);
  const text = `before_script:\n${indent}  - ${line}\n${indent}`;
  return { edit: map.flow === true ? undefined : { range: { start, end: start }, text }, shared: script.shared };
}

function program(script: string): string {
  return /\b(podman|buildah)\s+(build|bud)\b/.exec(script)?.[1] ?? 'docker';
}

function bare(variable: string): string {
  return variable.replace(/[${}]/g, '');
}

const newCredentials = { user: '$DOCKERHUB_USERNAME', password: '$DOCKERHUB_TOKEN' };

/** The variables of a login to Docker Hub that the pipeline has already, since the account is the same; else names to be made. */
function credentials(jobs: readonly Job[]): { user: string; password: string } {
  for (const job of jobs) {
    for (const line of [...linesOf(job, 'before_script'), ...linesOf(job, 'script')]) {
      const words = /\bdocker login\b([^\n|;&]*)/.exec(line)?.[1];
      if (
        words === undefined ||
        !/(^|\s)(docker\.io|(https:\/\/)?index\.docker\.io\S*)?\s*$/.test(withoutOptions(words))
      )
        continue;
      const variable = '["\']?(\\$\\w+|\\$\\{\\w+\\})["\']?';
      const user = new RegExp(`(?:-u|--username)[= ]?\\s*${variable}`).exec(words)?.[1];
      const password =
        new RegExp(`(?:-p|--password)[= ]?\\s*${variable}`).exec(words)?.[1] ??
        new RegExp(`\\b(?:echo|printf)\\s+(?:-n\\s+)?(?:'%s'\\s+)?${variable}\\s*\\|`).exec(line)?.[1];
      if (user !== undefined && password !== undefined) return { user, password };
    }
  }
  return newCredentials;
}

function withoutOptions(words: string): string {
  return words
    .replace(/(^|\s)(--password-stdin|(-u|-p|--username|--password)(=|\s*)("[^"]*"|'[^']*'|\S+))/g, ' ')
    .trim();
}

/** A job in an image that the project builds: the runner needs a shell there. */
function tellOfImage({ name: job, map, root }: Job, changes: Changes, { builds }: Surroundings): void {
  const found = find(map, 'image', root);
  const node = isMap(found?.value)
    ? findMap(map, 'image', root) && find(found.value, 'name', root)?.value
    : found?.value;
  const image = textOf(node);
  const contract = image === undefined ? undefined : builds.ofImage(own(image))?.contract;
  if (node === undefined || contract === undefined || contract.shell) return;
  changes.say(
    'review',
    rangeOf(node),
    `the job ${job} runs its script in ${image}, and ${contract.image} has no shell`,
    'the runner starts a shell in the image of a job',
    contract.buildStage === undefined
      ? 'run it in another image'
      : `build \`--target ${contract.buildStage}\` for it, which has a shell, or run it in another image`,
  );
}
