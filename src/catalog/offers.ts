import type { Catalog } from './catalog.ts';
import type { Definition } from './definition.ts';
import { type HardenedTag, takeTagApart } from './tag.ts';
import { compareVersions, startsWithVersion, type Version, versionHead } from './version.ts';

/** One thing an image has to offer: a definition, and the part (`jdk`, `sdk`, `pg17` …) that some of its tags name. */
export interface Offer {
  readonly definition: Definition;
  /** what the definition is for: `dotnet`'s `sdk` is called runtime in the catalog, but is made to build with */
  readonly variant: 'runtime' | 'dev';
  readonly part: string | undefined;
  /** the most exact version among its tags; empty where its tags have none (`trixie`) */
  readonly version: Version;
  /** its tags by the numbers that they write: of several with the same numbers the one to be written */
  readonly tags: ReadonlyMap<string, string>;
}

/** What an image has to offer, by version line. */
export interface Offers {
  readonly image: string;
  readonly all: readonly Offer[];
  /** how many numbers of a version tell release lines apart: 2 for python (3.13), 1 for node (22) */
  readonly granularity: 1 | 2;
  /** true for debian-base and alpine-base, whose version is the distribution's release */
  readonly isDistribution: boolean;
  /** the lines by their number or numbers, lowest first */
  readonly lines: readonly Line[];
}

/** A release line of an image: what upstream maintains as one. */
export interface Line {
  readonly version: Version;
  /** latest end of life that any of its definitions says (some leave it out) */
  readonly endOfLife: string | undefined;
  readonly sites: readonly Site[];
}

/** What a line has on one release of a distribution. */
export interface Site {
  readonly distribution: string;
  readonly dev: readonly Offer[];
  readonly runtime: readonly Offer[];
}

const known = new WeakMap<Catalog, Map<string, Offers>>();

/** What an image of the catalog has to offer; undefined for one that it lacks. Worked out once for each catalog. */
export function offersOf(catalog: Catalog, image: string): Offers | undefined {
  let images = known.get(catalog);
  if (images === undefined) {
    images = new Map();
    known.set(catalog, images);
  }
  let offers = images.get(image);
  if (offers === undefined && catalog.has(image)) {
    offers = workOut(image, catalog.definitions(image));
    images.set(image, offers);
  }
  return offers;
}

function workOut(image: string, definitions: readonly Definition[]): Offers {
  const isDistribution = image === 'debian-base' || image === 'alpine-base';
  const all = definitions.flatMap((definition) => offersOfDefinition(definition, isDistribution));
  const granularity = isDistribution ? 1 : granularityOf(all);
  const lines = new Map<string, Offer[]>();
  for (const offer of all) {
    const key = offer.version.slice(0, granularity).join('.');
    const line = lines.get(key);
    if (line === undefined) lines.set(key, [offer]);
    else line.push(offer);
  }
  return {
    image,
    all,
    granularity,
    isDistribution,
    lines: [...lines.values()]
      .map((offers) => ({
        version: offers[0]!.version.slice(0, granularity),
        endOfLife: offers.reduce<string | undefined>((latest, { definition: { endOfLife } }) => {
          return endOfLife !== undefined && (latest === undefined || endOfLife > latest) ? endOfLife : latest;
        }, undefined),
        sites: sitesOf(offers),
      }))
      .sort((a, b) => compareVersions(a.version, b.version)),
  };
}

function sitesOf(offers: readonly Offer[]): Site[] {
  const distributions = new Set(offers.map(({ definition }) => definition.distribution));
  return [...distributions].map((distribution) => {
    const of = (variant: Offer['variant']) =>
      offers.filter((offer) => offer.variant === variant && offer.definition.distribution === distribution);
    return { distribution, dev: of('dev'), runtime: of('runtime') };
  });
}

function offersOfDefinition(definition: Definition, isDistribution: boolean): Offer[] {
  const byPart = new Map<string | undefined, HardenedTag[]>();
  for (const raw of definition.tags) {
    const tag = takeTagApart(raw, definition.flavor);
    const part = isDistribution ? undefined : tag.part;
    const tags = byPart.get(part);
    if (tags === undefined) byPart.set(part, [tag]);
    else tags.push(tag);
  }
  const offers = [...byPart].map(([part, tags]): Offer => {
    const written = new Map<string, HardenedTag>();
    let finest: Version = [];
    for (const tag of tags) {
      const version = isDistribution ? [] : (versionHead(tag.version ?? '')?.version ?? []);
      if (compareVersions(version, finest) > 0) finest = version;
      const key = version.join('.');
      const other = written.get(key);
      if (other === undefined || isBetter(tag, other, isDistribution)) written.set(key, tag);
    }
    return {
      definition,
      variant: part === 'sdk' ? 'dev' : definition.variant,
      part,
      version: finest,
      tags: new Map([...written].map(([key, tag]) => [key, tag.raw])),
    };
  });
  // beside tags with a version, one without is another name (`lts`, `latest`), not another offer
  const versioned = offers.filter((offer) => offer.version.length > 0);
  return versioned.length > 0 ? versioned : offers;
}

/**
 * Of two tags of one definition with equal numbers: the one that names the distribution's release; the shorter one,
 * which is also the choice where the version is the release itself (`trixie`, not `trixie-debian13`).
 */
function isBetter(tag: HardenedTag, other: HardenedTag, isDistribution: boolean): boolean {
  if (!isDistribution) {
    const names = (candidate: HardenedTag) => candidate.distribution?.includes('-') === true;
    if (names(tag) !== names(other)) return names(tag);
  }
  return tag.raw.length - other.raw.length < 0 || (tag.raw.length === other.raw.length && tag.raw < other.raw);
}

/**
 * Two where minors are lines of their own: two of them stand side by side in one place, or the catalog's file names
 * say so (`debian-13/3.13`); one where a major is a line (`22`).
 */
function granularityOf(offers: readonly Offer[]): 1 | 2 {
  const seen = new Map<string, Version>();
  for (const { definition, variant, part, version } of offers) {
    const named = /\/v?(\d+\.\d+)(?=\.|-|$)/.exec(definition.file)?.[1];
    if (named !== undefined && startsWithVersion(version, named.split('.').map(Number))) return 2;
    if (version.length < 2) continue;
    const place = [definition.distribution, variant, part, definition.flavor, version[0]].join(' ');
    const other = seen.get(place);
    if (other !== undefined && other[1] !== version[1]) return 2;
    seen.set(place, version);
  }
  return 1;
}
