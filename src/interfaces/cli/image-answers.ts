import type { Catalog } from '../../catalog/catalog.ts';
import { choosePair } from '../../catalog/choose.ts';
import { formatHardened, hardenedName, parseReference, type Reference } from '../../catalog/reference.ts';
import { takeTagApart } from '../../catalog/tag.ts';
import type { Choice, Pair, Refusal } from '../../catalog/wish.ts';
import type { CompileOptions } from '../../compile.ts';
import { InputError } from '../../project/input-error.ts';
import { describeSource } from '../../sources/describe-source.ts';
import type { SourceImage } from '../../sources/source-image.ts';
import { wishForSource } from '../../sources/wish-for-source.ts';

/** The hardened image that stands for an image, with what is to be said of it. Throws an InputError where none does. */
export function resolveImage(text: string, catalog: Catalog, options: CompileOptions): string {
  const reference = readReference(text);
  const hardened = hardenedName(reference, options);
  if (hardened !== undefined) {
    const tag = hardened.tag ?? 'latest';
    if (catalog.resolve(hardened.image, tag) !== undefined) return formatHardened(hardened.image, tag, options);
    const day = catalog.removed(hardened.image, tag);
    const what = day === undefined ? 'has no' : `lost, on ${day},`;
    throw new InputError(`the catalog of ${catalog.date} ${what} ${hardened.image}:${tag}; see rehull catalog show`);
  }
  const source = describeSource(reference);
  const answer = pairFor(source, catalog, options);
  if (answer === undefined) throw new InputError(noStandIn(text, source));
  if ('code' in answer.pair) {
    const nearest = answer.pair.nearest;
    const advice = nearest === undefined ? '' : `; the nearest is ${formatHardened(answer.image, nearest, options)}`;
    throw new InputError(`no tag of ${answer.image} stands for ${text}: ${answer.pair.reason}${advice}`);
  }
  const lines = [answer.pair.runtime, answer.pair.dev].filter((choice) => choice !== undefined);
  return lines.map((choice) => choiceText(answer.image, choice, options)).join('\n');
}

/** What is known of an image, for a person: its tag taken apart, what it brings, and what stands for it. */
export function explainImage(text: string, catalog: Catalog, options: CompileOptions): string | undefined {
  const reference = parseReference(text);
  if ('problem' in reference) return undefined;
  const hardened = hardenedName(reference, options);
  if (hardened !== undefined) return explainHardened(hardened.image, hardened.tag ?? 'latest', catalog);
  const source = describeSource(reference);
  if (source.name === undefined && source.hardened === undefined) return undefined;
  const { brings } = source;
  return table([
    ['image', `${reference.registry}/${reference.repository}`],
    ['version', source.version && `${source.version}${source.versionFromToday ? ' (what the tag means today)' : ''}`],
    ['family', source.family],
    ['release', source.release && `${source.release}${source.releaseFromToday ? ' (what the tag means today)' : ''}`],
    ['words', source.words.join(' ')],
    ['stands for it', standIn(text, source, catalog, options)],
    ['user', brings.user],
    ['workdir', brings.workdir],
    ['entrypoint', brings.entrypoint && JSON.stringify(brings.entrypoint)],
    ['cmd', brings.cmd && JSON.stringify(brings.cmd)],
    ['ports', brings.exposes.join(' ')],
    ['shell', brings.shell ?? 'none'],
    ['environment', pairs(brings.environment)],
    ['tools', brings.tools.join(' ')],
  ]);
}

function explainHardened(image: string, tag: string, catalog: Catalog): string | undefined {
  if (!catalog.has(image)) return undefined;
  const definition = catalog.resolve(image, tag);
  const apart = takeTagApart(tag, definition?.flavor);
  const removed = catalog.removed(image, tag);
  const state = removed === undefined ? 'not in the catalog' : `left the catalog on ${removed}`;
  return table([
    ['hardened image', image],
    ['tag', definition === undefined ? `${tag} (${state})` : tag],
    ['version', apart.version],
    ['part', apart.part],
    ['distribution', definition?.distribution ?? apart.distribution],
    ['flavor', apart.flavor],
    ['variant', definition?.variant ?? (apart.dev ? 'dev' : 'runtime')],
    ['fips', apart.fips ? 'yes' : undefined],
    ['customisation', apart.customisation],
    ['user', definition && `${definition.user.name} (${definition.user.uid}:${definition.user.gid})`],
    ['workdir', definition?.workdir],
    ['entrypoint', definition?.entrypoint && JSON.stringify(definition.entrypoint)],
    ['cmd', definition?.cmd && JSON.stringify(definition.cmd)],
    ['ports', definition?.ports.join(' ')],
    ['shell', definition && (definition.shell ?? 'none')],
    ['environment', definition && pairs(definition.environment)],
    ['end of life', definition?.endOfLife],
  ]);
}

function standIn(text: string, source: SourceImage, catalog: Catalog, options: CompileOptions): string {
  const answer = pairFor(source, catalog, options);
  if (answer === undefined) return noStandIn(text, source);
  if ('code' in answer.pair) return `none: ${answer.pair.reason}`;
  const { runtime, dev } = answer.pair;
  const names = [runtime, dev].filter((choice) => choice !== undefined);
  const differs =
    source.equivalence === 'substitute' ? ` (a substitute${source.reason ? `: ${source.reason}` : ''})` : '';
  return names.map(({ tag }) => formatHardened(answer.image, tag, options)).join(', ') + differs;
}

/** The hardened tags for a source image; undefined where no hardened image stands for it at all. */
function pairFor(
  source: SourceImage,
  catalog: Catalog,
  options: CompileOptions,
): { image: string; pair: Pair | Refusal } | undefined {
  const image = source.hardened;
  if (image === undefined) return undefined;
  const family = options.distro ?? source.hardenedFamily ?? 'debian';
  const wish = wishForSource(source, image, family, options.today ?? catalog.date);
  return { image, pair: choosePair(catalog, wish) };
}

function choiceText(image: string, choice: Choice, options: CompileOptions): string {
  const { versionChange: version, distributionChange: distribution, notes } = choice;
  const said = [
    version && `version ${version.from} becomes ${version.to}: ${version.why}`,
    distribution && `${distribution.from} becomes ${distribution.to}: ${distribution.why}`,
    ...notes,
  ].filter((note) => note !== undefined);
  return [formatHardened(image, choice.tag, options), ...said.map((note) => `  ${note}`)].join('\n');
}

function noStandIn(text: string, { reason }: SourceImage): string {
  return `no hardened image stands for ${text}: ${reason ?? 'it is not known; name what it is a copy of under images in rehull.yaml'}`;
}

function readReference(text: string): Reference {
  const reference = parseReference(text);
  if ('problem' in reference) throw new InputError(`${JSON.stringify(text)} is no image: ${reference.problem}`);
  return reference;
}

function pairs(environment: Readonly<Record<string, string>>): string {
  return Object.entries(environment)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

function table(rows: readonly (readonly [string, string | undefined])[]): string {
  const filled = rows.filter(([, value]) => value !== undefined && value !== '');
  return filled.map(([name, value]) => `${name.padEnd(14)}  ${value}\n`).join('');
}
