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

/** No program can be started with a longer variable, and values may double with each line. */
const MAX_VALUE = 1 << 15;

/**
 * Works out which variables are in force where: ARG before the first FROM is seen by FROM only; in a stage, ARG and
 * ENV hold from their line on, the later one winning; a stage that starts from another inherits both,
 * and runs its ONBUILD instructions first. Linear.
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
  /** the ONBUILD instructions of each stage */
  readonly #triggers: Instruction[][] = [];
  /** what a stage that starts from the stage begins with */
  readonly #inherited = new Map<number, Environment>();
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
        stage.end = this.#apply(instruction, stage.end);
        if (instruction.sub !== undefined) this.#triggers.at(-1)!.push(instruction.sub);
      }
    });
    return { before, global: this.#global, stages: this.#stages };
  }

  #openStage(from: Instruction, fromIndex: number): void {
    const { image: argument, alias } = readFrom(from);
    const image = this.#expand(argument?.text ?? '', this.#global);
    const base = image.value === undefined ? undefined : this.#stageNumbers.get(image.value.toLowerCase());
    const name = alias?.text.toLowerCase();
    const end = base === undefined ? this.#imageEnvironment(image.value) : this.#inheritedFrom(base);
    if (name !== undefined) this.#stageNumbers.set(name, this.#stages.length);
    this.#stages.push({ from, fromIndex, name, image, base, end });
    this.#triggers.push([]);
  }

  #inheritedFrom(stage: number): Environment {
    let environment = this.#inherited.get(stage);
    if (environment === undefined) {
      environment = this.#stages[stage]!.end;
      for (const trigger of this.#triggers[stage]!) environment = this.#apply(trigger, environment);
      this.#inherited.set(stage, environment);
    }
    return environment;
  }

  /** What an instruction of a stage leaves behind. */
  #apply(instruction: Instruction, environment: Environment): Environment {
    if (instruction.keyword === 'arg') return this.#declare(instruction, environment, true);
    return instruction.keyword === 'env' ? this.#assign(instruction, environment) : environment;
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
        if (entry.default !== undefined) value = this.#value(entry.default.text, environment);
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
      environment = environment.with(name, this.#value(pair.value.text, start));
    }
    return environment;
  }

  #value(text: string, environment: Environment): VariableValue {
    const { value } = this.#expand(text, environment);
    return value === undefined || value.length > MAX_VALUE ? null : value;
  }

  #expand(text: string, environment: Environment): Expansion {
    return expandWord(text, environment, this.#file.escape);
  }
}
