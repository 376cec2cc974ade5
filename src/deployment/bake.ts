import type { Finding } from '../findings/finding.ts';
import type { Range } from '../text/range.ts';
import { bakeTargetsOfJson } from './bake-json.ts';
import { choosesBase } from './build-arguments.ts';
import { type Build, type Builds, folderOf, joinPath } from './builds.ts';
import { notRead } from './changes.ts';
import type { DeploymentChanges, DeploymentFormat, ProjectFile, Surroundings } from './deployment.ts';
import { type HclAttribute, type HclBlock, type HclValue, readHcl } from './hcl.ts';
import { readJson } from './yaml-text.ts';

const name = 'bake';

/** Bake: which target builds which Dockerfile, under which names and with which arguments. */
export const format: DeploymentFormat = {
  name,
  mayBe: (path) => /(^|\/)docker-bake(\.override)?\.(hcl|json)$/.test(path),
  tell: (file, builds) => {
    const targets = targetsOf(file);
    if ('problem' in targets) return;
    for (const target of targets) {
      const build = buildOf(target, targets, file, builds);
      for (const tag of build === undefined ? [] : target.tags) builds.nameImage(tag, build!);
    }
  },
  examine,
};

/** A word of a target with its place. */
export interface BakeWord {
  readonly text: string;
  readonly range: Range;
}

/** One target of a Bake file, as far as it is literal. */
export interface BakeTarget {
  readonly name: string;
  readonly inherits: readonly string[];
  readonly context: BakeWord | undefined;
  readonly dockerfile: BakeWord | undefined;
  readonly target: BakeWord | undefined;
  readonly tags: readonly string[];
  /** names of build arguments */
  readonly args: readonly BakeWord[];
  /** named contexts that stand for images: `base = "docker-image://python:3.12"` */
  readonly images: readonly { readonly name: string; readonly image: BakeWord }[];
}

function targetsOf(file: ProjectFile): readonly BakeTarget[] | { readonly problem: string; readonly range: Range } {
  if (file.path.endsWith('.json')) {
    const yaml = readJson(file.text);
    return 'problem' in yaml ? yaml : bakeTargetsOfJson(yaml);
  }
  const blocks = readHcl(file.text);
  return 'problem' in blocks ? blocks : blocks.filter(({ type }) => type === 'target').map(targetOf);
}

function targetOf({ labels, attributes }: HclBlock): BakeTarget {
  const value = (key: string): HclValue | undefined => attributes.find((each) => each.name === key)?.value;
  const word = (key: string): BakeWord | undefined => wordOf(value(key));
  const texts = (key: string): string[] => {
    const list = value(key);
    return list?.kind === 'list' ? list.items.flatMap((item) => wordOf(item)?.text ?? []) : [];
  };
  const entries = (key: string): readonly HclAttribute[] => {
    const object = value(key);
    return object?.kind === 'object' ? object.entries : [];
  };
  return {
    name: labels[0] ?? '',
    inherits: texts('inherits'),
    context: word('context'),
    dockerfile: word('dockerfile'),
    target: word('target'),
    tags: texts('tags'),
    args: entries('args').map((entry) => ({ text: entry.name, range: entry.nameRange })),
    images: entries('contexts').flatMap((entry) => {
      const image = wordOf(entry.value);
      return image?.text.startsWith('docker-image://') === true ? [{ name: entry.name, image }] : [];
    }),
  };
}

function wordOf(value: HclValue | undefined): BakeWord | undefined {
  return value?.kind === 'text' && value.text !== undefined ? { text: value.text, range: value.range } : undefined;
}

/** A property of a target, or of those that it inherits from. */
function inherited<Value>(
  target: BakeTarget,
  targets: readonly BakeTarget[],
  read: (target: BakeTarget) => Value | undefined,
  depth = 0,
): Value | undefined {
  const own = read(target);
  if (own !== undefined || depth > 8) return own;
  for (const parent of [...target.inherits].reverse()) {
    const found = targets.find((each) => each.name === parent);
    const value = found === undefined ? undefined : inherited(found, targets, read, depth + 1);
    if (value !== undefined) return value;
  }
  return undefined;
}

function buildOf(
  target: BakeTarget,
  targets: readonly BakeTarget[],
  file: ProjectFile,
  builds: Builds,
): Build | undefined {
  const context = inherited(target, targets, (each) => each.context?.text) ?? '.';
  const dockerfile = inherited(target, targets, (each) => each.dockerfile?.text);
  const stage = inherited(target, targets, (each) => each.target?.text);
  return builds.at(joinPath(folderOf(file.path), context), dockerfile, stage);
}

function examine(file: ProjectFile, around: Surroundings): DeploymentChanges | undefined {
  const targets = targetsOf(file);
  const findings: Finding[] = [];
  const say = (severity: Finding['severity'], range: Range, message: string, why: string | undefined, fix: string) =>
    findings.push({ rule: name, severity, range, message, why, fix });
  if ('problem' in targets) return notRead(name, 'Bake file', targets);
  for (const target of targets) {
    const build = buildOf(target, targets, file, around.builds);
    if (build === undefined || build.dockerfile.result.outcome === 'blocked') continue;
    const { dockerfile } = build;
    for (const { text, range } of target.args)
      if (choosesBase(text, dockerfile))
        say(
          'review',
          range,
          `${text} no longer chooses the base image of ${dockerfile.path}`,
          'the migrated FROM names its image',
          'take the argument out, or choose the image in the Dockerfile',
        );
    for (const { name: stage, image } of target.images)
      if (
        new RegExp(`^[ \\t]*FROM[ \\t]+(--\\S+[ \\t]+)*${stage.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\b`, 'im').test(
          dockerfile.before,
        )
      )
        say(
          'review',
          image.range,
          `${target.name} builds on ${image.text.slice('docker-image://'.length)}, whatever ${dockerfile.path} says`,
          'a named context goes before the image of that name',
          'name the hardened image here, or take the context out',
        );
  }
  return { edits: [], findings, tasks: [] };
}
