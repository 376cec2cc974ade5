import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeSnapshot } from '../../src/catalog/snapshot.ts';
import { readArchive } from '../../src/catalog-store/archive.ts';
import { CatalogRefused } from '../../src/catalog-store/catalog-refused.ts';
import { cacheDirectory, loadCatalog, REMOVED_TAGS_FILE, SNAPSHOT_FILE } from '../../src/catalog-store/load.ts';
import { updateCatalog } from '../../src/catalog-store/update.ts';
import { definitionOf, yamlOf } from '../catalog/sample.ts';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const DAY = new Date('2036-02-03T04:05:06Z');
const GOOD = yamlOf('sample', 'runtime', ['1', '1-debian13']);
type Member = [name: string, text: string, more?: Partial<Header>];

let cache: string;
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'rehull-catalog-'));
});
afterEach(() => {
  rmSync(cache, { recursive: true, force: true });
});

/** An archive as `git archive` makes it: the commit in a global header, its day on every file. */
async function archiveOf(members: readonly Member[]): Promise<Buffer> {
  const tar = pack();
  for (const [name, text, more] of members) tar.entry({ name, mtime: DAY, ...more }, text);
  tar.finalize();
  return gzipSync(Buffer.concat([globalHeader(`52 comment=${COMMIT}\n`), await buffer(tar)]));
}

/** A header of type `g` with its text, which the packer cannot write. */
function globalHeader(text: string): Buffer {
  const blocks = Buffer.alloc(1024);
  blocks.write('pax_global_header', 0);
  blocks.write(text.length.toString(8).padStart(11, '0'), 124);
  blocks.write('        g', 148);
  blocks.write('ustar\x0000', 257);
  const sum = blocks.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  blocks.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  blocks.write(text, 512);
  return blocks;
}

const read = async (members: readonly Member[]) => readArchive(Readable.from([await archiveOf(members)]));

describe('readArchive', () => {
  test('reads definitions, commit and day; leaves everything else', async () => {
    const { definitions, commit, date } = await read([
      ['catalog-main/image/', '', { type: 'directory' }],
      ['catalog-main/image/sample/debian-13/1.yaml', GOOD],
      ['catalog-main/image/sample/files/x.yaml', '{{{'],
      ['catalog-main/image/sample/guides.md', 'text'],
      ['catalog-main/chart/sample/debian-13/1.yaml', '{{{'],
      ['catalog-main/package/image/sample/debian-13/1.yaml', '{{{'],
      ['catalog-main/image/link/debian-13/1.yaml', '', { type: 'symlink', linkname: '/etc/passwd' }],
      ['../image/sample/debian-13/../../../escape.yaml', GOOD],
      ['/image/sample/debian-13/9.yaml', '{{{'],
    ]);
    expect(definitions.map(({ image, file }) => `${image}/${file}`)).toEqual(['sample/debian-13/1']);
    expect({ commit, date }).toEqual({ commit: COMMIT, date: '2036-02-03' });
  });

  test.each([
    ['a definition that is none', [['image/sample/debian-13/1.yaml', 'x: 1']], /image is no text/],
    [
      'a definition twice',
      [
        ['image/sample/debian-13/1.yaml', GOOD],
        ['other/image/sample/debian-13/1.yaml', GOOD],
      ],
      /twice/,
    ],
    ['a definition too large', [['image/sample/debian-13/1.yaml', `${GOOD}#${' '.repeat(2 << 20)}`]], /larger than/],
  ] as const)('refuses %s', async (_name, members, message) => {
    await expect(read(members as unknown as Member[])).rejects.toThrow(message);
  });

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['no gzip', Buffer.from('<html>')],
    ['gzip of no tar', gzipSync(Buffer.alloc(3000, 'x'))],
  ])('refuses %s', async (_name, bytes) => {
    await expect(readArchive(Readable.from([bytes]))).rejects.toBeInstanceOf(CatalogRefused);
  });

  test('refuses an archive that is cut', async () => {
    const whole = await archiveOf([['image/sample/debian-13/1.yaml', GOOD + '#'.repeat(5000)]]);
    await expect(readArchive(Readable.from([whole.subarray(0, whole.length - 40)]))).rejects.toThrow(/cannot be read/);
  });

  test('stops at its limits', async () => {
    const limits = { compressedBytes: 1 << 20, bytes: 1 << 20, definitions: 1 };
    const bomb = await archiveOf([['filler', 'x'.repeat(8 << 20)]]);
    expect(bomb.length).toBeLessThan(1 << 17);
    await expect(readArchive(Readable.from([bomb]), limits)).rejects.toThrow(/too large when unpacked/);
    const large = Readable.from([bomb]);
    await expect(readArchive(large, { ...limits, compressedBytes: 100 })).rejects.toThrow(/archive is too large/);
    const two = await archiveOf([
      ['image/sample/debian-13/1.yaml', GOOD],
      ['image/sample/debian-13/2.yaml', GOOD],
    ]);
    await expect(readArchive(Readable.from([two]), limits)).rejects.toThrow(/more than 1 definitions/);
  });
});

