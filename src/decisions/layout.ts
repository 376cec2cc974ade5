import type { Adaptation } from '../ecosystems/ecosystem.ts';
import { type BuildFacts, finalItems } from '../facts/build-facts.ts';
import type { Item } from '../facts/item.ts';
import { coveringPaths, isWithin, overlaps, parentOf } from '../facts/paths.ts';
import type { CommandFacts } from '../facts/run-facts.ts';
import type { Instruction } from '../syntax/tree.ts';
import { type Fate, isCache, type NeededPackages, runFates, touches, usesTarget } from './places.ts';
import type { PackageDecision } from './packages.ts';
import type { UserDecision } from './user.ts';

/** Where an instruction of the final image lives in the output. `repeat`: inherited, and said again in the final stage. */
export type Place = 'runtime' | 'build' | 'both' | 'drop' | 'inherited' | 'repeat';

export interface Placement {
  readonly item: Item;
  readonly place: Place;
  readonly why: string;
}

/** A path that the runtime stage copies from a stage that builds. */
export interface Artifact {
  /** stage index, or the new build stage */
  readonly stage: number | 'build';
  readonly path: string;
  /** whether the program's user owns it afterwards */
  readonly owned: boolean;
  readonly why: string;
}

/** How the final image is laid out. */
export interface Layout {
  readonly placements: readonly Placement[];
  /** commands that go from a RUN that stays, because the hardened image makes them unnecessary */
  readonly cuts: ReadonlyMap<Instruction, readonly CommandFacts[]>;
  readonly artifacts: readonly Artifact[];
  /** folders to be made for the program to write to, that no RUN in the build stage makes */
  readonly folders: readonly string[];
  /** whether a new build stage is needed */
  readonly split: boolean;
  /** why nothing can be laid out: one sentence */
  readonly problem: { readonly message: string; readonly instruction: Instruction } | undefined;
  /** commands whose effects are not known */
  readonly unknown: readonly CommandFacts[];
  /** whether the final stage, which inherits from another stage of the file, goes on an image of its own */
  readonly flattened: boolean;
  /** whether a build stage is added, and its name */
  readonly newStage: boolean;
  readonly buildName: string | undefined;
  /** the first instruction of the final stage that what is copied has to stand before; undefined where there is none */
  readonly anchor: Instruction | undefined;
  /** the stage that folders are made in */
  readonly foldersIn: number | 'build' | undefined;
  /** folders that a RUN of the build stage makes by itself */
  readonly madeInBuild: readonly string[];
  /** the stage that shared libraries are collected in; undefined where none are */
  readonly librariesFrom: 'build' | undefined;
  /** where compiled files lie that may be linked to libraries of system packages */
  readonly linkedRoots: readonly string[];
}

const metadata = new Set(['label', 'maintainer', 'expose', 'volume', 'stopsignal', 'healthcheck', 'cmd', 'entrypoint', 'onbuild']);
const manifest = /(^|\/)(requirements[^/]*\.(txt|in)|constraints[^/]*\.txt|Pipfile(\.lock)?|poetry\.lock|uv\.lock|pdm\.lock|setup\.(py|cfg)|pyproject\.toml|environment\.ya?ml|go\.(mod|sum|work)|package(-lock)?\.json|package\*\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|pnpm-workspace\.yaml|\.npmrc|\.yarnrc(\.yml)?|bun\.lockb?|Cargo\.(toml|lock)|Makefile|[^/]*\.whl)$/;
const buildVariables = /^(DEBIAN_FRONTEND|APT_\w+|PIP_\w+|POETRY_\w+|PIPENV_\w+|UV_\w+|npm_config_\w+|NPM_CONFIG_\w+|YARN_\w+|PNPM_HOME|COREPACK_\w+|CGO_\w+|GO111MODULE|GOPROXY|GOSUMDB|GOPRIVATE|GOFLAGS|GOOS|GOARCH|CARGO_\w+|NPM_TOKEN|CI)$/;

