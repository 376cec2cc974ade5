// Holds the tables of package names against the distributions' own package indexes, and says which could not be read.
// Usage: npm run check-packages -- [--index SUITE=FILE ...] [--mirror URL]
// An index is a Packages file, unpacked or .gz, of main/binary-amd64. Without --index it is fetched from the mirror:
// the one given, else the first of apt's own sources on this machine.
// Exits with 1 when a row is wrong.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { build } from 'esbuild';

const { values } = parseArgs({
  options: { index: { type: 'string', multiple: true, default: [] }, mirror: { type: 'string' } },
});
const given = new Map(values.index.map((entry) => entry.split(/=(.*)/s).slice(0, 2)));
const releases = [
  [12, 'bookworm'],
  [13, 'trixie'],
];

const tables = await loadTables();
const wrong = [];
let rows = 0;
for (const [release, suite] of releases) {
  const index = await readIndex(suite);
  if (index === undefined) console.log(`Debian ${release} (${suite}): could not be reached, not checked`);
  else {
    const before = rows;
    checkRpm(release, index);
    checkRenamed(release, index);
    checkVersioned(release, index);
    if (release === 13) checkDebianToAlpine(index);
    if (release === 13) checkScriptNeeds(index);
    console.log(`Debian ${release} (${suite}): ${rows - before} rows held against ${index.names.size} packages`);
  }
}
for (const other of ['Ubuntu', 'Fedora', 'Alpine', 'Wolfi'])
  console.log(`${other}: its index is not read; names of it are taken from what is known in general`);
for (const line of wrong) console.log(line);
console.log(`${wrong.length} wrong`);
process.exit(wrong.length > 0 ? 1 : 0);

function checkRpm(release, index) {
  const table = tables.readNames(tables.RPM_TO_DEBIAN);
  for (const name of table.keys()) {
    rows += 1;
    for (const target of tables.namesIn(table, name, release) ?? [])
      if (target !== '!') expectName(index, release, name, target.replace(/^!/, ''));
  }
  for (const [group, targets] of tables.RPM_GROUPS)
    for (const target of targets) expectName(index, release, group, target);
}

/** Packages whose scripts count on the base system: those that are named, and what is installed for them. */
function checkScriptNeeds(index) {
  for (const name of tables.scriptNeedingNames()) {
    rows += 1;
    expectName(index, 13, name, name);
    for (const need of tables.scriptNeeds(name, true)) expectName(index, 13, name, need);
  }
}

/** A row says that a name is gone: it must be, and what it says instead must be there. */
function checkRenamed(release, index) {
  const table = tables.readNames(tables.DEBIAN_RENAMED);
  for (const name of table.keys()) {
    rows += 1;
    const targets = tables.namesIn(table, name, release) ?? [];
    for (const target of targets) {
      if (target.startsWith('!')) {
        if (index.has(name)) wrong.push(`Debian ${release}: ${name} is said to be gone, and is there`);
        if (release === 13 && target !== '!') expectName(index, release, name, target.slice(1));
      } else {
        expectName(index, release, name, target);
        if (target !== name && index.has(name)) wrong.push(`Debian ${release}: ${name} needs no other name`);
      }
    }
  }
}

/** Packages with a version in their names: every version that there is, and no other. */
function checkVersioned(release, index) {
  for (const [names, bookworm, trixie] of tables.DEBIAN_VERSIONED) {
    const said = (release === 12 ? bookworm : trixie).split(' ').filter((version) => version !== '');
    for (const name of names.split(' ')) {
      rows += 1;
      for (const version of said)
        if (!index.has(name.replace('#', version)))
          wrong.push(`Debian ${release}: there is no ${name.replace('#', version)}`);
      const [head, tail] = name.split('#');
      for (const there of index.names) {
        if (!there.startsWith(head) || !there.endsWith(tail)) continue;
        const version = there.slice(head.length, there.length - tail.length);
        if (/^\d[\d.]*$/.test(version) && !said.includes(version))
          wrong.push(`Debian ${release}: ${there} is there, and the table does not say so`);
      }
    }
  }
}

/** The left side alone: Alpine's index is not read. */
function checkDebianToAlpine(index) {
  for (const name of tables.readNames(tables.DEBIAN_TO_ALPINE).keys()) {
    rows += 1;
    if (!index.has(name)) wrong.push(`Debian 13: ${name} of the table for Alpine is no package`);
  }
}

function expectName(index, release, name, target) {
  if (!index.has(target)) wrong.push(`Debian ${release}: ${name} is said to be ${target}, which is no package`);
}

/** The packages of a suite, and the names that exactly one of them provides. */
async function readIndex(suite) {
  const text = await readPackages(suite);
  if (text === undefined) return undefined;
  const names = new Set();
  const providers = new Map();
  let name;
  for (const line of text.split('\n')) {
    if (line.startsWith('Package: ')) {
      name = line.slice('Package: '.length);
      names.add(name);
    } else if (line.startsWith('Provides: ')) {
      for (const provided of line.slice('Provides: '.length).split(', ')) {
        const plain = provided.replace(/ .*/, '');
        providers.set(plain, (providers.get(plain) ?? new Set()).add(name));
      }
    }
  }
  return { names, has: (each) => names.has(each) || providers.get(each)?.size === 1 };
}

async function readPackages(suite) {
  const file = given.get(suite);
  if (file !== undefined) {
    const bytes = readFileSync(file);
    return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  }
  const mirror = values.mirror ?? configuredMirror();
  if (mirror === undefined) return undefined;
  const address = `${mirror.replace(/\/+$/, '')}/dists/${suite}/main/binary-amd64/Packages.xz`;
  try {
    const answer = await fetch(address);
    if (!answer.ok) return undefined;
    const bytes = Buffer.from(await answer.arrayBuffer());
    return execFileSync('xz', ['-dc'], { input: bytes, maxBuffer: 2 ** 28, encoding: 'utf8' });
  } catch {
    return undefined;
  }
}

/** The first address in apt's own configuration. */
function configuredMirror() {
  const folder = '/etc/apt/sources.list.d';
  const files = [
    '/etc/apt/sources.list',
    ...(existsSync(folder) ? readdirSync(folder).map((each) => join(folder, each)) : []),
  ];
  for (const file of files) {
    if (!existsSync(file)) continue;
    const found = /^(?:URIs:\s*|deb\s+(?:\[[^\]]*\]\s+)?)(https?:\/\/\S+?\/debian)\/?(?:\s|$)/m.exec(
      readFileSync(file, 'utf8'),
    );
    if (found !== null) return found[1];
  }
  return undefined;
}

async function loadTables() {
  const { outputFiles } = await build({
    stdin: {
      contents: [
        "export * from './debian-releases.ts';",
        "export * from './debian-to-alpine.ts';",
        "export * from './read-names.ts';",
        "export * from './rpm-to-debian.ts';",
        "export * from '../script-needs.ts';",
      ].join('\n'),
      resolveDir: fileURLToPath(new URL('../src/sources/package-names', import.meta.url)),
      loader: 'ts',
    },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
  });
  const folder = mkdtempSync(join(tmpdir(), 'rehull-packages-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'tables.mjs');
  writeFileSync(file, outputFiles[0].contents);
  return import(pathToFileURL(file).href);
}