describe('updateCatalog', () => {
  /** the catalog in use, made small so that an archive can be near it in size */
  beforeEach(() => {
    const definitions = [
      definitionOf('sample/debian-13/1.yaml', GOOD),
      definitionOf('sample/debian-13/0.yaml', yamlOf('sample', 'runtime', ['0'])),
      definitionOf('other/debian-13/1.yaml', yamlOf('other', 'runtime', ['1'])),
    ];
    writeFileSync(join(cache, SNAPSHOT_FILE), writeSnapshot(definitions, { date: '2036-01-01', commit: 'before' }));
    writeFileSync(join(cache, REMOVED_TAGS_FILE), 'sample 2035-05-05=2||,back||\n');
  });
  const NEXT: Member[] = [
    ['c/image/sample/debian-13/1.yaml', GOOD],
    ['c/image/sample/debian-13/3.yaml', yamlOf('sample', 'runtime', ['3', 'back'])],
    ['c/image/other/debian-13/1.yaml', yamlOf('other', 'runtime', ['1'])],
    ['c/image/new/debian-13/1.yaml', yamlOf('new', 'runtime', ['1'])],
  ];
  const update = (source: string, more = {}) => updateCatalog({ source, cacheDirectory: cache, fetch, ...more });
  async function fileOf(members: readonly Member[]): Promise<string> {
    const file = join(cache, 'archive.tar.gz');
    writeFileSync(file, await archiveOf(members));
    return file;
  }
  const stored = () => [SNAPSHOT_FILE, REMOVED_TAGS_FILE].map((name) => readFileSync(join(cache, name), 'latin1'));
  async function expectKept(source: string, message: RegExp, more = {}): Promise<void> {
    const before = stored();
    await expect(update(source, more)).rejects.toThrow(message);
    await expect(update(source, more)).rejects.toBeInstanceOf(CatalogRefused);
    expect(stored()).toEqual(before);
    expect(readdirSync(cache).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  }

  test('replaces the catalog and remembers what went', async () => {
    const result = await update(await fileOf(NEXT));
    expect(result).toMatchObject({ imagesAdded: ['new'], imagesRemoved: [], tagsAdded: 3, tagsRemoved: 1 });
    expect(result.before.date).toBe('2036-01-01');
    const { catalog, origin, warning } = loadCatalog({ cacheDirectory: cache });
    expect({ origin, warning, date: catalog.date, commit: catalog.commit }).toEqual({
      origin: 'cache',
      warning: undefined,
      date: '2036-02-03',
      commit: COMMIT,
    });
    expect(catalog.resolve('new', '1')?.image).toBe('new');
    expect(catalog.removed('sample', '0')).toBe('2036-02-03');
    expect(catalog.removed('sample', '2')).toBe('2035-05-05');
    expect(catalog.removed('sample', 'back')).toBeUndefined();
  });

  test('keeps the old one when something is wrong with the new', async () => {
    await expectKept(await fileOf([...NEXT, ['c/image/bad/debian-13/1.yaml', 'x']]), /bad\/debian-13\/1\.yaml/);
    const claim: Member = ['c/image/sample/debian-13/4.yaml', yamlOf('sample', 'runtime', ['4', '3'])];
    await expectKept(await fileOf([...NEXT, claim]), /sample:3 is claimed/);
    await expectKept(await fileOf(NEXT.slice(0, 1)), /1 images, the catalog in use 2/);
    const old = NEXT.map(([name, text]): Member => [name, text, { mtime: new Date('2035-12-31') }]);
    await expectKept(await fileOf(old), /older than the catalog of 2036-01-01/);
    await expectKept(await fileOf([]), /not one definition/);
    await expectKept(join(cache, 'no-such-file'), /cannot be read/);
  });

  test('a file system that does not take it is told', async () => {
    const file = await fileOf(NEXT);
    mkdirSync(join(cache, `${SNAPSHOT_FILE}.${process.pid}.tmp`));
    const before = stored()[0];
    await expect(update(file)).rejects.toThrow(/cannot be written/);
    expect(stored()[0]).toBe(before);
  });

  describe('over the network', () => {
    let server: Server;
    let base: string;
    beforeEach(async () => {
      const archive = await archiveOf(NEXT);
      server = createServer((request, response) => {
        if (request.url === '/good') response.end(archive);
        else if (request.url === '/cut')
          response
            .writeHead(200, { 'content-length': archive.length })
            .write(archive.subarray(0, 99), () => response.destroy());
        else if (request.url === '/away') response.writeHead(302, { location: 'http://elsewhere.invalid/' }).end();
        else if (request.url === '/huge') response.writeHead(200, { 'content-length': 1e12 }).write('x');
        else if (request.url === '/slow') response.write(archive.subarray(0, 10));
        else response.writeHead(404).end();
      });
      await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
      base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    afterEach(() => {
      server.closeAllConnections();
      server.close();
    });

    test('takes what is whole', async () => {
      expect((await update(`${base}/good`)).after.commit).toBe(COMMIT);
    });

    test('keeps the old one otherwise', async () => {
      await expectKept(`${base}/missing`, /answers 404/);
      await expectKept(`${base}/cut`, /cannot be read/);
      await expectKept(`${base}/away`, /cannot be fetched/);
      await expectKept(`${base}/huge`, /too large/);
      await expectKept(`${base}/slow`, /timeout|abort/i, { timeoutMilliseconds: 150 });
      await expectKept('http://127.0.0.1:1/', /cannot be fetched/);
      await expectKept('http://example.invalid/x.tar.gz', /only https is fetched/);
      await expectKept('file:///etc/passwd', /only https is fetched/);
    });
  });
});

describe('loadCatalog', () => {
  test('loads what ships where nothing was updated', () => {
    const { catalog, origin } = loadCatalog({ cacheDirectory: cache });
    expect(origin).toBe('package');
    expect(catalog.has('python')).toBe(true);
  });

  test('passes over a cached catalog that is damaged or older', () => {
    writeFileSync(join(cache, REMOVED_TAGS_FILE), '');
    writeFileSync(join(cache, SNAPSHOT_FILE), '{"format":1,"date":"2099-01-01"');
    expect(loadCatalog({ cacheDirectory: cache })).toMatchObject({
      origin: 'package',
      warning: expect.stringContaining('is not used'),
    });
    const older = writeSnapshot([definitionOf('sample/debian-13/1.yaml', GOOD)], { date: '2020-01-01', commit: 'old' });
    writeFileSync(join(cache, SNAPSHOT_FILE), older);
    expect(loadCatalog({ cacheDirectory: cache })).toMatchObject({ origin: 'package', warning: undefined });
    writeFileSync(join(cache, SNAPSHOT_FILE), older.replace('2020-01-01', '2099-01-01'));
    expect(loadCatalog({ cacheDirectory: cache })).toMatchObject({ origin: 'cache', warning: undefined });
    rmSync(join(cache, REMOVED_TAGS_FILE));
    expect(loadCatalog({ cacheDirectory: cache })).toMatchObject({
      origin: 'package',
      warning: expect.stringContaining('is not used'),
    });
  });

  test('a named file is taken, or refused by name', () => {
    const file = join(cache, 'own.snapshot');
    expect(() => loadCatalog({ file, cacheDirectory: cache })).toThrow(/own\.snapshot: .*ENOENT/);
    writeFileSync(
      file,
      writeSnapshot([definitionOf('sample/debian-13/1.yaml', GOOD)], { date: '2020-01-01', commit: 'own' }),
    );
    expect(loadCatalog({ file, cacheDirectory: cache }).catalog.images).toEqual(['sample']);
  });

  test.each([
    [{ XDG_CACHE_HOME: '/x' }, 'linux', '/x/rehull'],
    [{}, 'linux', '/home/me/.cache/rehull'],
    [{ XDG_CACHE_HOME: '' }, 'darwin', '/home/me/Library/Caches/rehull'],
  ] as const)('%j on %s keeps it in %s', (environment, platform, directory) => {
    expect(cacheDirectory(environment as NodeJS.ProcessEnv, platform, '/home/me')).toBe(directory);
  });
});
