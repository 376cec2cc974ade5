import type { Definition } from './definition.ts';
import { RemovedTags } from './removed-tags.ts';
import { Snapshot } from './snapshot.ts';

/** The catalog of hardened images, read lazily from its snapshot. */
export interface Catalog {
  /** day of the catalog's commit, `YYYY-MM-DD`, and the commit */
  readonly date: string;
  readonly commit: string;
  readonly images: readonly string[];
  /** how much it holds */
  readonly size: { readonly images: number; readonly definitions: number; readonly tags: number };
  has(image: string): boolean;
  /** the definition behind a tag; undefined if the catalog has none */
  resolve(image: string, tag: string): Definition | undefined;
  /** every definition of an image */
  definitions(image: string): readonly Definition[];
  /** the day a tag left the catalog; undefined for tags that it has or never had */
  removed(image: string, tag: string): string | undefined;
}

/**
 * Opens a snapshot and the list of removed tags that belongs to it. Costs no more than finding the lines; an image is
 * parsed when it is first asked for. Throws on a text that is no whole snapshot (a damaged file, never a user's input).
 */
export function openCatalog(snapshotText: string, removedText: string): Catalog {
  const snapshot = new Snapshot(snapshotText);
  const removed = new RemovedTags(removedText);
  const opened = new Map<string, OpenedImage>();
  const open = (image: string): OpenedImage => {
    let known = opened.get(image);
    if (known === undefined) {
      const definitions = snapshot.definitions(image);
      known = { definitions, tags: undefined };
      if (definitions.length > 0) opened.set(image, known);
    }
    return known;
  };
  const resolve = (image: string, tag: string): Definition | undefined => {
    const entry = open(image);
    entry.tags ??= new Map(
      entry.definitions.flatMap((definition) => definition.tags.map((name) => [name, definition])),
    );
    return entry.tags.get(tag);
  };
  const { date, commit, images, definitions, tags } = snapshot.header;
  return {
    date,
    commit,
    images: [...snapshot.images],
    size: { images, definitions, tags },
    has: (image) => snapshot.has(image),
    resolve,
    definitions: (image) => open(image).definitions,
    removed: (image, tag) => (resolve(image, tag) === undefined ? removed.day(image, tag) : undefined),
  };
}

interface OpenedImage {
  readonly definitions: readonly Definition[];
  tags: ReadonlyMap<string, Definition> | undefined;
}
