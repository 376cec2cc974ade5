import type { ImageContract } from '../compile-result.ts';
import type { Finding } from '../findings/finding.ts';
import type { Word } from '../shell/tree.ts';
import type { Range } from '../text/range.ts';
import { argumentTrouble } from './build-arguments.ts';
import { type Build, type Builds, folderOf, joinPath } from './builds.ts';
import { baseName } from './checks.ts';
import { movePublishedPort } from './compose-ports.ts';
import type { DeploymentChanges, DeploymentFormat, ProjectFile, Surroundings } from './deployment.ts';
import { type EngineCall, engineCalls } from './docker-run.ts';
import { isPortVariable } from './port-variables.ts';

const name = 'documents';

/** What people type: calls of the engine in a README, a Makefile or a script. They are listed, never changed. */
export const format: DeploymentFormat = {
  name,
  mayBe: (path) =>
    /\.(md|markdown|rst|adoc|mk|sh)$|(^|\/)(readme(\.txt)?|(gnu)?makefile|justfile|jenkinsfile)$|(^|\/)(\.github\/.+|\.gitlab-ci[\w.-]*|\.gitlab\/.+|\.circleci\/config|[\w-]+-pipelines|taskfile)\.ya?ml$/i.test(
      path,
    ) && !/(^|\/)changelog/i.test(path),
  tell: (file, builds) => {
    for (const call of callsOf(file)) {
      const build = call.kind === 'build' ? builtBy(call, file, builds) : undefined;
      for (const tag of build === undefined ? [] : values(call, '-t', '--tag'))
        builds.nameImage(tag.value ?? tag.raw, build!);
    }
  },
  examine,
};

function callsOf({ text }: ProjectFile): EngineCall[] {
  return /\b(docker|podman)\b/.test(text) ? engineCalls(text) : [];
}

function values(call: EngineCall, ...names: readonly string[]): Word[] {
  return call.options.flatMap(({ name: option, value }) =>
    names.includes(option) && value !== undefined ? [value] : [],
  );
}

/** What a `docker build` builds: as seen from the file's folder, or from the root, where people mostly are. */
function builtBy(call: EngineCall, { path }: ProjectFile, builds: Builds): Build | undefined {
  const context = call.operands[0]?.value;
  const [dockerfile] = values(call, '-f', '--file');
  const [target] = values(call, '--target');
  if (context === undefined || /^(https?|git|ssh):|^-$/.test(context)) return undefined;
  for (const folder of new Set([folderOf(path), ''])) {
    const at = joinPath(folder, context);
    // from a shell, `-f` is relative to where one stands
    const file = dockerfile?.value === undefined ? undefined : joinPath(folder, dockerfile.value);
    const build = file === undefined ? builds.at(at, undefined, target?.value) : builds.at('', file, target?.value);
    if (build !== undefined) return build;
  }
  return undefined;
}

function examine(file: ProjectFile, around: Surroundings): DeploymentChanges | undefined {
  const findings: Finding[] = [];
  const say = (range: Range, message: string, why: string, fix: string) =>
    findings.push({ rule: name, severity: 'review', range, message, why, fix });
  for (const call of callsOf(file)) {
    if (call.kind === 'build') {
      tellOfArguments(call, builtBy(call, file, around.builds), around, say);
      continue;
    }
    const [image, ...command] = call.operands;
    const contract = image && ranBy(call, image, file, around)?.contract;
    if (contract === undefined) continue;
    if (call.kind === 'run') tellOfOptions(call, contract, say);
    tellOfCommand(call, command, contract, say);
  }
  return findings.length === 0 ? undefined : { edits: [], findings, tasks: [] };
}

type Say = (range: Range, message: string, why: string, fix: string) => void;

