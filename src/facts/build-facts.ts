import type { Catalog } from '../catalog/catalog.ts';
import type { RegistryOptions } from '../catalog/reference.ts';
import type { ProjectReader } from '../context/project-reader.ts';
import { shellKind } from '../shell/shell-kind.ts';
import { expandWord } from '../syntax/expand.ts';
import { readAdd } from '../syntax/instructions/add.ts';
import { readCopy } from '../syntax/instructions/copy.ts';
import { readShell } from '../syntax/instructions/shell.ts';
import { readScope, type Scope } from '../syntax/scope.ts';
import type { Dockerfile, Instruction } from '../syntax/tree.ts';
import { type StageContract, stageContract, workdirAfter } from './contract.ts';
import { baseName, resolvePath } from './paths.ts';
import { type RunFacts, readRunFacts } from './run-facts.ts';
import { chainOf, findStage, readStages, type Stage, type StageGraph } from './stage-graph.ts';
import type { Variables } from './words.ts';

/** A COPY or ADD, interpreted. */
export interface CopyFacts {
  /** stage index, `image` for another image, undefined for the build context */
  readonly from: number | 'image' | undefined;
  /** absolute for `from`; relative to the context otherwise. Unknown parts are cut: the folder that holds them stands */
  readonly sources: readonly string[];
  readonly destination: string;
  /** whether `destination` is a folder that the sources go into */
  readonly intoFolder: boolean;
  /** every path in the image that it writes, as far as names tell; a folder stands for all below it */
  readonly targets: readonly string[];
  readonly chown: { readonly text: string; readonly range: { readonly start: number; readonly end: number } } | undefined;
  /** ADD of a URL or an archive, which COPY would not do */
  readonly fetches: boolean;
}

/** One instruction in its place: what holds when it runs. */
export interface Item {
  readonly stage: number;
  readonly instruction: Instruction;
  readonly workdir: string;
  readonly variables: Variables;
  readonly user: string | undefined;
  readonly run: RunFacts | undefined;
  readonly copy: CopyFacts | undefined;
}

/** A Dockerfile, interpreted: everything that rules and the plan look at. */
export interface BuildFacts {
  readonly file: Dockerfile;
  readonly graph: StageGraph;
  readonly scope: Scope;
  readonly project: ProjectReader;
  readonly catalog: Catalog;
  /** the instructions of each stage, interpreted; index as in the graph */
  readonly items: readonly (readonly Item[])[];
  /** what the final stage promises at its end */
  readonly contract: StageContract;
  /** variables at the end of the final stage */
  readonly environment: Variables;
}

export interface FactsOptions extends RegistryOptions {
  readonly target?: string | undefined;
  readonly images?: Readonly<Record<string, string>> | undefined;
  readonly buildArgs?: Readonly<Record<string, string>> | undefined;
}

/** Interprets a file that BuildKit accepts. A problem is one sentence and the instruction it is about. */
export function readBuild(
  file: Dockerfile,
  catalog: Catalog,
  project: ProjectReader,
  options: FactsOptions,
): BuildFacts | { readonly problem: string; readonly instruction: Instruction | undefined } {
  const scope = readScope(file, options.buildArgs);
  const graph = readStages(file, scope, catalog, options);
  if ('problem' in graph) return graph;
  const ends: { workdir: string; user: string | undefined; posix: boolean }[] = [];
  const items: Item[][] = [];
  for (const stage of graph.stages) {
    const start = startOf(graph, stage, ends);
    let { workdir, user, posix } = start;
    const list: Item[] = [];
    for (const instruction of stage.instructions) {
      const variables = scope.environment(instruction);
      const at = workdir;
      if (instruction.keyword === 'workdir') workdir = workdirAfter(file, instruction, workdir, scope);
      if (instruction.keyword === 'shell') posix = shellKind(readShell(instruction).argv) === 'posix';
      if (instruction.keyword === 'user') user = expandWord(instruction.body.text.trim(), variables, file.escape).value;
      list.push({
        stage: stage.index,
        instruction,
        workdir: at,
        variables,
        user,
        run: instruction.keyword === 'run' ? readRunFacts(instruction, at, variables, posix) : undefined,
        copy: instruction.keyword === 'copy' || instruction.keyword === 'add' ? readCopyFacts(file, graph, stage, instruction, at, variables) : undefined,
      });
    }
    ends.push({ workdir, user, posix });
    items.push(list);
  }
  const contract = stageContract(file, graph, graph.final, graph.chain, scope);
  return { file, graph, scope, project, catalog, items, contract, environment: scope.finalEnvironment(graph.final) };
}