/** Works out where each instruction lives, what is carried over and which folders are made (design: how a stage is split). */
export function decideLayout(facts: BuildFacts, adaptation: Adaptation, user: UserDecision, needed: NeededPackages, extraFolders: readonly string[], packages: PackageDecision, keepsShell: boolean): Layout {
  const items = finalItems(facts);
  const final = facts.graph.final;
  const fates = runFates(facts, items, user, needed);
  const adapted = new Set(adaptation.drops.map(({ instruction }) => instruction));
  const unreadable = items.find(({ run, stage }) => run !== undefined && !run.readable && stage === final);
  const none = { cuts: new Map<Instruction, CommandFacts[]>(), artifacts: [], folders: [], split: false, unknown: [], flattened: false, newStage: false, buildName: undefined, anchor: undefined, foldersIn: undefined, madeInBuild: [], librariesFrom: undefined, linkedRoots: [] };
  if (keepsShell) return { ...none, ...keepInPlace(facts, items, fates, extraFolders), problem: undefined };
  if (unreadable !== undefined) {
    return { ...none, placements: [], problem: { message: 'this RUN is not a script that a POSIX shell reads', instruction: unreadable.instruction } };
  }
  const worksIn = (item: Item): boolean => (fates.get(item) ?? []).includes('work');
  const ownWork = items.filter((item) => item.stage === final && worksIn(item));
  const inheritedWork = items.filter((item) => item.stage !== final && worksIn(item));
  const artifactsOfAdaptation = adaptation.artifacts.filter(({ path }) => !isCache(path));
  const split = ownWork.length > 0;
  const lastWork = split ? items.indexOf(ownWork.at(-1)!) : -1;
  const placements: Placement[] = [];
  const cuts = new Map<Instruction, CommandFacts[]>();
  const unknown: CommandFacts[] = [];
  const produced: { path: string; subtree: boolean; stage: number | 'build'; why: string }[] = [];
  const madeFolders = new Map<string, number>();

  items.forEach((item, index) => {
    const { instruction, stage } = item;
    const inherited = stage !== final;
    const put = (place: Place, why: string) => placements.push({ item, place, why });
    if (adapted.has(instruction)) return put('drop', adaptation.drops.find((drop) => drop.instruction === instruction)!.why);
    const later = items.slice(index + 1, lastWork + 1).filter(worksIn);
    if (item.run !== undefined) {
      const fate = fates.get(item)!;
      item.run.commands.forEach((command, k) => {
        if (command.program === 'mkdir' && fate[k] === 'folders') for (const { path } of command.writes) madeFolders.set(path, index);
      });
      if (worksIn(item)) {
        collect(item, fate, produced, unknown, inherited ? stage : 'build');
        if (!inherited) cut(item, fate, cuts);
        return put(inherited ? 'inherited' : 'build', 'it needs a shell, which the runtime image lacks');
      }
      if (inherited) return put('inherited', 'it runs in the stage that it stands in');
      const makes = fate.includes('folders');
      if (split && makes && index < lastWork) {
        cut(item, fate, cuts);
        return put(onlyOwners(item, fate) ? 'drop' : 'build', 'it makes folders for what is built after it');
      }
      return put('drop', dropReason(item, fate));
    }
    if (item.copy !== undefined) {
      if (inherited) {
        const worked = items.slice(index + 1).some((other) => worksIn(other) && other.run!.commands.some((command) => writesInto(command, item.copy!.targets)));
        if (worked) for (const path of item.copy.targets) produced.push({ path, subtree: true, stage, why: 'files of the project that the build changed' });
        return put(worked ? 'inherited' : 'repeat', 'the final stage no longer inherits it');
      }
      const readers = later.filter((other) => other.run!.commands.some((command) => reads(command, item.copy!.targets)));
      const writers = later.filter((other) => other.run!.commands.some((command) => writesInto(command, item.copy!.targets)));
      if (writers.length > 0) {
        for (const path of item.copy.targets) produced.push({ path, subtree: true, stage: 'build', why: 'files of the project that the build changes' });
        return put('build', 'a RUN after it works on these files');
      }
      if (readers.length > 0) {
        const onlyManifests = [...item.copy.sources].every((source) => manifest.test(source));
        return put(onlyManifests ? 'build' : 'both', onlyManifests ? 'only the build reads it' : 'the build and the program read it');
      }
      return put('runtime', 'nothing after it in the build works on it');
    }
    if (inherited) {
      if (instruction.keyword === 'user' || instruction.keyword === 'shell') return put('inherited', 'it is about the stage that it stands in');
      if (instruction.keyword === 'arg') return put('inherited', 'the final stage does not use it');
      return put('repeat', 'the final stage no longer inherits it');
    }
    if (metadata.has(instruction.keyword)) return put('runtime', 'it describes the final image');
    if (!split || index > lastWork) return put(instruction.keyword === 'shell' ? 'drop' : 'runtime', instruction.keyword === 'shell' ? 'the runtime image has no shell to set' : 'it describes the final image');
    switch (instruction.keyword) {
      case 'env':
        return put(isBuildOnly(item) ? 'build' : 'both', isBuildOnly(item) ? 'only builds read it' : 'builds and the program may read it');
      case 'arg':
        return put(usedLater(items, index, facts) ? 'both' : 'build', 'arguments are declared where they are used');
      case 'workdir':
        return put(needsWorkdir(items, index, facts) ? 'both' : 'build', 'it holds for both stages');
      case 'user':
        return put('runtime', 'the build stage works as root');
      case 'shell':
        return put('build', 'only RUN needs a shell');
      default:
        return put('runtime', 'it describes the final image');
    }
  });

  const workdir = facts.contract.workdir;
  const artifacts = [...artifactsOfAdaptation.map(({ stage, path, why }) => ({ stage: stage === final ? ('build' as const) : stage, path, owned: false, why }))];
  const problem = addProduced(produced, workdir, user, facts, artifacts, items, ownWork, inheritedWork);
  const folders = neededFolders(facts, madeFolders, extraFolders, artifacts, placements);
  const madeInBuild = [...madeFolders].filter(([, index]) => placements.some(({ item, place }) => place === 'build' && item === items[index])).map(([path]) => path);
  const reusable = split ? undefined : reusableStage(facts);
  const needsStage = split || artifacts.some(({ stage }) => stage === 'build') || (folders.length > 0 && reusable === undefined);
  const merged = mergeArtifacts(artifacts);
  const links = split && (packages.carried.length > 0 || packages.compiles);
  return {
    placements,
    cuts,
    artifacts: merged,
    folders,
    split,
    unknown,
    problem,
    flattened: isFlattened(facts),
    newStage: needsStage,
    buildName: needsStage ? freeName(facts) : undefined,
    anchor: placements.find(({ place, item }) => (place === 'runtime' || place === 'both') && /^(workdir|volume|copy|add|user|expose|healthcheck|entrypoint|cmd|stopsignal)$/.test(item.instruction.keyword))?.item.instruction,
    foldersIn: folders.length === 0 ? undefined : needsStage ? 'build' : reusable,
    madeInBuild,
    librariesFrom: links ? 'build' : undefined,
    linkedRoots: links && packages.compiles ? merged.filter(({ stage }) => stage === 'build').map(({ path }) => path) : [],
  };
}