/** What a call runs. An image that a variable names is the project's, where it builds only one. */
function ranBy(call: EngineCall, image: Word, file: ProjectFile, { builds }: Surroundings): Build | undefined {
  if (call.kind === 'compose')
    return [folderOf(file.path), '']
      .map((folder) => builds.ofService({ folder, service: image.value ?? '' }))
      .find((build) => build !== undefined);
  const named = builds.ofImage(image.value ?? image.raw.replace(/["']/g, ''));
  if (named !== undefined || image.value !== undefined) return named;
  const [only, ...others] = builds.dockerfiles;
  return only === undefined || others.length > 0 ? undefined : builds.at('', only.path, undefined);
}

function tellOfOptions(call: EngineCall, { movedPorts, user, image }: ImageContract, say: Say): void {
  const why = `the program in ${image} listens above 1024`;
  for (const { range, value } of values(call, '-p', '--publish')) {
    const next = value === undefined ? undefined : movePublishedPort(value, movedPorts, false);
    if (next !== undefined)
      say(
        range,
        `-p ${value} leads to a port that nothing listens on`,
        why,
        next === 'range' ? 'name the new port in the range' : `write -p ${next}`,
      );
  }
  for (const { range, value } of values(call, '-e', '--env')) {
    const [, variable, port] = /^(\w+)=(\d+)$/.exec(value ?? '') ?? [];
    const to = movedPorts.find(({ from }) => String(from) === port)?.to;
    if (to !== undefined && isPortVariable(variable!))
      say(range, `${variable} is a port below 1024`, why, `write ${variable}=${to}`);
  }
  for (const { range, value } of values(call, '-u', '--user')) {
    const own = value?.split(':')[0] ?? '';
    if (own === 'root' || own === '0')
      say(
        range,
        'it runs as root',
        `${image} is made to run as ${user.name} (${user.uid})`,
        'leave the option out if nothing needs root',
      );
    else if (own !== '' && !/^\d+$/.test(own) && own !== user.name)
      say(
        range,
        `user ${own} does not exist in ${image}`,
        `its user is ${user.name}`,
        `write --user ${user.uid}:${user.gid}`,
      );
  }
  const before = (user.before ?? 'root').split(':')[0]!;
  if (user.uid === 0 || before === user.name || before === String(user.uid) || values(call, '-u', '--user').length > 0)
    return;
  for (const { range, raw } of values(call, '-v', '--volume')) {
    const [source, target, mode] = raw.replace(/["']/g, '').split(':');
    // the project itself holds no data of the program
    if (/^(\.\/?|\$\{?PWD\}?|\$\(pwd\)|`pwd`)$/.test(source ?? '')) continue;
    if (target === undefined || /(^|,)ro(,|$)/.test(mode ?? '') || /\.\w+$/.test(target)) continue;
    say(
      range,
      `${source} belongs to the user of before`,
      `the program runs as ${user.name} (${user.uid}) now, and writes to ${target} only if it may`,
      `give it to ${user.uid}:${user.gid} once, where it holds data already`,
    );
  }
}

const shells = /^(ba|da|a)?sh$/;
const tools = /^(npm|npx|yarn|pnpm|pip3?|poetry|uv|bundle|composer|mvn|gradle|go|apt-get|apk|curl|wget|ls|cat|env)$/;

function tellOfCommand(call: EngineCall, command: readonly Word[], contract: ImageContract, say: Say): void {
  const [entrypoint] = values(call, '--entrypoint');
  const first = entrypoint ?? command[0];
  const program = baseName(first?.value ?? '');
  if (first === undefined || contract.shell || !(shells.test(program) || tools.test(program))) return;
  say(
    first.range,
    `${program} is not in ${contract.image}`,
    'a hardened image has no shell, and only the programs of its packages',
    contract.buildStage === undefined
      ? 'use `docker debug` to look into the container'
      : `use \`docker debug\` to look into the container, or an image of \`--target ${contract.buildStage}\``,
  );
}

function tellOfArguments(call: EngineCall, build: Build | undefined, around: Surroundings, say: Say): void {
  if (build === undefined) return;
  for (const { range, value, raw } of values(call, '--build-arg')) {
    const [, argument, given] = /^(\w+)(?:=(.*))?$/s.exec(value ?? raw.replace(/["']/g, '')) ?? [];
    if (argument === undefined) continue;
    const trouble = argumentTrouble(
      { name: argument, value: value === undefined ? undefined : given },
      build.dockerfile,
      around,
    );
    if (trouble !== undefined) say(range, trouble.message, trouble.why, trouble.fix);
  }
}
