import { type Distribution, readDistribution } from '../distribution-word.ts';
import type { TagMeaning } from '../read-tag.ts';
import { LINES } from './generated.ts';
import { PAST } from './past.ts';

export { DAY } from './generated.ts';

/** What the official tag lists say of one image. */
interface Today {
  readonly current: readonly string[];
  /** floating words to version line; '' is `latest` */
  readonly floating: ReadonlyMap<string, string>;
  /** `[version/]words` to distribution */
  readonly distributions: ReadonlyMap<string, string>;
}

const rows = new Map<string, string>();
const read = new Map<string, Today>();

function pairs(text: string): Map<string, string> {
  const map = new Map<string, string>();
  for (const pair of text === '' ? [] : text.split(' ')) {
    const equals = pair.lastIndexOf('=');
    map.set(pair.slice(0, equals), pair.slice(equals + 1));
  }
  return map;
}

function todayOf(image: string): Today | undefined {
  const known = read.get(image);
  if (known !== undefined) return known;
  if (rows.size === 0) {
    for (const line of LINES.split('\n')) rows.set(line.slice(0, line.indexOf('|')), line);
  }
  const line = rows.get(image);
  if (line === undefined) return undefined;
  const [, current = '', floating = '', distributions = ''] = line.split('|');
  const today = { current: current.split(' '), floating: pairs(floating), distributions: pairs(distributions) };
  read.set(image, today);
  return today;
}

/**
 * The version line that a tag without a number means today, undefined if the lists do not say. Words that do not
 * choose a version (`slim`, `fpm`) follow the bare tag.
 */
export function versionToday(image: string, tag: TagMeaning): string | undefined {
  const floating = todayOf(image)?.floating;
  if (floating === undefined) return undefined;
  const words = tag.words;
  const java = tag.java?.version;
  const whole = (java && floating.get([`jdk${java}`, ...words].join('-'))) ?? floating.get(words.join('-'));
  if (whole !== undefined) return whole;
  for (const word of words) {
    const version = floating.get(word);
    if (version !== undefined) return version;
  }
  return floating.get('');
}

/**
 * The distribution that a tag without a release in its words is built on today. Undefined for versions that are built
 * no more (unless their last build is known) and for patch levels that are not the current one.
 */
export function distributionToday(image: string, tag: TagMeaning): Distribution | undefined {
  const today = todayOf(image);
  if (today === undefined) return undefined;
  const { version } = tag;
  const words = [...tag.words];
  if (tag.family !== undefined) words.push(tag.family);
  const key = words.join('-');
  if (version === undefined) {
    const java = tag.java?.version;
    const word =
      (java && today.distributions.get(key === '' ? `jdk${java}` : `jdk${java}-${key}`)) ??
      today.distributions.get(`/${key}`) ??
      today.distributions.get(key);
    return word === undefined ? undefined : readDistribution(word);
  }
  if (!today.current.some((known) => known === version || known.startsWith(`${version}.`))) {
    if (tag.family !== undefined) return undefined;
    const release = PAST.get(`${image} ${version}`);
    return release === undefined ? undefined : readDistribution(release);
  }
  for (let line = version; line !== ''; line = line.slice(0, Math.max(0, line.lastIndexOf('.')))) {
    const word = today.distributions.get(`${line}/${key}`);
    if (word !== undefined) return readDistribution(word);
  }
  const word = today.distributions.get(key);
  return word === undefined ? undefined : readDistribution(word);
}
