import { describe, expect, test } from 'vitest';
import { elf } from './elf.ts';
import { inspected, type Layer, link, told } from './saved-image.ts';
import { config, glibc, ground, musl } from './sound-image.ts';

/** What a program needs and gets: the libraries that are loaded, or what is missing. */
async function loads(layer: Layer, changed: object = {}): Promise<string[]> {
  const { start, findings } = await inspected({ layers: [{ ...ground, ...layer }], config: { ...config, ...changed } });
  const missing = findings.filter(({ rule }) => rule === 'missing-library');
  return missing.length === 0 ? [...start.libraries] : missing.map(({ message }) => message.replace(/:.*/, ''));
}

const loader = { 'lib64/ld-linux-x86-64.so.2': elf({}) };
const muslLoader = { 'lib/ld-musl-x86_64.so.1': elf({}) };
const server = (binary: Parameters<typeof elf>[0]): Layer => ({
  'usr/bin/server': elf({ interpreter: glibc, ...binary }),
});

describe('glibc (ld.so(8)) looks', () => {
  test('in the RPATH of the program for the libraries of its libraries', async () => {
    const layer = { ...loader, 'opt/one.so': elf({ needed: ['two.so'] }), 'opt/two.so': elf({}) };
    expect(await loads({ ...layer, ...server({ needed: ['one.so'], rpath: '/opt' }) })).toEqual([
      '/opt/one.so',
      '/opt/two.so',
    ]);
  });

  test('in the RUNPATH of a binary for its own libraries alone', async () => {
    const layer = { ...loader, 'opt/one.so': elf({ needed: ['two.so'] }), 'opt/two.so': elf({}) };
    expect(await loads({ ...layer, ...server({ needed: ['one.so'], runpath: '/opt' }) })).toEqual([
      'two.so is missing',
    ]);
  });

  test('in no RPATH at all where the binary has a RUNPATH', async () => {
    const layer = { ...loader, 'opt/one.so': elf({ needed: ['two.so'], runpath: '/none' }), 'opt/two.so': elf({}) };
    expect(await loads({ ...layer, ...server({ needed: ['one.so'], rpath: '/opt' }) })).toEqual(['two.so is missing']);
  });

  test('in RPATH, then LD_LIBRARY_PATH, then RUNPATH, then its own folders', async () => {
    const all = Object.fromEntries(['r', 'e', 'u', 'usr/lib'].map((folder) => [`${folder}/one.so`, elf({})]));
    const env = { Env: ['LD_LIBRARY_PATH=/e'] };
    expect(await loads({ ...loader, ...all, ...server({ needed: ['one.so'], rpath: '/r' }) }, env)).toEqual([
      '/r/one.so',
    ]);
    expect(await loads({ ...loader, ...all, ...server({ needed: ['one.so'], runpath: '/u' }) }, env)).toEqual([
      '/e/one.so',
    ]);
    expect(await loads({ ...loader, ...all, ...server({ needed: ['one.so'], runpath: '/u' }) })).toEqual(['/u/one.so']);
    expect(await loads({ ...loader, ...all, ...server({ needed: ['one.so'] }) })).toEqual(['/usr/lib/one.so']);
  });

  test('beside the real file of the program, whatever link started it', async () => {
    const layer: Layer = {
      ...loader,
      'opt/app/bin/server': elf({ interpreter: glibc, needed: ['one.so'], runpath: '$ORIGIN/../lib' }),
      'opt/app/lib/one.so': elf({}),
      'usr/bin/server': link('/opt/app/bin/server'),
    };
    expect(await loads(layer)).toEqual(['/opt/app/lib/one.so']);
    expect(
      await loads({ ...layer, ...server({ needed: ['one.so'], runpath: '${ORIGIN}/../../opt/app/lib' }) }),
    ).toHaveLength(1);
  });

  test('past a file of another processor', async () => {
    const layer = { ...loader, 'u/one.so': elf({ machine: 183 }), 'usr/lib/one.so': elf({}) };
    expect(await loads({ ...layer, ...server({ needed: ['one.so'], runpath: '/u' }) })).toEqual(['/usr/lib/one.so']);
  });

  test('nowhere else for a name with a slash, nor where the binary forbids its own folders', async () => {
    const layer = { ...loader, 'usr/lib/one.so': elf({}), 'opt/one.so': elf({}) };
    expect(await loads({ ...layer, ...server({ needed: ['/opt/one.so'] }) })).toEqual(['/opt/one.so']);
    expect(await loads({ ...layer, ...server({ needed: ['/srv/one.so'] }) })).toEqual(['/srv/one.so is missing']);
    expect(await loads({ ...layer, ...server({ needed: ['one.so'], noDefaultPaths: true }) })).toEqual([
      'one.so is missing',
    ]);
  });

  test('at what is loaded already under that name', async () => {
    const layer = {
      ...loader,
      'opt/one.so.1.2': elf({ soname: 'one.so.1' }),
      'usr/lib/two.so': elf({ needed: ['one.so.1'] }),
    };
    expect(await loads({ ...layer, ...server({ needed: ['/opt/one.so.1.2', 'two.so'] }) })).toEqual([
      '/opt/one.so.1.2',
      '/usr/lib/two.so',
    ]);
  });

  test('in its cache', async () => {
    const layer = { ...loader, 'opt/deep/one.so': elf({}), ...server({ needed: ['one.so'] }) };
    expect(await loads(layer)).toEqual(['one.so is missing']);
    expect(await loads({ ...layer, 'etc/ld.so.cache': loaderCache('one.so', '/opt/deep/one.so') })).toEqual([
      '/opt/deep/one.so',
    ]);
    expect(await loads({ ...layer, 'etc/ld.so.cache': Buffer.alloc(300, 0xff) })).toEqual(['one.so is missing']);
  });

  test('not at what the user may not read', async () => {
    const layer = { ...loader, 'usr/lib/one.so': { content: elf({}), mode: 0o700 }, ...server({ needed: ['one.so'] }) };
    const { findings } = await inspected({ layers: [{ ...ground, ...layer }], config });
    expect(findings).toMatchObject([
      { rule: 'missing-library', why: expect.stringContaining('not readable for the user') },
    ]);
  });
});

