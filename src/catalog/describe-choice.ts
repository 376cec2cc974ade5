import type { Catalog } from './catalog.ts';
import { isPast, isSupported } from './choose-line.ts';
import { familyOf, isRelease } from './distribution.ts';
import type { Offer, Offers } from './offers.ts';
import { isKept, keptLevel, type Place, type ReadWish } from './place.ts';
import { formatVersion, startsWithVersion, type Version } from './version.ts';
import type { Choice, DistributionChange, VersionChange, Wish } from './wish.ts';

/** What is to be said of an offer that was chosen for a wish. */
export function describeChoice(catalog: Catalog, offers: Offers, place: Place, offer: Offer, wish: ReadWish): Choice {
  const { line, distribution } = place;
  const kept = isKept(offers, wish, line);
  const tag = tagOf(offers, offer, kept ? wish.written : undefined, wish.precision);
  const notes: string[] = [];
  const changes: VersionChange[] = [];
  if (offers.isDistribution) {
    // its version is the release: told as a change of distribution
  } else if (!kept) {
    changes.push({
      from: wish.version!,
      to: formatVersion(line.version),
      major: wish.wanted![0] !== line.version[0],
      why: whyMoved(catalog, offers, wish, distribution),
    });
  } else if (wish.written !== undefined && keptLevel(offer, wish.written) < wish.written.length) {
    const written = formatVersion(wish.written);
    const today = formatVersion(offer.version.slice(0, 3));
    if (wish.written.length > 1 && wish.written[1] !== offer.version[1] && offers.lines.length === 1) {
      const to = formatVersion(offer.version.slice(0, 2));
      changes.push({
        from: written,
        to,
        major: false,
        why: `the catalog has no ${wish.image} ${written}, only ${today}`,
      });
    } else {
      const isWithin = startsWithVersion(offer.version, wish.written);
      notes.push(
        `the catalog has ${isWithin ? `${written} only as ${tag}` : `no ${written}; ${tag} is ${today} today`}`,
      );
    }
  }
  const java = javaChange(offer, wish);
  if (java !== undefined) changes.push(java);

  const { flavor } = offer.definition;
  if (flavor !== wish.flavor) {
    notes.push(
      flavor === undefined ? `the ${offer.variant} variant has no flavor ${wish.flavor}` : `${tag} is ${flavor}`,
    );
  }
  if (wish.part === 'jdk' && offer.part === undefined) notes.push(`${tag} holds the Java runtime without the compiler`);
  if (wish.part === undefined && /\d/.test(offer.part ?? '')) notes.push(`${tag} is ${offer.part}`);
  const { endOfLife } = offers.isDistribution ? offer.definition : line;
  if (endOfLife !== undefined && isPast({ endOfLife }, wish.today)) {
    notes.push(`${tag} is past its end of life (${endOfLife})`);
  } else if (!isSupported({ ...line, endOfLife }, wish.today)) {
    notes.push(`the support of ${tag} ends on ${endOfLife}`);
  }
  return {
    tag,
    definition: offer.definition,
    versionChange: joinChanges(changes),
    distributionChange: distributionChange(offers, wish, distribution),
    notes,
  };
}

/**
 * The tag to write: of the written version the most exact that is there; where the version moved or floats, as exact
 * as the user wrote, but no more exact than a line, because tags of patches leave the catalog within weeks.
 */
function tagOf(offers: Offers, offer: Offer, written: Version | undefined, precision: number): string {
  const kept = keptLevel(offer, written);
  if (kept > 0) return offer.tags.get(formatVersion(written!.slice(0, kept)))!;
  const wanted = Math.min(Math.max(precision, 1), offers.granularity);
  const levels = [...offer.tags.keys()].map((key) => ({ key, level: key.split('.').length }));
  const finer = levels.filter(({ level }) => level >= wanted).sort((a, b) => a.level - b.level);
  return offer.tags.get((finer[0] ?? levels.sort((a, b) => b.level - a.level)[0]!).key)!;
}

/** A build image's Java (`maven:3-jdk11`) is a version of its own. */
function javaChange(offer: Offer, wish: Wish): VersionChange | undefined {
  const from = /^j(?:dk|re)(\d+)$/.exec(wish.part ?? '')?.[1];
  const to = /^j(?:dk|re)(\d+)$/.exec(offer.part ?? '')?.[1];
  if (from === undefined || to === undefined || from === to) return undefined;
  return {
    from: `Java ${from}`,
    to: `Java ${to}`,
    major: true,
    why: `the catalog has no ${wish.image} with Java ${from}`,
  };
}

function joinChanges(changes: readonly VersionChange[]): VersionChange | undefined {
  if (changes.length < 2) return changes[0];
  return {
    from: changes.map(({ from }) => from).join(' with '),
    to: changes.map(({ to }) => to).join(' with '),
    major: changes.some(({ major }) => major),
    why: changes.map(({ why }) => why).join('; '),
  };
}

function whyMoved(catalog: Catalog, offers: Offers, wish: ReadWish, distribution: string): string {
  const wanted = wish.wanted!.slice(0, offers.granularity);
  const version = formatVersion(wanted);
  const past = offers.lines.find((line) => startsWithVersion(line.version, wanted) && isPast(line, wish.today));
  if (past !== undefined) return `${offers.image} ${version} is past its end of life (${past.endOfLife})`;
  const day = catalog.removed(offers.image, `${version}-${distribution.replace('-', '')}`);
  if (day !== undefined) return `${offers.image} ${version} left the catalog on ${day}`;
  const isElsewhere = offers.lines.some((line) => startsWithVersion(line.version, wanted));
  return `the catalog has no ${offers.image} ${version}${isElsewhere ? ` on ${familyOf(distribution)}` : ''}`;
}

function distributionChange(offers: Offers, wish: ReadWish, distribution: string): DistributionChange | undefined {
  const family = familyOf(distribution) !== wish.family;
  if (!family && (wish.release === undefined || isRelease(wish.release, distribution))) return undefined;
  const why = family
    ? `the catalog has ${offers.image} only on ${familyOf(distribution)}`
    : `${distribution} is the release that the catalog has it on`;
  return { from: wish.release ?? wish.family, to: distribution, family, why };
}
