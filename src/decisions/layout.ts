import { type Definition, purposeOf } from '../catalog/definition.ts';
import type { Adaptation, ProgramFiles } from '../ecosystems/ecosystem.ts';
import { type BuildFacts, finalItems } from '../facts/build-facts.ts';
import type { Item } from '../facts/item.ts';
import { baseName, coveringPaths, isWithin } from '../facts/paths.ts';
import type { CommandFacts } from '../facts/run-facts.ts';
import type { Instruction } from '../syntax/tree.ts';
import { type Artifact, blamed, decideArtifacts, decideFolders } from './artifacts.ts';
import type { PackageDecision } from './packages.ts';
import { type Adapted, type Placement, placeItems } from './placements.ts';
import { type Fate, type InstallFate, isAbout, runFates } from './places.ts';
import type { UserDecision } from './user.ts';

/** How the final image is laid out. */
export interface Layout {
  readonly placements: readonly Placement[];
  /** commands that go from a RUN that stays, because the hardened image makes them unnecessary */
  readonly cuts: ReadonlyMap<Instruction, readonly CommandFacts[]>;
  readonly artifacts: readonly Artifact[];
  /** folders for the program to write to: copied on their own, and to be made for that */
  readonly folders: readonly string[];
  readonly makes: readonly string[];
  /** whether instructions of the final stage move to a build stage */
  readonly split: boolean;
  /** commands whose effects are not known */
  readonly unknown: readonly CommandFacts[];
  /** whether the final stage, which inherits from another stage of the file, goes on an image of its own */
  readonly flattened: boolean;
  /** the name of the build stage that is added; undefined where none is */
  readonly buildName: string | undefined;
  /** the first instruction of the final stage that what is copied has to stand before; undefined where there is none */
  readonly anchor: Instruction | undefined;
  /** the same for what is copied of the build: behind files of the project that are copied again, which may hold stale ones */
  readonly artifactAnchor: Instruction | undefined;
  /** the stage that folders are made in */
  readonly foldersIn: number | 'build' | undefined;
  /** folders that the runtime image has as root's and the program's user is to own: only a copy of their tree does that */
  readonly takesOver: readonly string[];
  /** whether shared libraries of system packages are collected in the build stage */
  readonly carries: boolean;
  /** where compiled files lie that may be linked to libraries of system packages */
  readonly linkedRoots: readonly string[];
  /** stages of the file whose compiled programs are asked for the libraries that they load */
  readonly linkedStages: ReadonlyMap<number, readonly string[]>;
  /** commands that print folders of compiled files, whose place only the build knows */
  readonly gathers: readonly string[];
}

/** Why nothing can be laid out: one sentence. */
export interface LayoutProblem {
  readonly problem: string;
  /** whether the build puts the program into the root folder */
  readonly inRootFolder: boolean;
  readonly instruction: Instruction;
}

const firstToCopyBefore = /^(workdir|volume|copy|add|user|expose|healthcheck|entrypoint|cmd|stopsignal)$/;
const nothing: Layout = {
  placements: [],
  cuts: new Map(),
  artifacts: [],
  folders: [],
  makes: [],
  split: false,
  unknown: [],
  flattened: false,
  buildName: undefined,
  anchor: undefined,
  artifactAnchor: undefined,
  foldersIn: undefined,
  takesOver: [],
  carries: false,
  linkedRoots: [],
  linkedStages: new Map(),
  gathers: [],
};

