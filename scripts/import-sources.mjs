// Reads the tag lists of Docker Official Images (the `library/` folder of docker-library/official-images) and writes
// what cannot be read from a tag itself: which version a floating tag means, and which distribution a tag without one
// is built on. Usage: node scripts/import-sources.mjs LIBRARY-DIRECTORY DAY
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const [directory, day] = process.argv.slice(2);
if (directory === undefined || !/^\d{4}-\d\d-\d\d$/.test(day ?? '')) {
  console.error('usage: node scripts/import-sources.mjs LIBRARY-DIRECTORY YYYY-MM-DD');
  process.exit(2);
}

const root = new URL('..', import.meta.url).pathname;
const bundle = await build({
  entryPoints: [join(root, 'src/sources/read-tag.ts')],
  bundle: true,
  format: 'esm',
  write: false,
});
const { readTag } = await import(
  `data:text/javascript;base64,${Buffer.from(bundle.outputFiles[0].contents).toString('base64')}`
);

/** The stanzas of one list as maps of field to value. */
function stanzas(text) {
  const result = [];
  for (const block of text.replace(/^#.*\n/gm, '').split(/\n\s*\n/)) {
    const fields = new Map();
    for (const line of block.split('\n')) {
      const colon = line.indexOf(':');
      if (colon > 0) fields.set(line.slice(0, colon).trim(), line.slice(colon + 1).trim());
    }
    if (fields.has('Tags')) result.push(fields);
  }
  return result;
}

const list = (value) =>
  (value ?? '')
    .split(',')
    .map((tag) => tag.trim())
    .filter(Boolean);
const prerelease = (tag) =>
  /(?:^|-)(?:rc|beta|alpha|ea|tip|dev\d|preview|edge|devel|experimental|sid|testing)|\d-?(?:rc|beta|alpha|a|b|dev)\d/.test(
    tag.toLowerCase(),
  );
/** `3.24` as the tags write it: `alpine3.24` */
const distribution = (meaning) => (meaning.family === 'alpine' ? `alpine${meaning.release}` : meaning.release);

/** One image's line: name|current versions|floating words|distributions. */
function line(name, text) {
  const groups = [];
  for (const fields of stanzas(text)) {
    const tags = [...list(fields.get('Tags')), ...list(fields.get('SharedTags'))].map((tag) => ({
      tag,
      ...readTag(tag),
    }));
    if (tags.some((tag) => tag.family === 'windows' || tag.tag.includes('windows'))) continue;
    if (prerelease(tags[0].tag) || tags.some((tag) => /^(?:unstable|edge|devel|testing|sid)$/.test(tag.tag))) continue;
    const versions = tags
      .map((tag) => tag.version)
      .filter(Boolean)
      .sort((a, b) => b.split('.').length - a.split('.').length);
    const releases = new Set(tags.filter((tag) => tag.release !== undefined).map(distribution));
    // a snapshot has its day in its name: the longest release word is the same for all tags of a build
    groups.push({ tags, version: versions[0], release: releases.size === 1 ? [...releases][0] : undefined });
  }

  const full = [...new Set(groups.map((group) => group.version).filter(Boolean))];
  const majors = new Map();
  for (const version of full) {
    const [major, minor] = version.split('.');
    majors.set(major, (majors.get(major) ?? new Set()).add(minor));
  }
  const byMinor = [...majors].some(([major, minors]) => minors.size > 1 || major === '1' || major === '0');
  const lineOf = (version) =>
    version
      .split('.')
      .slice(0, byMinor ? 2 : 1)
      .join('.');

  const floating = new Map();
  const releases = new Map();
  let latest;
  for (const group of groups) {
    for (const tag of group.tags) {
      // Gradle and its like choose their own version by Java's: `jdk8` is an older Gradle than `jdk25`
      const java = tag.version === undefined && tag.java?.version !== undefined ? [`jdk${tag.java.version}`] : [];
      const key = [...java, ...tag.words].join('-');
      if (tag.version === undefined && group.version !== undefined && (tag.tag === 'latest' || !floating.has(key))) {
        floating.set(key, lineOf(group.version));
      }
      if (tag.release === undefined && group.release !== undefined) {
        const family = tag.family === 'alpine' ? ['alpine'] : tag.family === undefined ? [] : [tag.family];
        const words = [...java, ...tag.words, ...family];
        const row = releases.get(words.join('-')) ?? new Map();
        const version = tag.version ?? '';
        // tags that differ by their Java alone may be built on different distributions: not decided
        const known = row.get(version);
        if (tag.tag === 'latest') latest = [words.join('-'), group.release];
        row.set(version, known === undefined || known === group.release ? group.release : '?');
        releases.set(words.join('-'), row);
      }
    }
  }
  if (latest !== undefined) releases.get(latest[0]).set('', latest[1]);
  // words that say nothing of the version (`slim`, `fpm`) follow the bare tag; only what differs is kept
  const bare = floating.get('');
  const floats = [];
  for (const [key, version] of floating) if (key === '' || version !== bare) floats.push(`${key}=${version}`);
  const distributions = [];
  for (const [words, row] of releases) {
    const count = new Map();
    for (const release of row.values()) count.set(release, (count.get(release) ?? 0) + 1);
    const usual = [...count].sort((a, b) => b[1] - a[1])[0][0];
    distributions.push(`${words}=${usual}`);
    const kept = new Map();
    const above = (version) => {
      const parts = version.split('.');
      while (parts.length > 1) {
        parts.pop();
        if (kept.has(parts.join('.'))) return kept.get(parts.join('.'));
      }
      return usual;
    };
    for (const [version, release] of [...row].sort((a, b) => a[0].split('.').length - b[0].split('.').length)) {
      if (release === above(version)) continue;
      kept.set(version, release);
      distributions.push(`${version}/${words}=${release}`);
    }
  }
  if (floats.length === 0 && distributions.length === 0) return undefined;
  return [name, full.join(' '), floats.join(' '), distributions.join(' ')].join('|');
}

const lines = [];
for (const name of readdirSync(directory).sort()) {
  const written = line(name, readFileSync(join(directory, name), 'utf8'));
  if (written !== undefined) lines.push(written);
}
writeFileSync(
  join(root, 'src/sources/today/generated.ts'),
  `// made by scripts/import-sources.mjs from the tag lists of Docker Official Images
/** Day of the lists. */
export const DAY = '${day}';
/** One image a line: name|current versions|floating words=version line|[version/]words=distribution */
export const LINES = \`\\
${lines.join('\n')}
\`;
`,
);
console.log(`${lines.length} images, ${lines.join('\n').length} characters`);
