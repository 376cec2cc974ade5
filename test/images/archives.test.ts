import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as zlib from 'node:zlib';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { inspectImage } from '../../src/images/inspect-image.ts';
import { IMAGE_LIMITS } from '../../src/images/limits.ts';
import { folderOf } from '../project/folder.ts';
import { elf } from './elf.ts';
import { folder, type Image, inspected, type Layer, link, save, tarOf, told } from './saved-image.ts';
import { config, ground, sound, without } from './sound-image.ts';

const image = (...layers: readonly Layer[]): Image => ({ layers, config });
const open = (argument: string, environment: Record<string, string> = {}, options = {}) =>
  inspectImage(argument, options, { cwd: '/', environment, limits: IMAGE_LIMITS });

const nodeHasZstd = 'createZstdDecompress' in zlib;
const hasZstd = spawnSync('zstd', ['--version']).status === 0;
const zstd = (layer: Buffer) => execFileSync('zstd', ['-q', '-c'], { input: layer, maxBuffer: 1 << 26 });

describe('layers', () => {
  test('are read compressed', async () => {
    const inspection = await inspected({ ...image(sound), compressed: true });
    expect(inspection).toMatchObject({ findings: [], origin: 'archive', platform: 'linux/amd64' });
    expect(inspection.start.libraries).toEqual(['/usr/lib/libone.so.1', '/lib64/libc.so.6', '/usr/lib/libtwo.so.1']);
  });

  test('are told of while they are read', async () => {
    const path = await save(image(sound, { 'app/large': Buffer.alloc(3_000_000) }));
    const told: string[] = [];
    const progress = (place: string) => told.push(place);
    await inspectImage(path, {}, { cwd: '/', environment: {}, limits: IMAGE_LIMITS, progress });
    expect([told[0], told.at(-1)]).toEqual(['layer 1 of 2: 0 MB', 'layer 2 of 2: 3 MB']);
  });

  test.skipIf(!hasZstd)('are read compressed with zstd', async () => {
    const large = { ...sound, 'app/large': Buffer.alloc(3_000_000, 'abc') };
    const path = await save({ ...image(large), compress: zstd });
    const inspection = await open(path);
    expect(inspection).toMatchObject({ findings: [], files: Object.keys(sound).length - 1 });
    const damaged = await save({ ...image(large), compress: (layer) => zstd(layer).fill('x', 200, 220) });
    await expect(open(damaged)).rejects.toThrow(/^layer 1 of 1 cannot be read: /);
    const cut = await save({ ...image(large), compress: (layer) => zstd(layer).subarray(0, -30) });
    await expect(open(cut)).rejects.toThrow(/^layer 1 of 1 cannot be read: /);
    const bomb = inspected({ ...image(large), compress: zstd }, { unpackedBytes: 1 << 20 });
    await expect(bomb).rejects.toThrow('larger than 1048576 bytes');
  });

  test.skipIf(nodeHasZstd)('compressed with zstd say what reads them where nothing does', async () => {
    const path = await save({ ...image(sound), compress: () => Buffer.from('28b52ffd00000000', 'hex') });
    vi.stubEnv('PATH', folderOf({}));
    onTestFinished(() => void vi.unstubAllEnvs());
    await expect(open(path)).rejects.toThrow(
      'a layer is compressed with zstd; use Node 22.15 or newer, or install zstd',
    );
  });

  test('take files away', async () => {
    expect(told(await inspected(image(sound, { 'usr/lib/.wh.libtwo.so.1': '' })))).toEqual(['error missing-library']);
  });

  test('take folders away, and may fill them again', async () => {
    const emptied: Layer = { 'usr/lib/.wh..wh..opq': '', 'usr/lib/libone.so.1': elf({}) };
    expect(told(await inspected(image(sound, emptied)))).toEqual([]);
    expect(told(await inspected(image(sound, { 'usr/.wh.lib': '' })))).toEqual(['error missing-library']);
  });

  test('do not take away what they bring themselves', async () => {
    const layer: Layer = { 'usr/lib/libtwo.so.1': elf({}), 'usr/lib/.wh.libtwo.so.1': '', 'usr/lib/.wh..wh..opq': '' };
    expect(
      told(await inspected(image(without('usr/lib/libtwo.so.1'), { ...layer, 'usr/lib/libone.so.1': elf({}) }))),
    ).toEqual([]);
  });

  test('go through links to folders and hold hard links', async () => {
    const merged: Layer = {
      lib: link('usr/lib'),
      'lib/libtwo.so.1': elf({}),
      'lib/again': { type: 'link', target: 'usr/lib/libone.so.1' },
    };
    expect((await inspected(image(without('usr/lib/libtwo.so.1'), merged))).findings).toEqual([]);
  });

  test('keep the secrets that a later one removes', async () => {
    const { findings } = await inspected(image({ ...sound, 'app/.netrc': 'password x' }, { 'app/.wh..netrc': '' }));
    expect(findings.map(({ message }) => message)).toEqual([
      '/app/.netrc held a password and is removed by layer 2, but layer 1 still has it',
    ]);
  });

  test('are counted', async () => {
    const { layers, bytes, files } = await inspected(
      image({ ...ground, server: elf({}), big: Buffer.alloc(5000) }, { '.wh.big': '' }),
    );
    expect(layers.map((one) => [one.files, one.fileBytes - one.keptBytes, one.removed])).toEqual([
      [4, 5000, 0],
      [0, 0, 1],
    ]);
    expect([files, bytes]).toEqual([3, layers[0]!.keptBytes]);
  });
});

