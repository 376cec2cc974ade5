import type { Definition } from './definition.ts';

/** The catalog of hardened images, read lazily from its snapshot. */
export interface Catalog {
  /** day of the catalog's commit, `YYYY-MM-DD`, and the commit */
  readonly date: string;
  readonly commit: string;
  readonly images: readonly string[];
  has(image: string): boolean;
  /** the definition behind a tag; undefined if the catalog has none */
  resolve(image: string, tag: string): Definition | undefined;
  /** every definition of an image */
  definitions(image: string): readonly Definition[];
  /** the day a tag left the catalog; undefined for tags that it has or never had */
  removed(image: string, tag: string): string | undefined;
}
