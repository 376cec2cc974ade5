import { versionHead } from './version.ts';

/** The tag of a hardened image, taken apart: `VERSION[-PART][-DISTRIBUTION][-FLAVOR][-fips][-dev][_customisation]`. */
export interface HardenedTag {
  readonly raw: string;
  /** `3.13`, `24.19.0-0`; undefined where the tag begins with no number (`trixie`, `latest`) */
  readonly version: string | undefined;
  /** what stands between version and distribution: `jdk`, `jdk21`, `sdk`, `pg17`, `cuda12.6-cudnn9`, `glibc`, a name */
  readonly part: string | undefined;
  /** `debian-13`, `alpine-3.24`; `debian` or `alpine` where the tag leaves the release to the catalog */
  readonly distribution: string | undefined;
  /** `compat`, `fpm`, `sfw` … */
  readonly flavor: string | undefined;
  readonly dev: boolean;
  readonly fips: boolean;
  /** the slug of a customised image */
  readonly customisation: string | undefined;
}

/**
 * Words that are flavors where the tag names no distribution to tell a part from a flavor. The catalog's definitions
 * know better: pass the flavor of the definition that has the tag.
 */
const FLAVOR =
  /-((?:php(?:\d+\.\d+)?-)?fpm|php\d+\.\d+|compat|sfw-ent|sfw|sentinel|native|locked|cli|docker|helm|core)$/;
const DISTRIBUTION = /(?:^|-)(?:(debian)(1\d)?|(alpine)(3\.\d{1,3})?)(?=-|$)/;

/**
 * Takes the tag of a hardened image apart. Knows nothing of the catalog: for a tag that the catalog has, pass its
 * definition's flavor.
 */
export function takeTagApart(tag: string, flavorOfDefinition?: string): HardenedTag {
  let rest = tag;
  let customisation: string | undefined;
  const underscore = rest.indexOf('_');
  if (underscore > 0) {
    customisation = rest.slice(underscore + 1);
    rest = rest.slice(0, underscore);
  }
  const cut = (ending: string): boolean => {
    if (!rest.endsWith(ending)) return false;
    rest = rest.slice(0, -ending.length);
    return true;
  };
  const dev = cut('-dev');
  const fips = cut('-fips');

  let flavor: string | undefined;
  if (flavorOfDefinition !== undefined && cut(`-${flavorOfDefinition}`)) flavor = flavorOfDefinition;

  let distribution: string | undefined;
  const named = DISTRIBUTION.exec(rest);
  if (named !== null) {
    const [whole, debian, debianRelease, alpine, alpineRelease] = named;
    const release = debianRelease ?? alpineRelease;
    distribution = release === undefined ? (debian ?? alpine) : `${debian ?? alpine}-${release}`;
    const after = rest.slice(named.index + whole.length + 1);
    if (after !== '') flavor = flavor === undefined ? after : `${after}-${flavor}`;
    rest = rest.slice(0, named.index);
  } else if (flavor === undefined) {
    const word = FLAVOR.exec(rest);
    if (word !== null) {
      flavor = word[1];
      rest = rest.slice(0, word.index);
    }
  }

  const head = versionHead(rest);
  const part = head === undefined ? rest : rest.slice(head.text.length + 1);
  return {
    raw: tag,
    version: head?.text,
    part: part === '' ? undefined : part,
    distribution,
    flavor,
    dev,
    fips,
    customisation,
  };
}
