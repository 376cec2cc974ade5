import { readDistribution } from './distribution-word.ts';
import type { Family } from './source-image.ts';

/** A tag taken apart by what can be read from the tag itself. */
export interface TagMeaning {
  /** first number of the tag, without `v`, build number and Java update */
  readonly version: string | undefined;
  readonly family: Family | undefined;
  readonly release: string | undefined;
  /** a Java that the tag names beside or as the version: `jdk17`, `temurin-21`, `jre` */
  readonly java: { readonly kind: 'jdk' | 'jre' | undefined; readonly version: string | undefined } | undefined;
  /** every other word in its order, lower case, `latest` left out: `slim`, `lts`, `fpm` … */
  readonly words: readonly string[];
}

const NOTHING: TagMeaning = { version: undefined, family: undefined, release: undefined, java: undefined, words: [] };

const VERSION = /^v?\d+(?:\.\d+)*(?:u\d+|(?:alpha|beta|rc|b|a)\d*)?(?:[_+].*)?$/;
const DATE = /^20\d{6}(?:\.\d+)?$/;
const JAVA = /^(jdk|jre|java|openjdk|temurin|corretto|jdk-?headless)(\d[\d.]*)?$/;
/** words after which a number is Java's, not the software's */
const JAVA_VENDORS = new Set(['temurin', 'openjdk', 'amazoncorretto', 'corretto', 'semeru', 'ibmjava', 'sapmachine']);

/** `v1.2.3` → `1.2.3`, `17.0.20_8` → `17.0.20`, `8u502` → `8`. */
function plainVersion(word: string): string {
  const from = word.startsWith('v') ? 1 : 0;
  const cut = word.search(/[_+]|u\d/);
  return word.slice(from, cut < 0 ? undefined : cut);
}

/**
 * Takes a tag apart. Never fails: words it does not know are left in `words`. The first word that is a number is the
 * version; a date after another word (`bookworm-20260803`) is a word like any other.
 */
export function readTag(tag: string): TagMeaning {
  // the registry specification allows 128 characters; more is no tag
  if (tag.length > 128) return NOTHING;
  let version: string | undefined;
  let family: Family | undefined;
  let release: string | undefined;
  let javaKind: 'jdk' | 'jre' | undefined;
  let javaVersion: string | undefined;
  const words: string[] = [];
  const parts = tag.toLowerCase().split('-');
  for (let index = 0; index < parts.length; index++) {
    const word = parts[index]!;
    const before = parts[index - 1];
    if (word === '' || word === 'latest') continue;
    if (VERSION.test(word)) {
      if (before !== undefined && JAVA_VENDORS.has(before)) {
        javaVersion ??= plainVersion(word);
        continue;
      }
      if (before === 'alpine' && release === undefined && /^\d+\.\d+$/.test(word)) {
        release = word;
        continue;
      }
      if ((before === 'ubuntu' || before === 'debian') && release === undefined) {
        release = readDistribution(before + word)?.release;
        if (release !== undefined) continue;
      }
      if (version === undefined && (index === 0 || !DATE.test(word))) {
        version = plainVersion(word);
        continue;
      }
      words.push(word);
      continue;
    }
    const distribution = readDistribution(word);
    if (distribution !== undefined) {
      // `windowsservercore-ltsc2022`, `ubuntu-noble`, `debian-trixie`: the more telling word wins
      family = family ?? distribution.family;
      release = distribution.release ?? release;
      continue;
    }
    const java = JAVA.exec(word);
    if (java !== null) {
      if (java[1] === 'jdk' || java[1] === 'jre') javaKind ??= java[1];
      else if (java[2] === undefined) words.push(word);
      javaVersion ??= java[2];
      continue;
    }
    words.push(word);
  }
  const java =
    javaKind === undefined && javaVersion === undefined ? undefined : { kind: javaKind, version: javaVersion };
  return { version, family, release, java, words };
}