describe('is refused', () => {
  test.each<[name: string, image: Image, limits: Partial<typeof IMAGE_LIMITS>, message: string]>([
    ['a path that leads out', image({ '../../etc/passwd': 'x' }), {}, 'has an entry outside of the image'],
    [
      'a hard link that leads out',
      image({ a: { type: 'link', target: '../../etc/passwd' } }),
      {},
      'has an entry outside of the image',
    ],
    [
      'a hard link to nothing',
      image({ a: { type: 'link', target: 'b' } }),
      {},
      'a hard link to a file that is not in the image',
    ],
    ['a name that is too long', image({ ['a'.repeat(300)]: '' }), {}, 'has a name that no file system takes'],
    [
      'a file in the place of the root',
      image({ '.': { type: 'symlink', target: 'a' } }),
      {},
      'in the place of the root',
    ],
    [
      'a bomb',
      { ...image({ zeros: Buffer.alloc(1 << 20) }), compressed: true },
      { unpackedBytes: 1 << 19 },
      'larger than 524288 bytes',
    ],
    ['too many entries', image(sound), { entries: 3 }, 'more than 3 entries'],
    [
      'too many folders that only paths name',
      image({ [`${'a/'.repeat(1000)}b`]: '', [`${'b/'.repeat(1000)}b`]: '' }),
      { entries: 1500 },
      'more than 1500 entries',
    ],
    [
      'links that lead a long way, again and again',
      image({
        'a/b': folder(0o755),
        l: link('a/../'.repeat(500)),
        ...Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`${'l/'.repeat(30)}f${index}`, ''])),
      }),
      { pathSteps: 100_000 },
      'lead through more folders than are followed',
    ],
    [
      'accounts without end',
      image({ 'etc/passwd': Buffer.alloc(2000) }),
      { keptBytes: 1000 },
      '/etc/passwd has 2000 bytes',
    ],
    [
      'a layer that is another',
      { ...image(sound), diffIds: [`sha256:${'0'.repeat(64)}`] },
      {},
      'is damaged or was changed',
    ],
    ['more layers than there are', { ...image(sound), diffIds: [] }, {}, 'speaks of 0 layers'],
  ])('%s', async (_, given, limits, message) => {
    await expect(inspected(given, limits)).rejects.toThrow(message);
  });

  test('what is no image', async () => {
    const cwd = folderOf({ 'a.tar': 'no archive', Dockerfile: 'FROM scratch\n' });
    await expect(open(join(cwd, 'a.tar'))).rejects.toThrow('a.tar');
    await expect(open(cwd)).rejects.toThrow('holds no image');
    await expect(open(join(cwd, 'b.tar'))).rejects.toThrow('there is no file or folder');
    await expect(open('--output=x')).rejects.toThrow('is neither a file, a folder nor an image');
  });

  test('a layer that is cut off', async () => {
    const path = await save({ ...image(sound), compressed: true });
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.subarray(0, bytes.length - 2000));
    await expect(open(path)).rejects.toThrow(/is no archive of an image|cannot be read/);
  });
});

