import type { Catalog } from './catalog.ts';
import type { Definition } from './definition.ts';
import { type HardenedHome, hardenedName, parseReference } from './reference.ts';
import { takeTagApart } from './tag.ts';
import { startsWithVersion, versionHead } from './version.ts';

/** The tags that an organisation says it has mirrored: image to tags. */
export type TagList = ReadonlyMap<string, ReadonlySet<string>>;

/** Where a company keeps its hardened images, and which tags it has there beside those of the public catalog. */
export interface TaggedHome extends HardenedHome {
  readonly tags?: TagList | undefined;
}

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
 * `python:3.13-debian13-fips`. Empty lines and lines that begin with `#` are left out. `wrong` are the lines, by number,
 * that name no hardened image with a tag, or one in another place than `home`.
 */
export function parseTagList(
  text: string,
  home: HardenedHome = {},
): { readonly tags: TagList; readonly wrong: readonly { readonly line: number; readonly problem: string }[] } {
  const tags = new Map<string, Set<string>>();
  const wrong: { line: number; problem: string }[] = [];
  text
    .replace(/^\ufeff/, '')
    .split('\n')
    .forEach((raw, index) => {
      const line = raw.trim();
      if (line === '' || line.startsWith('#')) return;
      const name = readLine(line, home);
      if ('problem' in name) {
        wrong.push({ line: index + 1, problem: name.problem });
        return;
      }
      const known = tags.get(name.image);
      if (known === undefined) tags.set(name.image, new Set([name.tag]));
      else known.add(name.tag);
    });
  return { tags, wrong };
}

function readLine(line: string, home: HardenedHome): { image: string; tag: string } | { problem: string } {
  const reference = parseReference(line);
  if ('problem' in reference) return reference;
  const { registry, repository, tag } = reference;
  const plain = registry === 'docker.io' ? /^library\/([^/]+)$/.exec(repository)?.[1] : undefined;
  const image = plain ?? hardenedName(reference, home)?.image;
  if (image === undefined) return { problem: `${line} is no hardened image: <organization>/dhi-<image>:<tag>` };
  if (tag === undefined) return { problem: `${line} has no tag` };
  const namespace = /^([^/]+)\/dhi-/.exec(repository)?.[1];
  if (home.org !== undefined && registry === 'docker.io' && namespace !== undefined && namespace !== home.org)
    return { problem: `${line} belongs to ${namespace}, not to ${home.org}` };
  return { image, tag };
}

/**
 * Decides about a tag that the public catalog does not have. FIPS, STIG, extended-lifetime and customised images exist
 * only in repositories that an organisation mirrors, so a tag is accepted if the organisation's list has it.
 */
export function acceptEnterpriseTag(
  catalog: Catalog,
  image: string,
  tag: string,
  home: TaggedHome,
): EnterpriseTag | { readonly problem: string; readonly fix: string } {
  const apart = takeTagApart(tag);
  const fips = /-fips(?=-|$)/;
  const kind = apart.customisation !== undefined ? 'customised' : fips.test(tag) ? 'fips' : 'other';
  const name = `${image}:${tag}`;
  const owner = home.registry ?? home.org;
  if (owner === undefined) {
    const why = {
      fips: 'FIPS images are not in the public catalog',
      customised: 'customised images are not in the public catalog',
      other: `the public catalog has no ${name}`,
    }[kind];
    return {
      problem: why,
      fix: 'name the organisation that mirrors it (--org) and give the list of its tags (--tags)',
    };
  }
  if (home.tags === undefined)
    return { problem: `whether ${owner} has ${name} is not known`, fix: 'give the list of its tags (--tags)' };
  if (home.tags.get(image)?.has(tag) !== true) {
    return {
      problem: `the tag list of ${owner} has no ${name}`,
      fix: 'add it to the list if it is there, or choose another tag',
    };
  }
  return { image, tag, kind, like: likeOf(catalog, image, tag.replace(/_.*$/, '').replace(fips, '')) };
}

/** The public image of the same line; of its newest patch, where the catalog no longer has this one. */
function likeOf(catalog: Catalog, image: string, tag: string): Definition | undefined {
  const exact = catalog.resolve(image, tag);
  const head = versionHead(tag);
  if (exact !== undefined || head === undefined) return exact;
  const rest = tag.slice(head.text.length);
  for (let length = head.version.length - 1; length > 0; length--) {
    const found = catalog.resolve(image, head.version.slice(0, length).join('.') + rest);
    const line = found && versionHead(found.file.slice(found.file.lastIndexOf('/') + 1));
    if (line !== undefined && startsWithVersion(head.version, line.version)) return found;
  }
  return undefined;
}
