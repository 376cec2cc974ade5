import type { Catalog } from './catalog.ts';
import type { Definition } from './definition.ts';
import { compareDistributions, familyOf } from './distribution.ts';
import { offersOf } from './offers.ts';
import { compareVersions } from './version.ts';

/** An image that a search found. */
export interface SearchHit {
  readonly image: string;
  /** the tags that hold the words that are not in the name: `3.13`, `alpine`, `dev`; empty where there are none */
  readonly tags: readonly string[];
}

/** A definition of an image with the tag one would write for it. */
export interface ImageRow {
  readonly tag: string;
  readonly definition: Definition;
}

/**
 * Searches the catalog, best hits first. Every word must be in the image's name, or in one of its tags (words with a
 * digit, `alpine`, `debian`, `dev`, flavors). Where nothing is found, images with nearly that name are.
 */
export function searchCatalog(catalog: Catalog, words: readonly string[], limit = 50): SearchHit[] {
  const wanted = words.flatMap((word) => word.toLowerCase().split(/[\s:/]+/)).filter((word) => word !== '');
  if (wanted.length === 0) return [];
  const hits: { hit: SearchHit; score: number }[] = [];
  for (const image of catalog.images) {
    const scores = wanted.map((word) => nameScore(image, word));
    if (scores.every((score) => score === 0)) continue;
    const ofTags = wanted.filter((_, i) => scores[i] === 0);
    const tags = ofTags.length === 0 ? [] : tagsWith(catalog, image, ofTags);
    if (ofTags.length > 0 && tags.length === 0) continue;
    hits.push({ hit: { image, tags }, score: scores.reduce((sum, score) => sum + score, 0) });
  }
  hits.sort(
    (a, b) => b.score - a.score || a.hit.image.length - b.hit.image.length || (a.hit.image < b.hit.image ? -1 : 1),
  );
  if (hits.length > 0 || catalog.has(wanted[0]!)) return hits.slice(0, limit).map(({ hit }) => hit);
  return similarImages(catalog, wanted[0]!).map((image) => ({ image, tags: [] }));
}

/** Images whose name is one or two letters away, the nearest first: for "did you mean". */
export function similarImages(catalog: Catalog, name: string): string[] {
  if (name.length > 64) return [];
  const most = name.length < 5 ? 1 : 2;
  return catalog.images
    .filter((image) => Math.abs(image.length - name.length) <= most)
    .map((image) => ({ image, distance: editDistance(image, name) }))
    .filter(({ distance }) => distance <= most)
    .sort((a, b) => a.distance - b.distance)
    .map(({ image }) => image);
}

/** What an image has, the newest line first and its runtime variant before what builds; undefined if it is unknown. */
export function imageRows(catalog: Catalog, image: string): ImageRow[] | undefined {
  const offers = offersOf(catalog, image);
  if (offers === undefined) return undefined;
  const rows = offers.all.map((offer) => {
    const coarsest = [...offer.tags].sort(
      ([a], [b]) => a.split('.').length - b.split('.').length || a.length - b.length,
    );
    const lined = coarsest.find(([key]) => key.split('.').length >= offers.granularity) ?? coarsest[0]!;
    return { tag: lined[1], offer };
  });
  rows.sort(({ offer: a }, { offer: b }) => {
    const families = familyOf(b.definition.distribution).localeCompare(familyOf(a.definition.distribution), 'en');
    return (
      compareVersions(b.version.slice(0, offers.granularity), a.version.slice(0, offers.granularity)) ||
      families ||
      compareDistributions(b.definition.distribution, a.definition.distribution) ||
      Number(a.variant === 'dev') - Number(b.variant === 'dev') ||
      (a.definition.file < b.definition.file ? -1 : 1)
    );
  });
  return rows.map(({ tag, offer }) => ({ tag, definition: offer.definition }));
}

function nameScore(image: string, word: string): number {
  if (image === word) return 100;
  if (image.startsWith(`${word}-`)) return 60;
  if (image.startsWith(word)) return 50;
  if (image.includes(`-${word}`)) return 40;
  return word.length > 2 && image.includes(word) ? 20 : 0;
}

function tagsWith(catalog: Catalog, image: string, words: readonly string[]): string[] {
  return catalog
    .definitions(image)
    .flatMap(({ tags }) => tags)
    .filter((tag) => {
      const parts = tag.split('-');
      return words.every(
        (word) => parts.some((part) => part === word || part.startsWith(`${word}.`)) || hasName(tag, word),
      );
    });
}

/** `alpine` is in `3-alpine3.24`, `debian` in `3-debian13`. */
function hasName(tag: string, word: string): boolean {
  return (word === 'alpine' || word === 'debian') && tag.includes(`-${word}`);
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
