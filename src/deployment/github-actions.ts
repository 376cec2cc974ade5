import { isMap, isSeq, type YAMLMap } from 'yaml';
import { calledScripts } from './build-scripts.ts';
import { type Builds, joinPath } from './builds.ts';
import { Changes, notRead } from './changes.ts';
import type { DeploymentChanges, DeploymentFormat, ProjectFile, Surroundings } from './deployment.ts';
import { askedBuild, buildCommands } from './docker-build.ts';
import { anyPulls, buildsAll, buildsPull, hardenedHost, noLogin, scriptLogsIn, takesLogin, whyLogin } from './login.ts';
import { indentOf } from './yaml-edits.ts';
import {
  entries,
  find,
  findList,
  findMap,
  findScalar,
  mapsOf,
  rangeOf,
  readYaml,
  scalarsOf,
  textOf,
  writtenText,
  type YamlText,
} from './yaml-text.ts';

const name = 'github-actions';

/** GitHub Actions: a login to the registry of hardened images before each job's first build. */
export const format: DeploymentFormat = {
  name,
  mayBe: (path) => /(^|\/)\.github\/workflows\/[^/]+\.ya?ml$/.test(path),
  tell: (file, builds) => {
    const yaml = readYaml(file.text);
    if ('problem' in yaml) return;
    for (const { steps, root } of jobsOf(yaml)) {
      for (const step of steps) nameImages(step, root, builds);
      nameByMetadata(steps, root, builds, yaml);
    }
  },
  asks: (file) => {
    const yaml = readYaml(file.text);
    return 'problem' in yaml
      ? []
      : jobsOf(yaml).flatMap(({ steps, root }) => steps.flatMap((step) => buildsOf(step, root).map(askedBuild)));
  },
  examine,
};

interface Job {
  readonly root: YAMLMap;
  readonly steps: readonly YAMLMap[];
}

function jobsOf(yaml: YamlText): Job[] {
  return yaml.documents.flatMap((root) => {
    const jobs = findMap(root, 'jobs', root)?.value;
    if (jobs === undefined) return [];
    return entries(jobs, root).flatMap(({ key }) => {
      const job = findMap(jobs, String(key.value), root)?.value;
      const steps = job === undefined ? undefined : findList(job, 'steps', root);
      return steps === undefined ? [] : [{ root, steps: mapsOf(steps.value, root) }];
    });
  });
}

/** What `with:` of a build action says, or what a `run:` builds. */
function buildsOf(
  step: YAMLMap,
  root: YAMLMap,
): { context: string; dockerfile: string | undefined; target: string | undefined; tags: string[] }[] {
  const word = (map: YAMLMap, key: string) => textOf(findScalar(map, key, root)?.value);
  if (/^docker\/build-push-action@/.test(word(step, 'uses') ?? '')) {
    const given = findMap(step, 'with', root)?.value;
    const value = (key: string) => (given === undefined ? undefined : word(given, key));
    const file = value('file');
    const context = value('context') ?? '.';
    if (context.includes('${{') || file?.includes('${{') === true) return [];
    const tags = (value('tags') ?? '')
      .split(/[\n,]/)
      .map((tag) => tag.trim())
      .filter((tag) => tag !== '' && !tag.startsWith('$'));
    return [{ context: joinPath('', context), dockerfile: file, target: value('target'), tags }];
  }
  const folder = word(step, 'working-directory') ?? '';
  return buildCommands(word(step, 'run') ?? '').map((build) => ({
    ...build,
    context: joinPath(folder, build.context),
  }));
}

function nameImages(step: YAMLMap, root: YAMLMap, builds: Builds): void {
  for (const { context, dockerfile, target, tags } of buildsOf(step, root)) {
    const build = builds.at(context, dockerfile, target);
    for (const tag of build === undefined ? [] : tags) builds.nameImage(tag, build!);
  }
}