describe('musl (ldso/dynlink.c) looks', () => {
  const program = (binary: Parameters<typeof elf>[0]): Layer => ({
    'usr/bin/server': elf({ interpreter: musl, ...binary }),
  });

  test('in the RUNPATH of the program for the libraries of its libraries, too', async () => {
    const layer = { ...muslLoader, 'opt/one.so': elf({ needed: ['two.so'] }), 'opt/two.so': elf({}) };
    expect(await loads({ ...layer, ...program({ needed: ['one.so'], runpath: '/opt' }) })).toEqual([
      '/opt/one.so',
      '/opt/two.so',
    ]);
  });

  test('in LD_LIBRARY_PATH before all', async () => {
    const layer = { ...muslLoader, 'e/one.so': elf({}), 'r/one.so': elf({}) };
    expect(
      await loads({ ...layer, ...program({ needed: ['one.so'], rpath: '/r' }) }, { Env: ['LD_LIBRARY_PATH=/e'] }),
    ).toEqual(['/e/one.so']);
  });

  test('in the folders that its path file names, else in /lib, /usr/local/lib and /usr/lib', async () => {
    const layer = { ...muslLoader, 'opt/one.so': elf({}), 'usr/local/lib/two.so': elf({}) };
    expect(await loads({ ...layer, ...program({ needed: ['two.so'] }) })).toEqual(['/usr/local/lib/two.so']);
    expect(await loads({ ...layer, ...program({ needed: ['one.so'] }) })).toEqual(['one.so is missing']);
    const written = { 'etc/ld-musl-x86_64.path': '/lib\n/opt\n' };
    expect(await loads({ ...layer, ...written, ...program({ needed: ['one.so'] }) })).toEqual(['/opt/one.so']);
    expect(await loads({ ...layer, ...written, ...program({ needed: ['two.so'] }) })).toEqual(['two.so is missing']);
  });

  test('nowhere for the names that are itself', async () => {
    expect(await loads({ ...muslLoader, ...program({ needed: ['libc.so', 'libm.so.6', 'libpthread.so.0'] }) })).toEqual(
      [],
    );
  });
});

test('a library that is stored with holes is taken for what it is named', async () => {
  const layer = { ...ground, ...loader, 'usr/lib/one.so': elf({}), ...server({ needed: ['one.so'] }) };
  const sparse = {
    'usr/lib/one.so': { content: 'x'.repeat(100), pax: { 'GNU.sparse.major': '1', 'GNU.sparse.realsize': '4096' } },
  };
  const inspection = await inspected({ layers: [layer, sparse], config });
  expect(told(inspection)).toEqual([]);
  expect(inspection.start.libraries).toEqual(['/usr/lib/one.so']);
  expect(inspection.bytes).toBeGreaterThan(4096);
});

/** A cache of one library in the format of glibc since 2.2 (dl-cache.h). */
function loaderCache(name: string, path: string): Buffer {
  const header = Buffer.alloc(48);
  header.write('glibc-ld.so.cache1.1', 'latin1');
  header.writeUInt32LE(1, 20);
  const strings = Buffer.from(`${name}\0${path}\0`);
  header.writeUInt32LE(strings.length, 24);
  header[28] = 2;
  const entry = Buffer.alloc(24);
  entry.writeInt32LE(0x0303, 0);
  entry.writeUInt32LE(72, 4);
  entry.writeUInt32LE(72 + name.length + 1, 8);
  return Buffer.concat([header, entry, strings]);
}
