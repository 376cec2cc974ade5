#!/usr/bin/env node
/**
 * Writes data/catalog.snapshot and data/catalog.removed-tags.
 *
 *   npm run import-catalog -- SOURCE [--date YYYY-MM-DD] [--commit SHA] [--removed FILE]
 *   npm run import-catalog -- --verify SOURCE
 *
 * SOURCE is a folder with image/<name>/<distribution>/<file>.yaml, or the catalog's archive (.tar.gz), which says date
 * and commit itself. FILE is JSON: image to tag to the day it left. --verify compares the shipped snapshot with SOURCE.
 */
import { createReadStream, readFileSync, statSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const SNAPSHOT = new URL('../data/catalog.snapshot', import.meta.url);
const REMOVED = new URL('../data/catalog.removed-tags', import.meta.url);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    date: { type: 'string' },
    commit: { type: 'string' },
    removed: { type: 'string' },
    verify: { type: 'boolean', default: false },
  },
});
const [source] = positionals;
if (source === undefined || positionals.length > 1) fail('give one SOURCE: a folder or an archive of the catalog');

const rehull = await bundle(
  ['catalog-store/archive', 'catalog-store/folder', 'catalog/import', 'catalog/snapshot'].concat([
    'catalog/removed-tags',
    'catalog/catalog',
  ]),
);

const read = statSync(source).isDirectory()
  ? await rehull.readFolder(source)
  : await rehull.readArchive(createReadStream(source));
const problem = rehull.wholeCatalogProblem(read.definitions);
if (problem !== undefined) fail(problem);

if (values.verify) verify(read.definitions);
else write(read);

function write({ definitions, ...origin }) {
  const date = values.date ?? origin.date ?? fail('the source does not say its --date');
  const commit = values.commit ?? origin.commit ?? fail('the source does not say its --commit');
  const text = rehull.writeSnapshot(definitions, { date, commit });
  writeFileSync(SNAPSHOT, text);
  report('catalog.snapshot', text);
  if (values.removed !== undefined) {
    const removed = new Map(
      Object.entries(JSON.parse(readFileSync(values.removed, 'utf8'))).map(([image, tags]) => [
        image,
        new Map(Object.entries(tags)),
      ]),
    );
    const list = rehull.writeRemovedTags(removed);
    const reread = new rehull.RemovedTags(list);
    for (const [image, tags] of removed) {
      if (!isDeepStrictEqual(new Map([...tags].sort()), new Map([...reread.of(image)].sort()))) {
        fail(`${image}: the list of removed tags does not read back`);
      }
    }
    writeFileSync(REMOVED, list);
    report('catalog.removed-tags', list);
  }
}

/** Every field of every definition, and every tag, against the shipped snapshot. */
function verify(definitions) {
  const catalog = rehull.openCatalog(readFileSync(SNAPSHOT, 'utf8'), readFileSync(REMOVED, 'utf8'));
  let tags = 0;
  let wrong = 0;
  const files = new Set();
  for (const definition of definitions) {
    files.add(`${definition.image}/${definition.file}`);
    for (const tag of definition.tags) {
      tags++;
      const found = catalog.resolve(definition.image, tag);
      if (isDeepStrictEqual(found, definition)) continue;
      wrong++;
      console.error(`${definition.image}:${tag} does not resolve to ${definition.file}`);
    }
  }
  const shipped = catalog.images.flatMap((image) => catalog.definitions(image));
  const extra = shipped.filter(({ image, file }) => !files.has(`${image}/${file}`)).length;
  const size = `${catalog.size.images} images, ${catalog.size.definitions} definitions, ${catalog.size.tags} tags`;
  console.log(`snapshot of ${catalog.date} (${catalog.commit}): ${size}`);
  console.log(
    `${definitions.length} definitions and ${tags} tags compared: ${wrong} wrong, ${extra} definitions extra`,
  );
  if (wrong > 0 || extra > 0 || catalog.size.tags !== tags) process.exitCode = 1;
}

function report(name, text) {
  const bytes = Buffer.from(text);
  const sizes = [bytes.length, gzipSync(bytes).length, brotliCompressSync(bytes).length];
  console.log(`data/${name}: ${sizes[0]} bytes, ${sizes[1]} with gzip, ${sizes[2]} with brotli`);
}

/** The project's own modules; Node 20 does not read TypeScript. */
async function bundle(modules) {
  const resolveDir = new URL('../src', import.meta.url).pathname;
  const { outputFiles } = await build({
    stdin: { contents: modules.map((name) => `export * from './${name}.ts';`).join('\n'), resolveDir },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
  });
  const module = { exports: {} };
  const { createRequire } = await import('node:module');
  new Function('module', 'exports', 'require', outputFiles[0].text)(
    module,
    module.exports,
    createRequire(import.meta.url),
  );
  return module.exports;
}

function fail(message) {
  console.error(`import-catalog: ${message}`);
  process.exit(2);
}
