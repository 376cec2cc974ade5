import type { Finding } from '../findings/finding.ts';
import type { Range } from '../text/range.ts';
import { bakeTargetsOfJson } from './bake-json.ts';
import { argumentTrouble, type BuildArgument } from './build-arguments.ts';
import { targetRemarks } from './build-targets.ts';
import { type Build, type Builds, folderOf, joinPath } from './builds.ts';
import { notRead } from './changes.ts';
import type { AskedBuild, DeploymentChanges, DeploymentFormat, ProjectFile, Surroundings } from './deployment.ts';
import { type HclAttribute, type HclBlock, type HclValue, readHcl } from './hcl.ts';
import { HclWords } from './hcl-words.ts';
import { isForWork } from './shipped-targets.ts';
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
      const build = buildOf(lineOf(target, targets), file, builds);
      for (const tag of build === undefined ? [] : target.tags) builds.nameImage(tag, build!);
    }
  },
  asks,
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
  /** where the text of a Dockerfile stands in the target itself */
  readonly inline: Range | undefined;
  readonly target: BakeWord | undefined;
  readonly tags: readonly string[];
  readonly args: readonly BuildArgument[];
  /** named contexts that stand for images: `base = "docker-image://python:3.12"` */
  readonly images: readonly { readonly name: string; readonly image: BakeWord }[];
}

function targetsOf(file: ProjectFile): readonly BakeTarget[] | { readonly problem: string; readonly range: Range } {
  if (file.path.endsWith('.json')) {
    const yaml = readJson(file.text);
    return 'problem' in yaml ? yaml : bakeTargetsOfJson(yaml);
  }
  const blocks = readHcl(file.text);
  if ('problem' in blocks) return blocks;
  const words = new HclWords(file.text, blocks);
  return blocks.filter(({ type }) => type === 'target').map((block) => targetOf(block, words));
}

function targetOf({ labels, attributes }: HclBlock, words: HclWords): BakeTarget {
  const value = (key: string): HclValue | undefined => attributes.find((each) => each.name === key)?.value;
  const word = (key: string): BakeWord | undefined => words.known(value(key));
  const list = (key: string): readonly HclValue[] => {
    const found = value(key);
    return found?.kind === 'list' ? found.items : [];
  };
  const entries = (key: string): readonly HclAttribute[] => {
    const object = value(key);
    return object?.kind === 'object' ? object.entries : [];
  };
  return {
    name: labels[0] ?? '',
    inherits: list('inherits').flatMap((item) => words.known(item)?.text ?? []),
    context: word('context'),
    dockerfile: word('dockerfile'),
    inline: value('dockerfile-inline')?.range,
    target: word('target'),
    tags: list('tags').flatMap((item) => words.written(item) ?? []),
    args: entries('args').map((entry) => ({
      name: entry.name,
      value: words.known(entry.value)?.text,
      range: entry.nameRange,
    })),
    images: entries('contexts').flatMap((entry) => {
      const image = words.known(entry.value);
      return image?.text.startsWith('docker-image://') === true ? [{ name: entry.name, image }] : [];
    }),
  };
}

/** A target and all that it inherits from, each once; what comes first goes before the others. */
function lineOf(target: BakeTarget, targets: readonly BakeTarget[]): BakeTarget[] {
  const byName = new Map(targets.map((each) => [each.name, each]));
  const line = new Set<BakeTarget>();
  const open = [target];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (line.has(next)) continue;
    line.add(next);
    // the last of them is taken first
    for (const name of next.inherits) {
      const parent = byName.get(name);
      if (parent !== undefined) open.push(parent);
    }
  }
  return [...line];
}

/** The build arguments of a target, with those that it inherits. */
function argumentsOf(line: readonly BakeTarget[]): Iterable<BuildArgument> {
  const byName = new Map<string, BuildArgument>();
  for (const { args } of line)
    for (const argument of args) if (!byName.has(argument.name)) byName.set(argument.name, argument);
  return byName.values();
}

function buildOf(line: readonly BakeTarget[], file: ProjectFile, builds: Builds): Build | undefined {
  if (line.some(({ inline }) => inline !== undefined)) return undefined;
  const word = (key: 'context' | 'dockerfile' | 'target') =>
    line.map((each) => each[key]).find((each) => each !== undefined)?.text;
  return builds.at(joinPath(folderOf(file.path), word('context') ?? '.'), word('dockerfile'), word('target'));
}

function asks(file: ProjectFile): AskedBuild[] {
  const targets = targetsOf(file);
  if ('problem' in targets) return [];
  const inherited = new Set(targets.flatMap(({ inherits }) => inherits));
  return targets
    .filter(
      ({ name: own, tags, inline }) =>
        inline === undefined && !own.startsWith('_') && (tags.length > 0 || !inherited.has(own)),
    )
    .map((target) => {
      const line = lineOf(target, targets);
      const word = (key: 'context' | 'dockerfile' | 'target') =>
        line.map((each) => each[key]).find((each) => each !== undefined)?.text;
      const context = joinPath(folderOf(file.path), word('context') ?? '.');
      return { dockerfile: joinPath(context, word('dockerfile') ?? 'Dockerfile'), target: word('target') };
    });
}

function examine(file: ProjectFile, around: Surroundings): DeploymentChanges | undefined {
  const targets = targetsOf(file);
  const findings: Finding[] = [];
  const say = (severity: Finding['severity'], range: Range, message: string, why: string | undefined, fix: string) =>
    findings.push({ rule: name, severity, range, message, why, fix });
  if ('problem' in targets) return notRead(name, 'Bake file', targets);
  for (const target of targets) {
    const line = lineOf(target, targets);
    if (target.inline !== undefined)
      say(
        'review',
        target.inline,
        `the Dockerfile of ${target.name} stands in the Bake file, and was not migrated`,
        undefined,
        'put it into a file of its own, name that with `dockerfile`, and run again',
      );
    const build = buildOf(line, file, around.builds);
    if (build === undefined) continue;
    const place = line.find((each) => each.target !== undefined)?.target;
    if (place !== undefined && !isForWork(place.text))
      for (const each of targetRemarks(target.name, place.text, build, false))
        say(each.severity, place.range, each.message, each.why, each.fix ?? '');
    const { dockerfile } = build;
    for (const argument of argumentsOf(line)) {
      const trouble = argumentTrouble(argument, dockerfile, around);
      if (trouble !== undefined) say('review', argument.range, trouble.message, trouble.why, trouble.fix);
    }
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
  return { edits: [], findings: distinct(findings), tasks: [] };
}

/** What two targets inherit is told once. */
function distinct(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((each) => [`${each.range.start} ${each.message}`, each])).values()];
}
