import type { Catalog } from './catalog.ts';
import type { Definition } from './definition.ts';
import { hardenedName, parseReference } from './reference.ts';
import { takeTagApart } from './tag.ts';

/** The tags that an organisation says it has mirrored: image to tags. */
export type TagList = ReadonlyMap<string, ReadonlySet<string>>;

/** A tag that the public catalog lacks and an organisation has. */
export interface EnterpriseTag {
  readonly image: string;
  readonly tag: string;
  readonly kind: 'fips' | 'customised' | 'other';
  /** the public image it is made from, so far as the catalog has it; user, shell and paths are taken from there */
  readonly like: Definition | undefined;
}

/**
 * Reads a list of tags, one a line: `acme/dhi-python:3.13-debian13-fips`, with or without registry, or
 * `python:3.13-debian13-fips`. Empty lines and lines that begin with `#` are left out. Lines that are no tagged image
 * are returned by number.
 */
export function parseTagList(text: string): { readonly tags: TagList; readonly wrongLines: readonly number[] } {
  const tags = new Map<string, Set<string>>();
  const wrongLines: number[] = [];
  text.split('\n').forEach((raw, index) => {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) return;
    const reference = parseReference(line);
    const name = 'problem' in reference ? undefined : (hardenedName(reference) ?? plainName(reference));
    if (name?.tag === undefined) {
      wrongLines.push(index + 1);
      return;
    }
    const known = tags.get(name.image);
    if (known === undefined) tags.set(name.image, new Set([name.tag]));
    else known.add(name.tag);
  });
  return { tags, wrongLines };
}

function plainName({ registry, repository, tag }: { registry: string; repository: string; tag: string | undefined }) {
  const image = registry === 'docker.io' ? /^library\/([^/]+)$/.exec(repository)?.[1] : undefined;
  return image === undefined ? undefined : { image, tag };
}

/**
 * Decides about a tag that the public catalog does not have. FIPS, STIG, extended-lifetime and customised images exist
 * only in repositories that an organisation mirrors, so a tag is accepted if the organisation's list has it.
 */
export function acceptEnterpriseTag(
  catalog: Catalog,
  image: string,
  tag: string,
  home: { readonly org?: string | undefined; readonly tags?: TagList | undefined },
): EnterpriseTag | { readonly problem: string } {
  const apart = takeTagApart(tag);
  const kind = apart.customisation !== undefined ? 'customised' : apart.fips ? 'fips' : 'other';
  const name = `${image}:${tag}`;
  if (home.org === undefined) {
    const why = {
      fips: 'FIPS images are not in the public catalog',
      customised: 'customised images are not in the public catalog',
      other: `the public catalog has no ${name}`,
    }[kind];
    return { problem: `${why}; name the organisation that mirrors it (--org) and give the list of its tags` };
  }
  if (home.tags === undefined)
    return { problem: `whether ${home.org} has ${name} is not known: give the list of its tags` };
  if (home.tags.get(image)?.has(tag) !== true) return { problem: `the tag list of ${home.org} has no ${name}` };
  const base = tag.replace(/_.*$/, '').replace(/-fips(?=-dev$|$)/, '');
  return { image, tag, kind, like: catalog.resolve(image, base) };
}