/** `docker/metadata-action` says the names of what its job builds, where that is one thing. */
function nameByMetadata(steps: readonly YAMLMap[], root: YAMLMap, builds: Builds, yaml: YamlText): void {
  const built = steps
    .flatMap((step) => buildsOf(step, root))
    .map(({ context, dockerfile, target }) => builds.at(context, dockerfile, target));
  const [build] = built;
  if (build === undefined || built.length > 1) return;
  for (const step of steps) {
    const uses = textOf(findScalar(step, 'uses', root)?.value) ?? '';
    const given = findMap(step, 'with', root)?.value;
    const images = given && findScalar(given, 'images', root)?.value;
    if (!uses.startsWith('docker/metadata-action@') || images === undefined) continue;
    for (const image of (writtenText(yaml, images) ?? '').split(/[\s,]+/)) builds.nameImage(image, build);
  }
}

/** Whether a step builds a Dockerfile that pulls from the registry: by its place, else any of the project's. */
function needsLogin(step: YAMLMap, root: YAMLMap, around: Surroundings, depth = 0): boolean {
  const { builds } = around;
  const uses = textOf(findScalar(step, 'uses', root)?.value) ?? '';
  const run = textOf(findScalar(step, 'run', root)?.value) ?? '';
  const own = buildsOf(step, root);
  if (own.length > 0) return buildsPull(own, builds);
  const folder = textOf(findScalar(step, 'working-directory', root)?.value) ?? '';
  if (calledScripts(run, folder, around).some((script) => script.builds && !script.logsIn)) return anyPulls(builds);
  const local = /^\.\//.test(uses) && depth < mostNested ? localAction(uses, around) : undefined;
  if (local !== undefined) {
    const first = local.steps.findIndex((each) => needsLogin(each, local.root, around, depth + 1));
    return first !== -1 && !local.steps.slice(0, first).some((each) => logsIn(each, local.root));
  }
  return (/^docker\/(build-push-action|bake-action)@/.test(uses) || buildsAll(run)) && anyPulls(builds);
}

/** as deep as actions of the project call each other */
const mostNested = 4;

/** The steps of an action that the project itself has. */
function localAction(uses: string, { files }: Surroundings): Job | undefined {
  const folder = joinPath('', uses);
  const file = files.find(({ path }) => path === `${folder}/action.yml` || path === `${folder}/action.yaml`);
  const yaml = file && readYaml(file.text);
  const [root] = yaml === undefined || 'problem' in yaml ? [] : yaml.documents;
  const runs = root && findMap(root, 'runs', root)?.value;
  const steps = runs && findList(runs, 'steps', root)?.value;
  return root === undefined || steps === undefined ? undefined : { root, steps: mapsOf(steps, root) };
}

