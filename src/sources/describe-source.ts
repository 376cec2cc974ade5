import type { Reference } from '../catalog/reference.ts';
import { baseHasProgram, baseSystem } from './base-systems.ts';
import type { BuiltTag, KnownImage } from './images/known-image.ts';
import { knownImage } from './known-images.ts';
import { readTag, type TagMeaning } from './read-tag.ts';
import { repositoryOf } from './repository.ts';
import { type Service, serviceFrom } from './services.ts';
import type { Brings, Family, SourceImage } from './source-image.ts';
import { distributionToday, versionToday } from './today/today.ts';

const NO_TAG: TagMeaning = { version: undefined, family: undefined, release: undefined, java: undefined, words: [] };

/** Families whose images a hardened image of the other column stands for. */
function hardenedFamily(family: Family): 'debian' | 'alpine' | undefined {
  switch (family) {
    case 'alpine':
    case 'wolfi':
      return 'alpine';
    case 'windows':
    case 'unknown':
      return undefined;
    default:
      return 'debian';
  }
}

function kindOf(image: KnownImage, hardened: string | undefined): SourceImage['kind'] {
  if (hardened === undefined) return 'none';
  return image.name === hardened || image.name.endsWith(`/${hardened}`) ? 'same' : 'renamed';
}

function javaOf(image: KnownImage, tag: TagMeaning, version: string | undefined): SourceImage['java'] {
  if (image.java === undefined && tag.java?.kind === undefined) return undefined;
  // a headless JRE of Amazon's is a JRE by another name
  const headless = tag.words.some((word) => word === 'headless' || word === 'headful');
  const kind = tag.java?.kind ?? (headless && image.name === 'amazoncorretto' ? 'jre' : image.java) ?? 'jdk';
  return { kind, version: tag.java?.version ?? (image.javaBeside === true ? image.javaVersion : version) };
}

function bringsOf(image: KnownImage, tag: BuiltTag): Brings {
  const base = baseSystem(tag.family, tag.release);
  const own = image.brings?.(tag);
  const service = serviceFrom({ name: image.name, hardened: image.hardened });
  if (own === undefined && (image.distribution === true || image.java !== undefined || image.substitute === true))
    return base;
  if (own === undefined || image.database === true) {
    // what the distribution below starts is not what the image starts
    const users = { ...usersOf(service, base.users), ...own?.users };
    return { ...base, entrypoint: undefined, cmd: undefined, ...service?.starts, ...own, users };
  }
  return { ...base, ...own, users: own.users === undefined ? base.users : { ...base.users, ...own.users } };
}

/** The user that the data of a server belongs to is one of its image. */
function usersOf(service: Service | undefined, known: Brings['users']): Brings['users'] {
  const owner = service?.data?.owner;
  return owner === undefined ? known : { ...known, [service!.image]: `${owner}:${owner}` };
}

/**
 * Tells what is known of an image that a stage is built on: which hardened image stands for it, what its tag means, what
 * it brings. From name and tag alone; an image that is not known has `kind` and `family` unknown and no `hardened`.
 */
export function describeSource(reference: Reference): SourceImage {
  const repository = repositoryOf(reference);
  // what a digest alone points at is not in its name
  const digestOnly = reference.tag === undefined && reference.digest !== undefined;
  const tag = digestOnly ? NO_TAG : readTag(reference.tag ?? 'latest');
  const found = knownImage(repository);
  const image = found?.refine === undefined ? found : { ...found, ...found.refine(tag) };
  if (image === undefined) return unknown(reference, tag);

  const beside = image.alongside !== undefined;
  const written = image.version ?? (beside ? undefined : tag.version);
  const lookUp = image.today !== undefined && !digestOnly;
  const today = written === undefined && lookUp ? versionToday(image.today!, tag) : undefined;
  const distribution =
    tag.release === undefined && image.release === undefined && lookUp
      ? distributionToday(image.today!, tag)
      : undefined;
  const family = familyOf(image, tag, distribution?.family);
  const release =
    digestOnly && tag.release === undefined ? undefined : (tag.release ?? image.release ?? distribution?.release);
  const version = written ?? today;
  const { architecture } = repository;
  const hardened = family === 'windows' || architecture !== undefined ? undefined : image.hardened;
  const built: BuiltTag = { ...tag, version, family, release, has: (word) => tag.words.includes(word) };
  const java = javaOf(image, tag, version);
  if (java !== undefined) Object.assign(built, { java });
  return {
    reference,
    name: image.name,
    family,
    release,
    releaseFromToday:
      distribution !== undefined ||
      (image.distribution === true && tag.version === undefined && tag.release === undefined && release !== undefined),
    version,
    versionFromToday: today !== undefined,
    words: tag.words,
    hardened,
    equivalence: hardened === undefined ? undefined : image.substitute === true ? 'substitute' : 'same-software',
    kind: repository.kind === 'hardened' ? 'hardened' : kindOf(image, hardened),
    hardenedWords: image.hardenedWords ?? [],
    reason:
      family === 'windows'
        ? 'Windows containers have no hardened image'
        : architecture === undefined
          ? image.reason
          : `hardened images are built for amd64 and arm64, not for ${architecture}`,
    hardenedFamily: hardenedFamily(family),
    java,
    isDistribution: image.distribution === true,
    isDatabase: image.database === true,
    alongside: image.alongside ?? [],
    // what a hardened image holds is the catalog's to say
    brings: repository.kind === 'hardened' ? baseSystem('unknown', undefined) : bringsOf(image, built),
  };
}

/** The tag's family rules, then today's meaning, then what the bare image is built on. */
function familyOf(image: KnownImage, tag: TagMeaning, today: Family | undefined): Family {
  const bareSystem = image.family === 'scratch' || image.family === 'distroless';
  if (bareSystem && image.name.startsWith('distroless/')) return 'distroless';
  return tag.family ?? today ?? image.family;
}

function unknown(reference: Reference, tag: TagMeaning): SourceImage {
  const windows = tag.family === 'windows';
  return {
    reference,
    name: undefined,
    family: windows ? 'windows' : 'unknown',
    release: tag.release,
    releaseFromToday: false,
    version: tag.version,
    versionFromToday: false,
    words: tag.words,
    hardened: undefined,
    equivalence: undefined,
    kind: 'unknown',
    hardenedWords: [],
    reason: windows ? 'Windows containers have no hardened image' : undefined,
    hardenedFamily: undefined,
    java: undefined,
    isDistribution: false,
    isDatabase: false,
    alongside: [],
    brings: baseSystem('unknown', undefined),
  };
}

/**
 * Whether a source image holds a program (by its bare name). Undefined where that is not known: images of others than
 * those in the tables, and RPM base systems beyond their core.
 */
export function sourceHasProgram(source: SourceImage, program: string): boolean | undefined {
  const { shell, tools } = source.brings;
  if (tools.includes(program) || (program === 'sh' && shell !== undefined)) return true;
  const base = baseHasProgram(source.family, source.release, program);
  if (base === true && shell !== undefined) return true;
  // rows of third parties name no tools: what is not in the base system is not known
  const listed =
    tools.length > 0 || source.isDistribution || source.family === 'scratch' || source.name?.startsWith('distroless/');
  return listed === true ? base : undefined;
}