function startOf(graph: StageGraph, stage: Stage, ends: readonly { workdir: string; user: string | undefined; posix: boolean }[]) {
  const { base } = stage;
  if (base.kind === 'stage') return ends[base.index]!;
  const contract = stageContractStart(graph, stage);
  return contract;
}

function stageContractStart(_graph: StageGraph, { base }: Stage): { workdir: string; user: string | undefined; posix: boolean } {
  if (base.kind === 'source') return { workdir: base.source.brings.workdir ?? '/', user: base.source.brings.user ?? 'root', posix: base.source.family !== 'windows' };
  if (base.kind === 'hardened') return { workdir: base.definition?.workdir ?? '/', user: base.definition?.user.name, posix: true };
  return { workdir: '/', user: 'root', posix: true };
}

function readCopyFacts(file: Dockerfile, graph: StageGraph, stage: Stage, instruction: Instruction, workdir: string, variables: Variables): CopyFacts | undefined {
  const copy = instruction.keyword === 'add' ? readAdd(instruction) : readCopy(instruction);
  if (copy.destination === undefined) return undefined;
  const expand = (text: string): string => expandWord(text, variables, file.escape).value ?? text;
  const destinationText = expand(copy.destination.text);
  const destination = resolvePath(workdir, destinationText);
  const fromText = 'from' in copy && copy.from !== undefined ? expand(copy.from.text) : undefined;
  const from = fromText === undefined ? undefined : (findStage(graph.stages, fromText, stage.index) ?? 'image');
  const sources = copy.sources.map((source) => expand(source.text));
  const inline = instruction.heredocs.length > 0;
  const intoFolder = destinationText.endsWith('/') || destinationText === '.' || destinationText === './' || sources.length + instruction.heredocs.length > 1 || sources.some((source) => /[*?[]/.test(source));
  const targets = [...sources, ...instruction.heredocs.map(({ name }) => name)].map((source) => {
    const name = baseName(source.replace(/\/+$/, ''));
    const folderLike = name === '.' || name === '..' || name === '' || (!/\.[\w-]+$/.test(name) && !inline && from === undefined && !isFileName(name));
    if (/[*?[]/.test(name)) return destination;
    if (folderLike || !intoFolder) return destination;
    return resolvePath(destination, name);
  });
  return {
    from,
    sources: from === undefined ? sources : sources.map((source) => resolvePath('/', source)),
    destination,
    intoFolder,
    targets,
    chown: copy.chown,
    fetches: instruction.keyword === 'add' && sources.some((source) => /^(https?:|git@|git:|ssh:)|\.(tar|tgz|tar\.\w+|txz|tbz2?)$/.test(source)),
  };
}

/** Files that have no ending and are no folder. */
function isFileName(name: string): boolean {
  return /^(Pipfile|Gemfile|Makefile|Procfile|Rakefile|Dockerfile|LICENSE|README|gradlew|mvnw|go|VERSION)$/i.test(name);
}

/** All instructions of the final image, inherited ones first. */
export function finalItems(facts: BuildFacts): Item[] {
  return facts.graph.chain.flatMap((index) => facts.items[index]!);
}

export { chainOf };