test('a link that leads out of the image ends at its root', async () => {
  const inspection = await inspected({
    layers: [{ ...sound, run: link('../../../usr/bin/server') }],
    config: { ...config, Entrypoint: ['/run'] },
  });
  expect(inspection.findings).toEqual([]);
});

test('links and folders without end are survived', async () => {
  const loops: Layer = { a: link('b'), b: link('a'), [Array(200).fill('d').join('/')]: 'x' };
  expect(
    told(await inspected({ layers: [{ ...sound, ...loops }], config: { ...config, Entrypoint: ['/a'] } })),
  ).toEqual(['error program-not-found']);
});

test('a binary of garbage is survived', async () => {
  const whole = sound['usr/bin/server'] as Buffer;
  for (let seed = 1; seed < 60; seed++) {
    const broken = Buffer.from(whole);
    for (let at = 4 + ((seed * 7) % 60); at < broken.length; at += 1 + ((seed * 31) % 97))
      broken[at] = (seed * at * 13) & 255;
    await inspected(image({ ...sound, 'usr/bin/server': broken.subarray(0, broken.length - (seed % 50)) }));
  }
});

describe('an image is opened', () => {
  test('from an archive that is compressed, and nothing is left behind', async () => {
    const path = await save(image(sound));
    writeFileSync(`${path}.gz`, gzipSync(readFileSync(path)));
    const temporary = folderOf({});
    vi.stubEnv('TMPDIR', temporary);
    onTestFinished(() => void vi.unstubAllEnvs());
    expect((await open(`${path}.gz`)).findings).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
  });

  test('by its tag', async () => {
    const path = await save(image(sound));
    expect((await open(path, {}, { image: 'example:1' })).findings).toEqual([]);
    await expect(open(path, {}, { image: 'example:2' })).rejects.toThrow('it has example:1');
    await expect(open(path, {}, { platform: 'linux/arm64' })).rejects.toThrow(
      'made for linux/amd64, not for linux/arm64',
    );
  });

  test('from an OCI layout, for the platform that is asked for', async () => {
    const cwd = folderOf({});
    mkdirSync(join(cwd, 'blobs/sha256'), { recursive: true });
    const blob = (bytes: Buffer, mediaType: string) => {
      const digest = createHash('sha256').update(bytes).digest('hex');
      writeFileSync(join(cwd, 'blobs/sha256', digest), bytes);
      return { mediaType: `application/vnd.oci.image.${mediaType}`, digest: `sha256:${digest}`, size: bytes.length };
    };
    const json = (value: unknown, mediaType: string) => blob(Buffer.from(JSON.stringify(value)), mediaType);
    const tar = await tarOf(sound);
    const diffId = `sha256:${createHash('sha256').update(tar).digest('hex')}`;
    const layer = blob(gzipSync(tar), 'layer.v1.tar+gzip');
    const manifest = (architecture: string) => ({
      ...json(
        {
          schemaVersion: 2,
          config: json(
            { architecture, os: 'linux', config, rootfs: { type: 'layers', diff_ids: [diffId] } },
            'config.v1+json',
          ),
          layers: [layer],
        },
        'manifest.v1+json',
      ),
      platform: { os: 'linux', architecture },
    });
    const index = { schemaVersion: 2, manifests: [manifest('amd64'), manifest('arm64')] };
    writeFileSync(join(cwd, 'index.json'), JSON.stringify(index));
    expect(await open(cwd, {}, { platform: 'linux/amd64' })).toMatchObject({
      findings: [],
      origin: 'folder',
      digest: index.manifests[0]!.digest,
    });
    expect(told(await open(cwd, {}, { platform: 'arm64' }))).toEqual(['error wrong-architecture']);
    writeFileSync(join(cwd, 'blobs', layer.digest.replace(':', '/')), gzipSync(Buffer.alloc(1024)));
    await expect(open(cwd, {}, { platform: 'linux/amd64' })).rejects.toThrow(
      /is damaged or was changed|(?:longer|shorter) than/,
    );
  });

  test('from Docker', async () => {
    const path = await save(image(sound));
    const bin = folderOf({
      docker: `#!/bin/sh\nfor last; do :; done\n[ "$last" = example:1 ] || { echo 'Error: No such image: x' >&2; exit 1; }\n[ "$2" = save ] && exec cat '${path}'\necho sha256:1\n`,
    });
    chmodSync(join(bin, 'docker'), 0o755);
    const environment = { PATH: `${bin}:/usr/bin:/bin` };
    expect(await open('example:1', environment)).toMatchObject({ findings: [], origin: 'docker' });
    await expect(open('example:2', environment)).rejects.toThrow('docker has no such image');
    await expect(open('example:1', { PATH: folderOf({}) })).rejects.toThrow('docker is not installed');
  });
});