/** A final stage that keeps its shell stays as it is; only accounts go, which the image has of its own. */
function keepInPlace(facts: BuildFacts, items: readonly Item[], fates: ReadonlyMap<Item, readonly Fate[]>, folders: readonly string[]): Pick<Layout, 'placements' | 'cuts' | 'folders'> {
  const cuts = new Map<Instruction, CommandFacts[]>();
  const placements = items.map((item): Placement => {
    if (item.stage !== facts.graph.final) return { item, place: 'inherited', why: 'it runs in the stage that it stands in' };
    if (item.run !== undefined) cut(item, fates.get(item)!, cuts);
    return { item, place: 'runtime', why: 'the final stage keeps its shell' };
  });
  return { placements, cuts, folders: coveringPaths(folders) };
}

/** Whether the final stage inherits from a stage that has to stay a build image. */
function isFlattened({ graph }: BuildFacts): boolean {
  const { base } = graph.stages[graph.chain[0]!]!;
  return graph.chain.length > 1 && !(base.kind === 'hardened' && base.definition?.variant === 'runtime');
}

/** A stage that the final one copies from and that has a shell: folders can be made there. */
function reusableStage({ graph }: BuildFacts): number | undefined {
  const usable = graph.stages[graph.final]!.uses.filter((index) => {
    let { base } = graph.stages[index]!;
    while (base.kind === 'stage') base = graph.stages[base.index]!.base;
    return base.kind === 'source' ? base.source.brings.shell !== undefined || base.source.hardened === 'golang' || base.source.hardened === 'node' || base.source.hardened === 'python' : base.kind === 'hardened' && base.definition?.variant === 'dev';
  });
  return usable.at(-1);
}

