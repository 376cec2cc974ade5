import { type Choice, chooseTag } from '../catalog/choose.ts';
import type { Definition } from '../catalog/definition.ts';
import { formatHardened } from '../catalog/reference.ts';
import type { Ecosystem, RuntimeWish } from '../ecosystems/ecosystem.ts';
import type { BuildFacts } from '../facts/build-facts.ts';
import { rootIndex, type Stage } from '../facts/stage-graph.ts';
import type { Family, SourceImage } from '../sources/source-image.ts';
import type { Remark, Settings } from './settings.ts';

/** A hardened image that a stage is to stand on. */
export interface ChosenImage {
  readonly image: string;
  readonly tag: string;
  readonly definition: Definition;
  /** as it is written after FROM */
  readonly text: string;
}

/** What each stage that starts from an image of its own is to stand on. */
export interface ImageDecisions {
  /** by stage index; stages that keep what they have are not in it */
  readonly chosen: ReadonlyMap<number, ChosenImage>;
  /** the final image, where that is not what its stage's build image is */
  readonly runtime: ChosenImage | undefined;
  /** the image of a build stage split off from the final one */
  readonly build: ChosenImage | undefined;
  readonly remarks: readonly Remark[];
}

/** The package family of a source that a hardened image of the same family stands for (design decision 2). */
export function hardenedFamily(family: Family, settings: Settings): 'debian' | 'alpine' {
  if (settings.distro !== undefined) return settings.distro;
  return family === 'alpine' || family === 'wolfi' ? 'alpine' : 'debian';
}

/** Chooses the hardened image for every stage. `ecosystem` is that of the program in the final image. */
export function decideImages(facts: BuildFacts, ecosystem: Ecosystem, wish: RuntimeWish, settings: Settings): ImageDecisions {
  const { graph } = facts;
  const chosen = new Map<number, ChosenImage>();
  const remarks: Remark[] = [];
  const root = rootIndex(graph, graph.final);
  for (const stage of graph.stages) {
    if (stage.index === root) continue;
    const choice = buildImage(stage, settings, facts, remarks);
    if (choice !== undefined) chosen.set(stage.index, choice);
  }
  const final = decideFinal(facts, graph.stages[root]!, ecosystem, wish, settings, remarks);
  return { chosen, ...final, remarks };
}

function buildImage(stage: Stage, settings: Settings, facts: BuildFacts, remarks: Remark[]): ChosenImage | undefined {
  const { base } = stage;
  if (base.kind !== 'source') {
    if (base.kind === 'unresolved') {
      remarks.push(remark(stage, 'review', `the image of this build stage is not known: ${base.why}`, 'only images whose name is known can be looked up', 'left as it is; give the value with a default or --build-arg'));
    }
    return undefined;
  }
  const { source } = base;
  if (source.hardened === undefined || source.family === 'windows') {
    remarks.push(remark(stage, 'review', `there is no hardened image for ${source.reference.raw}`, 'the catalog has no image that stands for it', 'the build stage stays on it; nothing of it but what is copied gets into the final image'));
    return undefined;
  }
  const choice = choose(facts, source, source.hardened, 'dev', settings, undefined, undefined);
  if ('refusal' in choice) {
    remarks.push(remark(stage, 'review', `no hardened image for ${source.reference.raw} in a build stage: ${choice.refusal}`, undefined, 'the build stage stays on it; nothing of it but what is copied gets into the final image'));
    return undefined;
  }
  noteChoice(stage, source, choice, remarks);
  return chosenImage(source.hardened, choice, settings);
}

function decideFinal(
  facts: BuildFacts,
  stage: Stage,
  ecosystem: Ecosystem,
  wish: RuntimeWish,
  settings: Settings,
  remarks: Remark[],
): { runtime: ChosenImage | undefined; build: ChosenImage | undefined } {
  const { base } = stage;
  if (base.kind === 'hardened') return decideHardened(base, facts, settings);
  const none = { runtime: undefined, build: undefined };
  if (base.kind === 'unresolved') {
    remarks.push(remark(stage, 'blocked', `the final image is not known: ${base.why}`, 'only an image whose name is known can be looked up', 'give the ARG a default, or the value with --build-arg'));
    return none;
  }
  const source = base.kind === 'source' ? base.source : undefined;
  if (source?.family === 'windows') {
    remarks.push(remark(stage, 'blocked', `${source.reference.raw} is a Windows image`, 'there are no hardened images for Windows', undefined));
    return none;
  }
  if (source !== undefined && source.hardened === undefined) {
    remarks.push(remark(stage, 'blocked', `there is no hardened image for ${source.reference.raw}`, 'the catalog has no image that stands for it', 'if it is a copy of a public image, say which under `images` in rehull.yaml'));
    return none;
  }
  const family = source === undefined ? scratchFamily(facts, settings) : hardenedFamily(source.family, settings);
  const like: SourceImage | undefined = source;
  const runtimeChoice = choose(facts, like, wish.image, 'runtime', settings, wish, family);
  if ('refusal' in runtimeChoice) {
    remarks.push(remark(stage, 'blocked', `no hardened ${wish.image} image fits ${source?.reference.raw ?? 'scratch'}: ${runtimeChoice.refusal}`, undefined, undefined));
    return none;
  }
  if (source !== undefined) noteChoice(stage, source, runtimeChoice, remarks);
  const runtime = chosenImage(wish.image, runtimeChoice, settings);
  // the build half has to be of the same release, or what it makes would not fit
  const buildName = source?.hardened !== undefined && ecosystem.images.includes(source.hardened) ? source.hardened : wish.image;
  const buildChoice = choose(facts, like, buildName === 'static' ? (family === 'alpine' ? 'alpine-base' : 'debian-base') : buildName, 'dev', settings, undefined, family, runtime.definition.distribution);
  const build = 'refusal' in buildChoice ? undefined : chosenImage(buildName === 'static' ? (family === 'alpine' ? 'alpine-base' : 'debian-base') : buildName, buildChoice, settings);
  return { runtime, build };
}