function examine(file: ProjectFile, around: Surroundings): DeploymentChanges | undefined {
  if (!takesLogin(around)) return undefined;
  if (!/docker|bake|make|\.sh|uses: *\.\//.test(file.text)) return undefined;
  const yaml = readYaml(file.text);
  if ('problem' in yaml) return notRead(name, 'workflow', yaml);
  const changes = new Changes(name, yaml);
  const jobs = jobsOf(yaml);
  const all = jobs.flatMap(({ steps }) => steps);
  for (const { steps, root } of jobs) {
    const first = steps.findIndex((step) => needsLogin(step, root, around));
    if (first === -1 || steps.slice(0, first).some((step) => logsIn(step, root))) continue;
    const step = steps[first]!;
    const [head] = entries(step, root);
    if (head === undefined) continue;
    const { user, password, action } = credentials([...steps, ...all], root, yaml);
    tellOfTriggers(root, changes);
    const names = [user, password].map((each) => /secrets\.(\w+)/.exec(each)?.[1] ?? each).join(' and ');
    const start = rangeOf(step).start;
    const indent = indentOf(yaml, step);
    const dash = yaml.text.lastIndexOf('-', start);
    const between = yaml.text.slice(dash + 1, start);
    const literal = step.flow !== true && dash !== -1 && between.trim() === '' && !between.includes('\n');
    const lines = [
      `name: Log in to ${hardenedHost}`,
      `uses: ${action}`,
      'with:',
      `  registry: ${hardenedHost}`,
      `  username: ${user}`,
      `  password: ${password}`,
    ];
    const edit = literal
      ? {
          range: { start, end: start },
          text: `${lines.join(`\n${indent}`)}\n${indent.slice(0, indent.length - between.length - 1)}-${between}`,
        }
      : undefined;
    changes.change(
      edit,
      { range: rangeOf(head.key), shared: false },
      noLogin,
      whyLogin,
      `a step logs in before it; the secrets ${names} have to exist`,
    );
    if (user === newCredentials.user)
      changes.ask(
        `Create the secrets ${names} of the repository for GitHub Actions: name and access token of a Docker account`,
      );
  }
  return changes;
}

/** Who starts a workflow decides which secrets it gets. */
function tellOfTriggers(root: YAMLMap, changes: Changes): void {
  const on = find(root, 'on', root);
  if (on === undefined) return;
  const range = rangeOf(on.key);
  const names = isMap(on.value)
    ? entries(on.value, root).map(({ key }) => String(key.value))
    : isSeq(on.value)
      ? scalarsOf(on.value, root).map((each) => textOf(each) ?? '')
      : [textOf(on.value) ?? ''];
  if (names.includes('pull_request') && !changes.findings.some((each) => each.range.start === range.start))
    changes.say(
      'info',
      range,
      'pull requests from forks and from Dependabot do not get the secrets of the login',
      `their builds pull from ${hardenedHost} without one, and fail`,
      'build only what is pushed, or mirror the images where no login is needed',
    );
  const call = isMap(on.value) ? findMap(on.value, 'workflow_call', root) : undefined;
  if (call !== undefined && find(call.value, 'secrets', root) !== undefined)
    changes.say(
      'review',
      rangeOf(call.key),
      'whoever calls this workflow has to hand on the secrets of the login',
      'a workflow that is called gets the secrets that it declares, unless all are inherited',
      'declare them under `secrets:` and name them where it is called, or call it with `secrets: inherit`',
    );
}

function logsIn(step: YAMLMap, root: YAMLMap): boolean {
  const given = findMap(step, 'with', root)?.value;
  const registry = given === undefined ? undefined : textOf(findScalar(given, 'registry', root)?.value);
  return registry === hardenedHost || scriptLogsIn(textOf(findScalar(step, 'run', root)?.value) ?? '');
}

const newCredentials = {
  user: '${{ secrets.DOCKERHUB_USERNAME }}',
  password: '${{ secrets.DOCKERHUB_TOKEN }}',
};

/** An action with the comment behind it, which says the version where it is pinned. */
function withComment(step: YAMLMap, root: YAMLMap, uses: string): string {
  const comment = findScalar(step, 'uses', root)?.value.comment;
  return /^\s*v?\d[\w.]*\s*$/.test(comment ?? '') ? `${uses} #${comment}` : uses;
}

/** The secrets of a login to Docker Hub that the workflow has already, since the account is the same; else names to be made. */
function credentials(
  steps: readonly YAMLMap[],
  root: YAMLMap,
  yaml: YamlText,
): { user: string; password: string; action: string } {
  const none = { ...newCredentials, action: 'docker/login-action@v3' };
  for (const step of steps) {
    const uses = textOf(findScalar(step, 'uses', root)?.value) ?? '';
    if (!uses.startsWith('docker/login-action@')) continue;
    const given = findMap(step, 'with', root)?.value;
    const word = (key: string) => {
      const value = given === undefined ? undefined : find(given, key, root)?.value;
      return value === undefined ? undefined : writtenText(yaml, value);
    };
    const [user, password] = [word('username'), word('password')];
    if (/^(docker\.io)?$/.test(word('registry') ?? '') && user !== undefined && password !== undefined)
      return { user, password, action: withComment(step, root, uses) };
    none.action = withComment(step, root, uses);
  }
  return none;
}