function freeName({ graph }: BuildFacts): string {
  const taken = new Set(graph.stages.map(({ name }) => name?.toLowerCase()));
  const final = graph.stages[graph.final]!.name;
  return ['build', 'runtime-build', final === undefined ? 'final-build' : `${final.toLowerCase()}-build`, 'build-runtime', 'rehull-build'].find((name) => !taken.has(name)) ?? 'rehull-build-stage';
}

function onlyOwners(item: Item, fate: readonly Fate[]): boolean {
  return item.run!.commands.every((command, k) => fate[k] === 'nothing' || command.program === 'chown' || command.program === 'chgrp');
}

function dropReason(item: Item, fate: readonly Fate[]): string {
  const commands = item.run!.commands;
  if (commands.some(({ kind }) => kind === 'account')) return 'the hardened image has a nonroot user of its own';
  if (fate.includes('folders')) return 'folders come owned from the build stage';
  if (commands.some(({ invocation }) => invocation?.action === 'install')) return 'the hardened image has what it installs, or nothing in the image runs it';
  if (commands.some(({ invocation }) => invocation?.action === 'upgrade' || invocation?.action === 'update')) return 'hardened images come patched';
  return 'it leaves nothing in the image that the program needs';
}

/** Accounts are cut from a RUN that stays: the hardened image has its own user. */
function cut(item: Item, _fate: readonly Fate[], cuts: Map<Instruction, CommandFacts[]>): void {
  const accounts = item.run!.commands.filter(({ kind }) => kind === 'account');
  if (accounts.length > 0) cuts.set(item.instruction, accounts);
}

function reads(command: CommandFacts, targets: readonly string[]): boolean {
  const { reads: uses } = touches(command);
  return uses.some((use) => targets.some((target) => usesTarget(use, target)));
}

function writesInto(command: CommandFacts, targets: readonly string[]): boolean {
  const { writes } = touches(command);
  return writes.some((use) => targets.some((target) => overlaps(use.path, target) && !(command.kind === 'package-manager' && use.path.endsWith('/node_modules'))));
}

function collect(item: Item, fate: readonly Fate[], produced: { path: string; subtree: boolean; stage: number | 'build'; why: string }[], unknown: CommandFacts[], stage: number | 'build'): void {
  item.run!.commands.forEach((command, k) => {
    if (fate[k] === 'nothing') return;
    const { writes } = touches(command);
    for (const use of writes) if (!isCache(use.path)) produced.push({ ...use, stage, why: whyOf(command) });
    if (command.kind === 'unknown') unknown.push(command);
  });
}

function whyOf({ program, invocation }: CommandFacts): string {
  if (invocation !== undefined) return `what ${invocation.manager} installs or builds`;
  return program === undefined ? 'what the build makes' : `what ${program} makes`;
}

function isBuildOnly({ instruction }: Item): boolean {
  const names = instruction.args.filter((_, index) => index % 3 === 0);
  return names.length > 0 && names.every((name) => buildVariables.test(name));
}

/** Whether something that stays in the final stage names the variables of an ARG. */
function usedLater(items: readonly Item[], index: number, facts: BuildFacts): boolean {
  const names = items[index]!.instruction.args.map((arg) => arg.split('=')[0]!);
  const { text } = facts.file;
  return items.slice(index + 1).some(({ instruction, run }) => {
    if (run !== undefined || instruction.keyword === 'arg') return false;
    const own = text.slice(instruction.range.start, instruction.range.end);
    return names.some((name) => new RegExp(`\\$\\{?${name}\\b`).test(own));
  });
}