/** Works out where each instruction lives, what is carried over and which folders are made (design: how a stage is split). */
export function decideLayout(
  facts: BuildFacts,
  adaptation: Adapted,
  user: UserDecision,
  installs: InstallFate,
  writable: readonly string[],
  packages: PackageDecision,
  cut: ReadonlySet<CommandFacts>,
  argv: readonly string[] | undefined,
  runtime: Definition,
  programFiles: ProgramFiles | undefined,
  replaced: ReadonlySet<string>,
): Layout | LayoutProblem {
  const items = finalItems(facts);
  const { final } = facts.graph;
  const unreadable = items.find(({ run, stage }) => run !== undefined && !run.readable && stage === final);
  if (unreadable !== undefined)
    return {
      problem: 'this RUN is not a script that a POSIX shell reads',
      inRootFolder: false,
      instruction: unreadable.instruction,
    };
  const unused = withoutShared(items, replaced);
  const everything = placeItems(
    facts,
    items,
    withoutDropped(
      runFates(items, installs, unused, new Set(adaptation.needless.map(({ command }) => command))),
      adaptation,
    ),
    adaptation,
    new Set((argv ?? []).map(baseName)),
    (command) => cut.has(command) || isReplaced(command, packages) || isAbout(command, unused),
    unused,
  );
  const placed = { ...everything, placements: withoutSources(everything.placements, programFiles) };
  const given = adaptation.artifacts.map(
    ({ stage, path, why }): Artifact => ({ stage: stage === final ? 'build' : stage, path, owned: false, why }),
  );
  const products = placed.products.filter(({ path }) => !adaptation.elsewhere.some((folder) => isWithin(path, folder)));
  const { artifacts: found, problem } = decideArtifacts(facts, items, products, user, given, runtime);
  if (problem !== undefined)
    return {
      problem: `the build writes to ${problem === '/' ? 'the root folder' : problem}, so that what belongs to the program cannot be told from the image`,
      inRootFolder: problem === '/',
      instruction: blamed(placed) ?? facts.graph.stages[final]!.instruction,
    };
  const artifacts = fromOneStage(narrow(found, programFiles), facts, ownWork(placed.placements));
  const withWorkdir = bringWorkdir(facts, placed.placements, artifacts, user, runtime, programFiles);
  if (withWorkdir !== undefined) artifacts.push(withWorkdir.artifact);
  const folders = decideFolders(placed, writable, artifacts);
  const makes = withWorkdir?.make === true ? [withWorkdir.artifact.path, ...folders.make] : folders.make;
  const isTree = items.some(({ copy }) => typeof copy?.from === 'number' && copy.destination === '/');
  const opens = !isTree && user.uid !== 0 && usesRootsHome(facts, placed.placements, artifacts) ? [rootsHome] : [];
  const takesOver = isTree ? [] : [...new Set([...foldersToTakeOver(facts, user, runtime, writable), ...opens])];
  const split = placed.placements.some(({ place, item }) => place === 'build' && item.run !== undefined);
  const reusable = split ? undefined : reusableStage(facts);
  const gathers = split ? packages.gathers : [];
  const ownPrograms = adaptation.linked
    .filter(({ stage }) => facts.graph.chain.includes(stage))
    .map(({ path }) => path);
  const linkedRoots =
    ownPrograms.length > 0
      ? split
        ? ownPrograms
        : []
      : split && packages.compiles
        ? artifacts
            .filter((artifact) => artifact.stage === 'build' && artifact !== withWorkdir?.artifact)
            .filter(({ path }) => !isWithin(path, '/usr/share') && !/\/etc\//.test(path))
            .map(({ path }) => path)
        : [];
  const carries = packages.carried.length > 0 || linkedRoots.length > 0 || gathers.length > 0;
  const newStage =
    carries ||
    split ||
    artifacts.some(({ stage }) => stage === 'build') ||
    ((folders.copy.length > 0 || opens.length > 0) && reusable === undefined);

  const flattened = isFlattened(facts, newStage);
  const anchor = firstOf(placed.placements);
  return {
    placements: flattened ? placed.placements : placed.placements.map(stayInherited),
    cuts: placed.cuts,
    artifacts,
    folders: folders.copy,
    makes,
    takesOver: newStage || reusable !== undefined ? takesOver : [],
    split,
    unknown: placed.unknown,
    flattened,
    buildName: newStage ? freeName(facts) : undefined,
    anchor,
    artifactAnchor: programFiles?.keepsProject === true ? behindProject(placed.placements, facts.graph.final) : anchor,
    foldersIn:
      makes.length === 0 && folders.copy.length === 0 && takesOver.length === 0
        ? undefined
        : newStage
          ? 'build'
          : reusable,
    carries,
    linkedRoots,
    linkedStages: linkedStages(adaptation, facts),
    gathers,
  };
}

/**
 * The working directory itself, where nothing else brings it: made by a COPY with its owner, it belongs to the program's
 * user on every builder; made by WORKDIR, it is root's on the classic one.
 */
function bringWorkdir(
  { contract }: BuildFacts,
  placements: readonly Placement[],
  artifacts: readonly Artifact[],
  user: UserDecision,
  runtime: Definition,
  programFiles: ProgramFiles | undefined,
): { readonly artifact: Artifact; readonly make: boolean } | undefined {
  const path = contract.workdir;
  if (!user.wasRoot || user.uid === 0 || path === '/' || programFiles !== undefined || !ownWork(placements))
    return undefined;
  if (
    runtime.paths.some((defined) => defined.path === path) ||
    artifacts.some((artifact) => isWithin(path, artifact.path) || isWithin(artifact.path, path))
  )
    return undefined;
  const inBuild = placements.some(
    ({ place, item }) =>
      (place === 'both' || place === 'build') && item.instruction.keyword === 'workdir' && item.workdirAfter === path,
  );
  const why = "the working directory, owned by the program's user on every builder";
  return { artifact: { stage: 'build', path, owned: true, why }, make: !inBuild };
}

function ownWork(placements: readonly Placement[]): boolean {
  return placements.some(({ place, item }) => place === 'build' && item.run !== undefined);
}

/** A build stage that inherits from the stages of the chain holds what these made, too. */
function fromOneStage(artifacts: readonly Artifact[], { graph }: BuildFacts, hasBuild: boolean): Artifact[] {
  if (!hasBuild) return [...artifacts];
  const chain = new Set<number | 'build'>(graph.chain);
  const out = new Map<string, Artifact>();
  for (const artifact of artifacts) {
    const moved = chain.has(artifact.stage) ? { ...artifact, stage: 'build' as const } : artifact;
    const key = `${moved.stage} ${moved.path}`;
    const other = out.get(key);
    out.set(key, other === undefined ? moved : { ...moved, owned: moved.owned || other.owned });
  }
  return [...out.values()];
}

function linkedStages({ linked }: Adaptation, { graph }: BuildFacts): Map<number, string[]> {
  const stages = new Map<number, string[]>();
  for (const { stage, path } of linked)
    if (!graph.chain.includes(stage)) stages.set(stage, [...(stages.get(stage) ?? []), path]);
  return stages;
}

/** The first instruction of the final stage that what is copied has to stand before. */
function firstOf(placements: readonly Placement[]): Instruction | undefined {
  return placements.find(
    ({ place, item }) => (place === 'runtime' || place === 'both') && firstToCopyBefore.test(item.instruction.keyword),
  )?.item.instruction;
}

/** The first one behind the last copy of files of the project. */
function behindProject(placements: readonly Placement[], final: number): Instruction | undefined {
  const last = placements.findLastIndex(
    ({ place, item }) => item.copy !== undefined && item.copy.from === undefined && place === 'both',
  );
  return placements
    .slice(last + 1)
    .find(({ place, item }) => item.stage === final && (place === 'runtime' || place === 'both'))?.item.instruction;
}

/** What is dropped has no work to do. */
function withoutDropped(fates: Map<Item, Fate[]>, { drops }: Adaptation): Map<Item, Fate[]> {
  const dropped = new Set(drops.map(({ instruction }) => instruction));
  for (const [item, list] of fates)
    if (dropped.has(item.instruction))
      fates.set(
        item,
        list.map(() => 'nothing'),
      );
  return fates;
}

/** Where the program is known to need single files of what the build made in a folder, they come instead of the folder. */
function narrow(artifacts: Artifact[], files: ProgramFiles | undefined): Artifact[] {
  if (files === undefined) return artifacts;
  return artifacts.flatMap((artifact) => {
    const within = files.paths.filter((file) => isWithin(file, artifact.path) && file !== artifact.path);
    return artifact.stage === 'build' && within.length > 0
      ? within.map(
          (path): Artifact => ({ ...artifact, path, owned: files.owned && artifact.owned, why: 'the program' }),
        )
      : [artifact];
  });
}

/** Sources that only the compiler reads stay in the build stage. */
function withoutSources(placements: readonly Placement[], files: ProgramFiles | undefined): readonly Placement[] {
  if (files === undefined) return placements;
  if (files.keepsProject === true)
    return placements.map((placement) =>
      placement.place === 'build' && placement.item.copy?.from === undefined && placement.item.copy !== undefined
        ? { ...placement, place: 'both', why: 'the build and the program may read it' }
        : placement,
    );
  return placements.map((placement) =>
    placement.place === 'both' && placement.item.copy !== undefined
      ? { ...placement, place: 'build', why: 'only the build reads it' }
      : placement,
  );
}

/** root's home: 0700 in Debian and Alpine, so that no other user gets at what lies in it */
const rootsHome = '/root';

/** Whether the final image holds files of its own below root's home, or works there. */
function usesRootsHome(
  { contract, environment }: BuildFacts,
  placements: readonly Placement[],
  artifacts: readonly Artifact[],
): boolean {
  const inside = (path: string | undefined): boolean => path !== undefined && isWithin(path, rootsHome);
  return (
    inside(contract.workdir) ||
    inside(environment.get('HOME') ?? undefined) ||
    artifacts.some(({ path }) => inside(path)) ||
    placements.some(
      ({ item, place }) =>
        (place === 'runtime' || place === 'both' || place === 'repeat') && item.copy?.targets.some(inside),
    )
  );
}

/** Folders that the program could write to as root, and that the runtime image has with another owner than its user. */
function foldersToTakeOver(
  { contract }: BuildFacts,
  user: UserDecision,
  runtime: Definition,
  writable: readonly string[],
): string[] {
  if (user.uid === 0) return [];
  const wanted = new Set(user.wasRoot ? [contract.workdir, ...writable] : writable);
  return runtime.paths
    .filter(({ type, path, uid }) => type === 'directory' && path !== '/' && uid !== user.uid && wanted.has(path))
    .map(({ path }) => path);
}

/** A final stage that keeps its shell stays as it is; only accounts and the language go, which the image has of its own. */
export function keepInPlace(
  facts: BuildFacts,
  writable: readonly string[],
  user: UserDecision,
  adaptation: Adaptation,
  packages: PackageDecision,
  cut: ReadonlySet<CommandFacts>,
): Layout {
  const dropped = new Map(adaptation.drops.map(({ instruction, why }) => [instruction, why]));
  const cuts = new Map<Instruction, CommandFacts[]>();
  const items = finalItems(facts);
  const placements = items.map((item): Placement => {
    if (item.stage !== facts.graph.final)
      return { item, place: 'inherited', why: 'it runs in the stage that it stands in' };
    const needless =
      item.run?.commands.filter(
        (command) => command.kind === 'account' || cut.has(command) || isReplaced(command, packages),
      ) ?? [];
    if (needless.length > 0) cuts.set(item.instruction, needless);
    const why = dropped.get(item.instruction);
    if (why !== undefined) return { item, place: 'drop', why };
    return { item, place: 'runtime', why: 'the final stage keeps its shell' };
  });
  const folders = coveringPaths(writable).filter((folder) => !isOwned(items, folder, user));
  const artifacts = adaptation.artifacts
    .filter(({ stage }) => stage !== facts.graph.final)
    .map((artifact): Artifact => ({ ...artifact, owned: false }));
  const anchor = placements.find(({ place, item }) => place === 'runtime' && item.stage === facts.graph.final)?.item
    .instruction;
  return { ...nothing, placements, cuts, folders, artifacts, anchor, artifactAnchor: anchor };
}

function isOwned(items: readonly Item[], folder: string, user: UserDecision): boolean {
  return items.some(({ run }) =>
    run?.commands.some(({ owners }) =>
      owners.some(
        ({ path, owner }) => path !== undefined && isWithin(folder, path) && owner?.value?.split(':')[0] === user.name,
      ),
    ),
  );
}

/** Whether the final stage inherits from a stage that has to stay a build image: one that runs commands, or is built on further. */
function isFlattened({ graph, items }: BuildFacts, split: boolean): boolean {
  const { base } = graph.stages[graph.chain[0]!]!;
  const chain = new Set(graph.chain);
  const isPlain =
    !split &&
    !graph.chain.some(
      (index) => index !== graph.final && items[index]!.some(({ instruction }) => instruction.keyword === 'run'),
    ) &&
    !graph.stages.some(
      (stage) => stage.base.kind === 'stage' && chain.has(stage.base.index) && !chain.has(stage.index),
    );
  if (isPlain) return false;
  const definition = base.kind === 'hardened' ? base.definition : undefined;
  return graph.chain.length > 1 && (definition === undefined || purposeOf(definition) === 'dev');
}

function stayInherited(placement: Placement): Placement {
  return placement.place === 'repeat'
    ? { ...placement, place: 'inherited', why: 'the final stage inherits it' }
    : placement;
}

/** A stage that the final one copies from and that has a shell: folders can be made there. */
function reusableStage({ graph }: BuildFacts): number | undefined {
  const usable = graph.stages[graph.final]!.uses.filter((index) => {
    const { base } = graph.stages[graph.roots[index]!]!;
    if (base.kind === 'hardened') return base.definition !== undefined && purposeOf(base.definition) === 'dev';
    return base.kind === 'source' && base.source.brings.shell !== undefined;
  });
  return usable.at(-1);
}

function freeName({ graph }: BuildFacts): string {
  const taken = new Set(graph.stages.map(({ name }) => name?.toLowerCase()));
  const final = graph.stages[graph.final]!.name;
  const names = [
    'build',
    'runtime-build',
    final === undefined ? 'final-build' : `${final.toLowerCase()}-build`,
    'build-runtime',
    'rehull-build',
  ];
  return names.find((name) => !taken.has(name)) ?? 'rehull-build-stage';
}

/** Without the files that a command works on together with others: it would miss them. */
function withoutShared(items: readonly Item[], files: ReadonlySet<string>): ReadonlySet<string> {
  const shared = new Set<string>();
  for (const { run } of items) {
    for (const command of run?.commands ?? []) {
      if (isAbout(command, files)) continue;
      for (const { path } of [...command.reads, ...command.writes, ...command.modes])
        if (files.has(path)) shared.add(path);
    }
  }
  return new Set([...files].filter((path) => !shared.has(path)));
}

/** An install of nothing but the language that the hardened image is. */
function isReplaced({ invocation }: CommandFacts, { language }: PackageDecision): boolean {
  if (
    language === undefined ||
    invocation?.scope !== 'system' ||
    invocation.action !== 'install' ||
    invocation.unknown.length > 0
  )
    return false;
  return invocation.packages.length > 0 && invocation.packages.every(({ name }) => language.packages.includes(name));
}