/** A final stage that stands on a hardened image: its runtime twin, where it is a build image today. */
function decideHardened(base: Extract<Stage['base'], { kind: 'hardened' }>, facts: BuildFacts, settings: Settings): { runtime: ChosenImage | undefined; build: ChosenImage | undefined } {
  const { definition } = base;
  if (definition === undefined) return { runtime: undefined, build: undefined };
  const own: ChosenImage = { image: base.image, tag: base.tag, definition, text: base.reference.raw };
  const twin = (variant: 'dev' | 'runtime'): ChosenImage | undefined => {
    const other = facts.catalog.definitions(base.image).find((each) => each.variant === variant && each.distribution === definition.distribution && each.flavor === definition.flavor && sameLine(each, definition));
    const tag = other?.tags.find((each) => each === (variant === 'dev' ? `${base.tag}-dev` : base.tag.replace(/-dev$/, '')));
    return other === undefined || tag === undefined ? undefined : { image: base.image, tag, definition: other, text: formatHardened(base.image, tag, settings) };
  };
  if (definition.variant === 'dev') return { runtime: twin('runtime'), build: own };
  return { runtime: own, build: twin('dev') };
}

function sameLine(a: Definition, b: Definition): boolean {
  return a.file.replace(/-dev$/, '') === b.file.replace(/-dev$/, '');
}

/** Where the final stage is `scratch`, the family of what is copied into it. */
function scratchFamily(facts: BuildFacts, settings: Settings): 'debian' | 'alpine' {
  for (const used of facts.graph.stages[facts.graph.final]!.uses) {
    const base = facts.graph.stages[rootIndex(facts.graph, used)]!.base;
    if (base.kind === 'source') return hardenedFamily(base.source.family, settings);
    if (base.kind === 'hardened') return base.definition?.distribution.startsWith('alpine') ? 'alpine' : 'debian';
  }
  return settings.distro ?? 'debian';
}

function choose(
  facts: BuildFacts,
  source: SourceImage | undefined,
  image: string,
  variant: 'dev' | 'runtime',
  settings: Settings,
  wish: RuntimeWish | undefined,
  family: 'debian' | 'alpine' | undefined,
  distribution?: string,
) {
  const sameImage = source?.hardened === image;
  return chooseTag(facts.catalog, {
    image,
    version: wish?.version ?? (sameImage && !source.isDistribution ? source.version : undefined),
    family: family ?? hardenedFamily(source?.family ?? 'debian', settings),
    release: sameImage ? source.release : undefined,
    distribution,
    variant,
    flavor: wish?.flavor,
    words: sameImage ? source.words : [],
    today: settings.today,
  });
}

function chosenImage(image: string, choice: Choice, settings: Settings): ChosenImage {
  return { image, tag: choice.tag, definition: choice.definition, text: formatHardened(image, choice.tag, settings) };
}

function noteChoice(stage: Stage, source: SourceImage, choice: Choice, remarks: Remark[]): void {
  if (choice.versionChange !== undefined) {
    const { from, to, why } = choice.versionChange;
    remarks.push({ ...remark(stage, 'review', `${source.hardened} ${from} becomes ${to}`, why, `check that the program runs on ${to}`), rule: 'version-and-tag' });
  }
  if (source.reference.digest !== undefined) {
    remarks.push({ ...remark(stage, 'info', 'the digest is dropped: it pinned the image that is replaced', undefined, undefined), rule: 'version-and-tag' });
  }
}

function remark(stage: Stage, severity: Remark['severity'], message: string, why: string | undefined, fix: string | undefined): Remark {
  return { rule: 'base-image', severity, range: stage.from.image?.range ?? stage.instruction.range, message, why, fix };
}