const real = '/bin/true';
const list = '/bin/ls';
const hasPrograms =
  existsSync('/usr/bin/ldd') &&
  existsSync('/etc/ld.so.cache') &&
  existsSync(real) &&
  existsSync(list) &&
  ['x64', 'arm64'].includes(process.arch);

describe.skipIf(!hasPrograms)('programs of this machine', () => {
  const libraries = (program: string) =>
    execFileSync('ldd', [program], { encoding: 'utf8' })
      .split('\n')
      .flatMap((line) => /(?:=> )?(\/\S+) \(0x/.exec(line)?.[1] ?? []);
  const imageOf = (program: string, missing?: string): Image => ({
    architecture: process.arch === 'x64' ? 'amd64' : 'arm64',
    layers: [
      {
        ...ground,
        'etc/ld.so.cache': readFileSync('/etc/ld.so.cache'),
        'app/program': readFileSync(program),
        ...Object.fromEntries(
          libraries(program)
            .filter((path) => path !== missing)
            .map((path) => [path.slice(1), readFileSync(path)]),
        ),
      },
    ],
    config: { ...config, Entrypoint: ['/app/program'] },
  });

  test.each([real, process.execPath])('%s loads what ldd says', async (program) => {
    const inspection = await inspected(imageOf(program));
    expect(inspection.findings).toEqual([]);
    const { libraries: found, steps } = inspection.start;
    expect(steps).toEqual([{ asked: '/app/program', path: '/app/program' }]);
    const names = (paths: readonly string[]) =>
      paths
        .map((path) => path.split('/').at(-1)!)
        .filter((name) => !name.startsWith('ld-'))
        .sort();
    expect(names(found)).toEqual(names(libraries(program)));
  });

  test('each library that ldd names is missed', async () => {
    const all = libraries(list).filter((path) => !/\/ld-linux/.test(path));
    expect(all.length).toBeGreaterThan(0);
    for (const path of all) {
      const { findings } = await inspected(imageOf(list, path));
      expect(findings.map(({ message }) => message.split(' ', 1)[0])).toEqual([path.split('/').at(-1)]);
    }
  }, 60_000);
});
