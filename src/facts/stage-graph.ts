import type { Catalog } from '../catalog/catalog.ts';
import type { Definition } from '../catalog/definition.ts';
import type { TaggedHome } from '../catalog/enterprise-tag.ts';
import { type Absence, readHardened } from '../catalog/hardened-image.ts';
import { parseReference, type Reference } from '../catalog/reference.ts';
import { describeSource } from '../sources/describe-source.ts';
import type { SourceImage } from '../sources/source-image.ts';
import { readCopy } from '../syntax/instructions/copy.ts';
import { type From, readFrom } from '../syntax/instructions/from.ts';
import { readRun } from '../syntax/instructions/run.ts';
import type { Scopes } from '../syntax/scope.ts';
import type { Dockerfile, Instruction } from '../syntax/tree.ts';

/** What a stage starts from. */
export type StageBase =
  | { readonly kind: 'stage'; readonly index: number }
  | { readonly kind: 'scratch' }
  | {
      readonly kind: 'source';
      readonly reference: Reference;
      readonly source: SourceImage;
    }
  | {
      readonly kind: 'hardened';
      readonly reference: Reference;
      readonly image: string;
      /** `latest` where none is written */
      readonly tag: string;
      /** undefined if neither the catalog nor the organisation's list has the tag */
      readonly definition: Definition | undefined;
      /** why there is no definition */
      readonly absence: Absence | undefined;
    }
  | { readonly kind: 'unresolved'; readonly why: string; readonly fix: string };

/** One stage as the file writes it. */
export interface Stage {
  readonly index: number;
  readonly name: string | undefined;
  readonly from: From;
  readonly instruction: Instruction;
  /** without FROM */
  readonly instructions: readonly Instruction[];
  readonly base: StageBase;
  /** indexes of the stages that it copies or mounts from */
  readonly uses: readonly number[];
}

export interface StageGraph {
  readonly stages: readonly Stage[];
  /** ARGs before the first FROM */
  readonly globals: readonly Instruction[];
  /** index of the stage that is built: the last, or the target */
  readonly final: number;
  /** stages the final one inherits from, root first, the final one last */
  readonly chain: readonly number[];
  /** for each stage, the one at the root of its chain, which starts from an image */
  readonly roots: readonly number[];
  readonly names: StageNames;
}

/** The names of stages, for finding the one that a name or number means at a place in the file. */
export class StageNames {
  readonly #indexes = new Map<string, number[]>();

  add(name: string, index: number): void {
    const key = name.toLowerCase();
    const known = this.#indexes.get(key);
    if (known === undefined) this.#indexes.set(key, [index]);
    else known.push(index);
  }

  /** The nearest stage of that name (or number) before the stage with index `before`. */
  find(name: string, before: number): number | undefined {
    const known = this.#indexes.get(name.toLowerCase()) ?? [];
    let at = known.length - 1;
    while (at >= 0 && known[at]! >= before) at--;
    if (at >= 0) return known[at];
    return /^\d+$/.test(name) && Number(name) < before ? Number(name) : undefined;
  }
}

/**
 * The stages of a file and what each starts from. `target` names another final stage than the last.
 * Returns a sentence instead where there is nothing to build.
 */
export function readStages(
  file: Dockerfile,
  scopes: Scopes,
  catalog: Catalog,
  options: TaggedHome & {
    readonly target?: string | undefined;
    readonly images?: Readonly<Record<string, string>> | undefined;
  },
): StageGraph | { readonly problem: string; readonly instruction: Instruction | undefined } {
  const globals: Instruction[] = [];
  const names = new StageNames();
  const stages: (Stage & { instructions: Instruction[]; uses: number[] })[] = [];
  for (const instruction of file.instructions) {
    if (instruction.keyword === 'from') {
      const from = readFrom(instruction);
      if (from.image === undefined) return { problem: 'FROM names no image', instruction };
      const { value, unset, unknown } = scopes.stages[stages.length]!.image;
      const base = baseOf(value, unknown[0] ?? unset[0], names, stages.length, catalog, options);
      stages.push({
        index: stages.length,
        name: from.alias?.text,
        from,
        instruction,
        instructions: [],
        base,
        uses: [],
      });
      if (from.alias !== undefined) names.add(from.alias.text, stages.length - 1);
      continue;
    }
    const stage = stages.at(-1);
    if (stage === undefined) {
      if (instruction.keyword !== 'arg') {
        return { problem: `${instruction.keyword.toUpperCase()} stands before the first FROM`, instruction };
      }
      globals.push(instruction);
      continue;
    }
    stage.instructions.push(instruction);
    for (const name of sourcesOf(instruction)) {
      const used = names.find(name, stage.index);
      if (used !== undefined && !stage.uses.includes(used)) stage.uses.push(used);
    }
  }
  if (stages.length === 0) return { problem: 'there is no FROM', instruction: undefined };
  let final = stages.length - 1;
  if (options.target !== undefined) {
    const found = names.find(options.target, stages.length);
    if (found === undefined) return { problem: `there is no stage ${options.target}`, instruction: undefined };
    final = found;
  }
  const roots: number[] = [];
  for (const { base, index } of stages) roots.push(base.kind === 'stage' ? roots[base.index]! : index);
  return { stages, globals, final, chain: chainOf(stages, final), roots, names };
}

