import { isPast } from './choose-line.ts';
import type { Definition } from './definition.ts';
import { compareDistributions, familyOf, isRelease } from './distribution.ts';
import { fittingOffer } from './fitting-offer.ts';
import type { Line, Offer, Offers, Site } from './offers.ts';
import { formatVersion, startsWithVersion, type Version, versionHead } from './version.ts';
import type { Variant, Wish } from './wish.ts';

/** A wish with its version read. */
export interface ReadWish extends Wish {
  /** the numbers that count: as far as written, or all where the version is what a floating tag means today */
  readonly wanted: Version | undefined;
  /** the numbers the user wrote */
  readonly written: Version | undefined;
}

/** One version line on one distribution release, with what fits the wish there. */
export interface Place {
  readonly line: Line;
  readonly distribution: string;
  readonly dev: Offer | undefined;
  readonly runtime: Offer | undefined;
}

/** Reads the version of a wish. */
export function readWish(wish: Wish): ReadWish {
  const version = wish.version === undefined ? undefined : versionHead(wish.version)?.version;
  const written = wish.precision > 0 ? version?.slice(0, wish.precision) : undefined;
  return { ...wish, wanted: written ?? version, written };
}

/** True if a line is the one that the wish names, or the wish names none. */
export function isKept(offers: Offers, wish: ReadWish, line: Line): boolean {
  return wish.wanted === undefined || startsWithVersion(line.version, wish.wanted.slice(0, offers.granularity));
}

/** The family to look in: the wished one; the other only where the image is not made for the wished one at all. */
export function familyFor(offers: Offers, wished: Wish['family']): Wish['family'] {
  const isMadeFor = offers.all.some(({ definition }) => familyOf(definition.distribution) === wished);
  return isMadeFor ? wished : otherFamily(wished);
}

/** Alpine for Debian and Debian for Alpine. */
export function otherFamily(family: Wish['family']): Wish['family'] {
  return family === 'debian' ? 'alpine' : 'debian';
}

/** All places of a family that have what is wished. */
export function placesFor(
  offers: Offers,
  wish: ReadWish,
  family: string,
  needs: readonly (readonly Variant[])[],
): Place[] {
  const all: Place[] = [];
  for (const line of offers.lines) {
    for (const site of line.sites) {
      const { distribution } = site;
      if (familyOf(distribution) !== family) continue;
      if (offers.isDistribution && !wish.allowEndOfLife && isPast(siteDefinition(site), wish.today)) continue;
      const [dev, runtime] = [fittingOffer(site, wish, 'dev'), fittingOffer(site, wish, 'runtime')];
      if (dev !== undefined || runtime !== undefined) all.push({ line, distribution, dev, runtime });
    }
  }
  for (const variants of needs) {
    const fitting = all.filter((place) => variants.every((variant) => place[variant] !== undefined));
    if (fitting.length > 0) return fitting;
  }
  return [];
}

function siteDefinition(site: Site): Definition {
  return (site.runtime[0] ?? site.dev[0]!).definition;
}

/** The lines that have a place, lowest first. */
export function linesOf(offers: Offers, places: readonly Place[]): Line[] {
  return offers.lines.filter((line) => places.some((place) => place.line === line));
}

/**
 * Where to take a line from: where most of the written version is, then on the Alpine release of the source image,
 * then on the newest release.
 */
export function bestPlace(offers: Offers, places: readonly Place[], line: Line, wish: ReadWish): Place {
  const written = isKept(offers, wish, line) ? wish.written : undefined;
  const rank = (place: Place): number => {
    const offer = place[wish.variant] ?? place.runtime ?? place.dev!;
    const pinned =
      wish.family === 'alpine' && wish.release !== undefined && isRelease(wish.release, place.distribution);
    return 2 * keptLevel(offer, written) + (pinned ? 1 : 0);
  };
  return places
    .filter((place) => place.line === line)
    .reduce((best, place) => {
      const difference = rank(place) - rank(best) || compareDistributions(place.distribution, best.distribution);
      return difference > 0 ? place : best;
    });
}

/** How many numbers of the written version an offer has a tag for. */
export function keptLevel(offer: Offer, written: Version | undefined): number {
  for (let level = written?.length ?? 0; level > 0; level--) {
    if (offer.tags.has(formatVersion(written!.slice(0, level)))) return level;
  }
  return 0;
}
