import { Environment, VariableNames, type VariableValue } from './environment.ts';
import { type Expansion, expandWord } from './expand.ts';
import { readArg } from './instructions/arg.ts';
import { readEnv } from './instructions/env.ts';
import { readFrom } from './instructions/from.ts';
import type { Dockerfile, Instruction } from './tree.ts';

/** What is given from outside the file. */
export interface ScopeInput {
  /** `--build-arg` */
  readonly buildArgs?: ReadonlyMap<string, string>;
  /** values of the platform arguments (TARGETARCH …) where the caller knows them */
  readonly platformArgs?: ReadonlyMap<string, string>;
  /** the environment that an image brings; undefined where it is not known */
  readonly imageEnvironment?: (image: string) => ReadonlyMap<string, string> | undefined;
}

export interface StageScope {
  readonly from: Instruction;
  /** index of `from` in the file's instructions */
  readonly fromIndex: number;
  /** in lower case, as the builder compares it */
  readonly name: string | undefined;
  /** what FROM names, expanded */
  readonly image: Expansion;
  /** the earlier stage that FROM names; undefined where it names an image */
  readonly base: number | undefined;
  /** after the stage's last instruction */
  readonly end: Environment;
}

export interface Scopes {
  /** for each instruction of the file, the variables in force before it, with which it is expanded */
  readonly before: readonly Environment[];
  /** the global arguments as FROM sees them */
  readonly global: Environment;
  readonly stages: readonly StageScope[];
}

/** Arguments that are there without a declaration in FROM, and after a bare `ARG NAME` in a stage. */
export const PLATFORM_ARGS: readonly string[] = [
  'BUILDPLATFORM',
  'BUILDOS',
  'BUILDOSVERSION',
  'BUILDARCH',
  'BUILDVARIANT',
  'TARGETPLATFORM',
  'TARGETOS',
  'TARGETOSVERSION',
  'TARGETARCH',
  'TARGETVARIANT',
];

/** What the builder sets where the image has no PATH of its own. */
export const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * Works out which variables are in force where: ARG before the first FROM is seen by FROM only; in a stage, ARG and
 * ENV hold from their line on, the later one winning; a stage that starts from another inherits both. Linear.
 */
export function readScopes(file: Dockerfile, input: ScopeInput = {}): Scopes {
  return new ScopeReader(file, input).read();
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

class ScopeReader {
  readonly #file: Dockerfile;
  readonly #input: ScopeInput;
  readonly #stages: Mutable<StageScope>[] = [];
  readonly #stageNumbers = new Map<string, number>();
  readonly #empty = Environment.empty(new VariableNames());
  #global = this.#empty;

  constructor(file: Dockerfile, input: ScopeInput) {
    this.#file = file;
    this.#input = input;
  }

  read(): Scopes {
    const before: Environment[] = [];
    for (const name of PLATFORM_ARGS) {
      const value = this.#input.buildArgs?.get(name) ?? this.#input.platformArgs?.get(name) ?? null;
      this.#global = this.#global.with(name, value);
    }
    this.#file.instructions.forEach((instruction, index) => {
      const stage = this.#stages.at(-1);
      if (instruction.keyword === 'from') {
        before.push(this.#global);
        this.#openStage(instruction, index);
      } else if (stage === undefined) {
        before.push(this.#global);
        if (instruction.keyword === 'arg') this.#global = this.#declare(instruction, this.#global, false);
      } else {
        before.push(stage.end);
        if (instruction.keyword === 'arg') stage.end = this.#declare(instruction, stage.end, true);
        else if (instruction.keyword === 'env') stage.end = this.#assign(instruction, stage.end);
      }
    });
    return { before, global: this.#global, stages: this.#stages };
  }

  #openStage(from: Instruction, fromIndex: number): void {
    const { image: argument, alias } = readFrom(from);
    const image = this.#expand(argument?.text ?? '', this.#global);
    const base = image.value === undefined ? undefined : this.#stageNumbers.get(image.value.toLowerCase());
    const name = alias?.text.toLowerCase();
    const end = base === undefined ? this.#imageEnvironment(image.value) : this.#stages[base]!.end;
    if (name !== undefined) this.#stageNumbers.set(name, this.#stages.length);
    this.#stages.push({ from, fromIndex, name, image, base, end });
  }

  #imageEnvironment(image: string | undefined): Environment {
    if (image === 'scratch') return this.#empty.with('PATH', DEFAULT_PATH);
    const known = image === undefined ? undefined : this.#input.imageEnvironment?.(image);
    if (known === undefined) return this.#empty.with('PATH', null);
    let environment = this.#empty.with('PATH', DEFAULT_PATH);
    for (const [name, value] of known) environment = environment.with(name, value);
    return environment;
  }

  /** ARG. Each entry sees those before it. In a stage, one without a default takes the global value. */
  #declare(instruction: Instruction, start: Environment, inStage: boolean): Environment {
    let environment = start;
    for (const entry of readArg(instruction, this.#file.escape)) {
      const name = this.#expand(entry.name.text, environment).value;
      if (name === undefined || name === '') continue;
      let value: VariableValue | undefined = this.#input.buildArgs?.get(name);
      if (value === undefined) {
        if (entry.default !== undefined) value = this.#expand(entry.default.text, environment).value ?? null;
        else if (inStage) value = this.#global.get(name);
      }
      if (value !== undefined) environment = environment.with(name, value);
    }
    return environment;
  }

  /** ENV. All pairs of one instruction see what was in force before it. */
  #assign(instruction: Instruction, start: Environment): Environment {
    let environment = start;
    for (const pair of readEnv(instruction, this.#file.escape).pairs) {
      const name = this.#expand(pair.name.text, start).value;
      if (name === undefined || name === '') continue;
      environment = environment.with(name, this.#expand(pair.value.text, start).value ?? null);
    }
    return environment;
  }

  #expand(text: string, environment: Environment): Expansion {
    return expandWord(text, environment, this.#file.escape);
  }
}
