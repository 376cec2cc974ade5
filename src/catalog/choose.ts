import type { Catalog } from './catalog.ts';
import { chooseLine, type LineWish } from './choose-line.ts';
import { describeChoice } from './describe-choice.ts';
import { type Offers, offersOf } from './offers.ts';
import {
  bestPlace,
  familyFor,
  isKept,
  linesOf,
  otherFamily,
  type Place,
  placesFor,
  type ReadWish,
  readWish,
} from './place.ts';
import { STATEFUL_IMAGES } from './stateful-images.ts';
import { formatVersion } from './version.ts';
import type { Choice, Pair, Refusal, Variant, Wish } from './wish.ts';

/**
 * The hardened tag for a wish, looked up in the catalog and never composed: the written version if it is there, else
 * its release line, else the next supported line of the same major (flagged), else a refusal.
 */
export function chooseTag(catalog: Catalog, wish: Wish): Choice | Refusal {
  const pair = choose(catalog, wish, [[wish.variant]]);
  return 'code' in pair ? pair : pair[wish.variant]!;
}

/**
 * The hardened tags for a build stage and the runtime stage that takes its artifacts: of one line and one distribution
 * release, because paths of interpreters and versions of libraries differ between releases. Images that only build, or
 * cannot be built on, give one of the two. `wish.variant` counts for nothing here.
 */
export function choosePair(catalog: Catalog, wish: Wish): Pair | Refusal {
  return choose(catalog, wish, [['dev', 'runtime'], ['runtime'], ['dev']]);
}

const MEMO_SIZE = 4096;
const memos = new WeakMap<Catalog, Map<string, Pair | Refusal>>();

/** Chooses once for equal wishes: a project, and more so a fleet, wishes the same few images again and again. */
function choose(catalog: Catalog, wish: Wish, needs: readonly (readonly Variant[])[]): Pair | Refusal {
  let memo = memos.get(catalog);
  if (memo === undefined || memo.size >= MEMO_SIZE) {
    memo = new Map();
    memos.set(catalog, memo);
  }
  const key = JSON.stringify([wish, needs]);
  let chosen = memo.get(key);
  if (chosen === undefined) {
    chosen = chooseAnew(catalog, wish, needs);
    memo.set(key, chosen);
  }
  return chosen;
}

/** `needs` are the variants that a place must have, in order of preference. */
function chooseAnew(catalog: Catalog, asked: Wish, needs: readonly (readonly Variant[])[]): Pair | Refusal {
  const offers = offersOf(catalog, asked.image);
  if (offers === undefined) return refuse('no-image', `the catalog has no image ${asked.image}`);
  const wish = readWish(asked);
  if (wish.version !== undefined && wish.wanted === undefined && !offers.isDistribution) {
    return refuse('no-version', `"${wish.version}" is not a version that the catalog could have`);
  }

  const family = familyFor(offers, wish.family);
  const places = placesFor(offers, wish, family, needs);
  if (places.length === 0) return refuseForWantOf(offers, wish, needs[0]!);
  const lines = linesOf(offers, places);
  const line = offers.isDistribution ? lines[0]! : chooseLine(lines, lineWish(offers, wish));
  const pairAt = (place: Place): Pair => ({
    dev: place.dev && describeChoice(catalog, offers, place, place.dev, wish),
    runtime: place.runtime && describeChoice(catalog, offers, place, place.runtime, wish),
  });

  if ('code' in line) {
    const other = placesFor(offers, wish, otherFamily(family), needs);
    const there = other.length === 0 ? undefined : chooseLine(linesOf(offers, other), lineWish(offers, wish));
    if (there !== undefined && !('code' in there)) {
      const tag = nearestTag(pairAt(bestPlace(offers, other, there, wish)), wish);
      const reason = `${asked.image} on ${family}: ${line.why}; on ${otherFamily(family)} it has ${tag}`;
      return refuse(line.code, reason, tag);
    }
    const nearest = line.nearest && nearestTag(pairAt(bestPlace(offers, places, line.nearest, wish)), wish);
    return refuse(line.code, `${asked.image} on ${family}: ${line.why}`, nearest);
  }
  const pair = pairAt(bestPlace(offers, places, line, wish));
  const withheld = offers.lines.some((other) => !lines.includes(other) && isKept(offers, wish, other));
  if (!isKept(offers, wish, line) && withheld && (wish.part !== undefined || wish.flavor !== undefined)) {
    const words = [wish.part, wish.flavor].filter((word) => word !== undefined).join(' and ');
    const reason = `the catalog has no ${wish.image} ${formatVersion(wish.wanted!)} with ${words}`;
    return refuse('no-variant', reason, nearestTag(pair, wish));
  }
  return pair;
}

function nearestTag(pair: Pair, wish: Wish): string | undefined {
  return (pair[wish.variant] ?? pair.runtime ?? pair.dev)?.tag;
}

function lineWish(offers: Offers, wish: ReadWish): LineWish {
  return {
    version: wish.wanted,
    floating: wish.precision === 0,
    today: wish.today,
    allowEndOfLife: wish.allowEndOfLife === true,
    granularity: offers.granularity,
    stateful: STATEFUL_IMAGES.has(offers.image),
    isShortLived: (line) => offers.image === 'node' && line.version[0]! % 2 === 1,
  };
}

/** No place has all of variant, flavor and part: says what there is. */
function refuseForWantOf(offers: Offers, wish: ReadWish, variants: readonly Variant[]): Refusal {
  if (offers.isDistribution) {
    return refuse('end-of-life', `every release of ${wish.image} in the catalog is past its end of life`);
  }
  const ofVariant = offers.all.filter((offer) => variants.includes(offer.variant));
  if (ofVariant.length === 0) return refuse('no-variant', `the catalog has no ${variants[0]} variant of ${wish.image}`);
  const asked = [wish.part, wish.flavor].filter((word) => word !== undefined).join(' and ');
  const has = new Set(ofVariant.flatMap((offer) => offer.part ?? offer.definition.flavor ?? []));
  return refuse(
    'no-variant',
    `the catalog has no ${wish.image} ${asked === '' ? 'without a flavor' : `with ${asked}`}, only ${[...has].sort().join(', ') || 'plain'}`,
  );
}

function refuse(code: Refusal['code'], reason: string, nearest?: string): Refusal {
  return { code, reason, nearest };
}