/** The stages that one inherits from, root first, itself last. */
export function chainOf(stages: readonly Stage[], index: number): number[] {
  const chain = [index];
  for (let base = stages[index]!.base; base.kind === 'stage'; base = stages[base.index]!.base) chain.push(base.index);
  return chain.reverse();
}

/** The stage at the root of a stage's chain: the one that starts from an image. */
export function rootIndex(graph: StageGraph, index: number): number {
  return graph.roots[index]!;
}

/** What COPY --from and RUN --mount=from= name. */
function sourcesOf(instruction: Instruction): string[] {
  if (instruction.keyword === 'copy') {
    const from = readCopy(instruction).from;
    return from?.value === undefined ? [] : [from.value];
  }
  if (instruction.keyword === 'run') return readRun(instruction).mounts.flatMap((mount) => mount.from ?? []);
  return [];
}

function baseOf(
  text: string | undefined,
  unknownVariable: string | undefined,
  names: StageNames,
  before: number,
  catalog: Catalog,
  options: TaggedHome & { readonly images?: Readonly<Record<string, string>> | undefined },
): StageBase {
  if (text === undefined || text === '' || unknownVariable !== undefined) {
    return {
      kind: 'unresolved',
      why: unknownVariable === undefined ? 'the name of the image is empty' : `${unknownVariable} has no value`,
      fix: 'give the ARG a default, or the value with --build-arg or under buildArgs in rehull.yaml',
    };
  }
  if (text === 'scratch') return { kind: 'scratch' };
  const stage = names.find(text, before);
  if (stage !== undefined && !/^\d+$/.test(text)) return { kind: 'stage', index: stage };
  const mapped = mapCompanyImage(text, options.images);
  const reference = parseReference(mapped);
  if ('problem' in reference)
    return { kind: 'unresolved', why: reference.problem, fix: 'write the image as [registry/]name[:tag]' };
  const hardened = readHardened(reference, catalog, options);
  if (hardened !== undefined) return { kind: 'hardened', reference, ...hardened };
  return { kind: 'source', reference, source: describeSource(reference) };
}

/** A company's own name for an image; the tag is kept where the mapping names none. */
function mapCompanyImage(text: string, images: Readonly<Record<string, string>> | undefined): string {
  if (images === undefined) return text;
  if (Object.hasOwn(images, text)) return images[text]!;
  const name = text.replace(/@.*$/, '').replace(/:[^:/]*$/, '');
  if (!Object.hasOwn(images, name)) return text;
  const target = images[name]!;
  return /:[^:/]*$/.test(target) ? target : target + text.slice(name.length);
}

/** The environment that an image brings; undefined where it is not known. */
export function imageEnvironment(
  text: string,
  catalog: Catalog,
  home: TaggedHome,
): ReadonlyMap<string, string> | undefined {
  const reference = parseReference(text);
  if ('problem' in reference) return undefined;
  const hardened = readHardened(reference, catalog, home);
  if (hardened !== undefined) {
    const { definition } = hardened;
    return definition === undefined ? undefined : new Map(Object.entries(definition.environment));
  }
  const source = describeSource(reference);
  return source.kind === 'unknown' ? undefined : new Map(Object.entries(source.brings.environment));
}