/** A WORKDIR that another absolute one follows, with nothing between that stays, is about the build alone. */
function needsWorkdir(items: readonly Item[], index: number, facts: BuildFacts): boolean {
  for (const { instruction, stage } of items.slice(index + 1)) {
    if (stage !== facts.graph.final) continue;
    if (instruction.keyword === 'workdir') return !instruction.body.text.trim().startsWith('/');
    if (instruction.keyword === 'copy' || instruction.keyword === 'add' || metadata.has(instruction.keyword)) return true;
  }
  return true;
}

function addProduced(
  produced: readonly { path: string; subtree: boolean; stage: number | 'build'; why: string }[],
  workdir: string,
  user: UserDecision,
  facts: BuildFacts,
  artifacts: Artifact[],
  items: readonly Item[],
  ownWork: readonly Item[],
  inheritedWork: readonly Item[],
): Layout['problem'] {
  const blame = ownWork[0]?.instruction ?? inheritedWork[0]?.instruction;
  for (const { path, stage, why } of produced) {
    if (isWithin(path, '/root') || isCache(path)) continue;
    if (workdir !== '/' && overlaps(path, workdir)) {
      if (isWithin(path, workdir) || path !== '/') {
        artifacts.push({ stage, path: isWithin(path, workdir) ? workdir : path, owned: user.wasRoot || ownedByUser(items, workdir, user), why: 'the working directory, with what the build put there' });
        continue;
      }
    }
    if (/^\/(usr|etc|var|bin|sbin|lib|lib64|home|run|dev|proc|sys)?$/.test(path)) {
      if (blame === undefined) continue;
      return { message: path === '/' ? 'the build writes to the root folder, so that what belongs to the program cannot be told from the image' : `the build writes to ${path}, so that what belongs to the program cannot be told from the image`, instruction: blame };
    }
    artifacts.push({ stage, path, owned: false, why });
  }
  void facts;
  return undefined;
}

/** Whether the file gives a folder to the user that it runs as. */
export function ownedByUser(items: readonly Item[], folder: string, user: UserDecision): boolean {
  return items.some(
    ({ run, copy, userAfter }) =>
      run?.commands.some(({ owners }) => owners.some(({ path, owner }) => path !== undefined && isWithin(folder, path) && owner?.value !== 'root' && owner?.value !== 'root:root')) ||
      (copy?.chown !== undefined && copy.destination === folder && userAfter !== undefined && !/^(root|0)(:|$)/.test(copy.chown.text) && user.created.size >= 0),
  );
}

function mergeArtifacts(artifacts: readonly Artifact[]): Artifact[] {
  const out: Artifact[] = [];
  const stages = [...new Set(artifacts.map(({ stage }) => stage))];
  for (const stage of stages) {
    const own = artifacts.filter((artifact) => artifact.stage === stage);
    for (const path of coveringPaths(own.map((artifact) => artifact.path))) {
      const first = own.find((artifact) => artifact.path === path)!;
      out.push({ ...first, owned: own.some((artifact) => artifact.path === path && artifact.owned) });
    }
  }
  return out;
}

/** Folders that the program writes to and that nothing else brings into the final image. */
function neededFolders(facts: BuildFacts, made: ReadonlyMap<string, number>, extra: readonly string[], artifacts: readonly Artifact[], placements: readonly Placement[]): string[] {
  const { workdir } = facts.contract;
  const wanted = [...made.keys(), ...extra].filter((path) => path !== '/' && !isCache(path) && !isWithin(path, '/root'));
  const copied = placements.filter(({ place }) => place !== 'drop' && place !== 'inherited' && place !== 'build').flatMap(({ item }) => item.copy?.targets ?? []);
  return coveringPaths(wanted).filter((path) => {
    if (path === workdir && !extra.includes(path)) return false;
    if (artifacts.some((artifact) => isWithin(path, artifact.path) && artifact.owned)) return false;
    if (made.has(path) && !extra.includes(path) && copied.some((target) => target === path || isWithin(target, path))) return false;
    return parentOf(path) !== path;
  });
}
