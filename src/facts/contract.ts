import type { Definition } from '../catalog/definition.ts';
import type { Brings } from '../sources/source-image.ts';
import type { Instruction } from '../syntax/tree.ts';
import type { Item } from './item.ts';
import type { StageGraph } from './stage-graph.ts';

/** What an image promises whoever starts it, before the file adds its own. */
export interface ImageContract {
  readonly entrypoint: readonly string[] | undefined;
  readonly cmd: readonly string[] | undefined;
  /** name or number; `root` where none is set */
  readonly user: string;
  readonly workdir: string;
  readonly environment: Readonly<Record<string, string>>;
  /** undefined where the image has no shell */
  readonly shell: string | undefined;
  /** users of /etc/passwd as far as known: name to `uid:gid` */
  readonly users: Readonly<Record<string, string>>;
}

const emptyContract: ImageContract = {
  entrypoint: undefined,
  cmd: undefined,
  user: 'root',
  workdir: '/',
  environment: {},
  shell: undefined,
  users: {},
};

/** The contract of a hardened image, from its definition. */
export function hardenedContract(definition: Definition): ImageContract {
  return {
    entrypoint: definition.entrypoint,
    cmd: definition.cmd,
    user: definition.user.name,
    workdir: definition.workdir ?? '/',
    environment: definition.environment,
    shell: definition.shell,
    users: Object.fromEntries(definition.users.map((user) => [user.name, `${user.uid}:${user.gid}`])),
  };
}

/** The contract of a source image, as far as it is known. */
export function sourceContract(brings: Brings): ImageContract {
  return {
    entrypoint: brings.entrypoint,
    cmd: brings.cmd,
    user: brings.user ?? 'root',
    workdir: brings.workdir ?? '/',
    environment: brings.environment,
    shell: brings.shell,
    users: brings.users,
  };
}

/** The image contract at the root of a stage's chain. */
export function rootContract(graph: StageGraph, index: number): ImageContract {
  const { base } = graph.stages[graph.roots[index]!]!;
  if (base.kind === 'source') return sourceContract(base.source.brings);
  if (base.kind === 'hardened' && base.definition !== undefined) return hardenedContract(base.definition);
  return emptyContract;
}

/** What a stage promises at its end, and which instructions of its chain say so. */
export interface StageContract {
  readonly image: ImageContract;
  readonly entrypoint: Instruction | undefined;
  /** undefined also where an ENTRYPOINT of the same stage reset the image's CMD */
  readonly cmd: Instruction | undefined;
  /** whether the image's own CMD is still in force */
  readonly imageCmd: boolean;
  readonly imageEntrypoint: boolean;
  readonly healthcheck: Instruction | undefined;
  readonly user: { readonly value: string | undefined; readonly instruction: Instruction | undefined };
  readonly users: readonly Instruction[];
  readonly workdir: string;
  readonly exposes: readonly Instruction[];
  readonly volumes: readonly Item[];
  readonly environments: readonly Item[];
}

/** Docker's rules for what a stage inherits: an ENTRYPOINT resets a CMD that its own stage did not set. */
export function stageContract(
  graph: StageGraph,
  items: readonly (readonly Item[])[],
  chain: readonly number[],
): StageContract {
  const image = rootContract(graph, chain.at(-1)!);
  let entrypoint: Instruction | undefined;
  let cmd: Instruction | undefined;
  let imageCmd = true;
  let imageEntrypoint = true;
  let healthcheck: Instruction | undefined;
  let user: StageContract['user'] = { value: image.user, instruction: undefined };
  let workdir = image.workdir;
  const users: Instruction[] = [];
  const exposes: Instruction[] = [];
  const volumes: Item[] = [];
  const environments: Item[] = [];
  for (const stage of chain) {
    let cmdSet = false;
    for (const item of items[stage]!) {
      const { instruction } = item;
      switch (instruction.keyword) {
        case 'entrypoint':
          entrypoint = instruction;
          imageEntrypoint = false;
          if (!cmdSet) {
            cmd = undefined;
            imageCmd = false;
          }
          break;
        case 'cmd':
          cmd = instruction;
          cmdSet = true;
          imageCmd = false;
          break;
        case 'healthcheck':
          healthcheck = instruction;
          break;
        case 'user':
          user = { value: item.userAfter, instruction };
          users.push(instruction);
          break;
        case 'workdir':
          workdir = item.workdirAfter;
          break;
        case 'expose':
          exposes.push(instruction);
          break;
        case 'volume':
          volumes.push(item);
          break;
        case 'env':
          environments.push(item);
          break;
      }
    }
  }
  return {
    image,
    entrypoint,
    cmd,
    imageCmd,
    imageEntrypoint,
    healthcheck,
    user,
    users,
    workdir,
    exposes,
    volumes,
    environments,
  };
}
