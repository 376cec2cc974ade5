import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { linkSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { extract, pack } from 'tar-stream';
import { describe, expect, test } from 'vitest';
import { type TarMember, TarReader } from '../../src/images/layers/tar-reader.ts';
import { folderOf } from '../project/folder.ts';

type Read = Pick<TarMember, 'name' | 'type' | 'linkName'> & { sparseSize: number | undefined; content: string };

/** The members of an archive that comes in pieces of one length; the pieces are overwritten once they were handed over. */
function read(archive: Buffer, length = archive.length): Read[] {
  const members: Read[] = [];
  const reader = new TarReader(({ name, type, linkName, sparseSize }) => {
    const chunks: Buffer[] = [];
    return {
      take: (piece, start, end) => chunks.push(Buffer.from(piece.subarray(start, end))),
      end: () => members.push({ name, type, linkName, sparseSize, content: Buffer.concat(chunks).toString('latin1') }),
    };
  });
  for (let at = 0; at < archive.length; at += length) {
    const piece = Buffer.from(archive.subarray(at, at + length));
    reader.push(piece);
    piece.fill(0xaa);
  }
  reader.end();
  return members;
}

const deep = `${'d'.repeat(90)}/${'e'.repeat(90)}/${'f'.repeat(90)}`;

/** What GNU tar makes of a folder with everything that it writes in a way of its own. */
function gnuTar(format: string, ...options: readonly string[]): Buffer {
  const folder = folderOf({ a: 'one', 'empty/.keep': '', ünïcode: 'two', b: 'x'.repeat(1500) });
  linkSync(join(folder, 'a'), join(folder, 'hard'));
  symlinkSync('empty/.keep', join(folder, 'soft'));
  if (format !== 'v7' && format !== 'ustar') {
    mkdirSync(join(folder, deep), { recursive: true });
    writeFileSync(join(folder, deep, 'file'), 'deep');
    symlinkSync(`${deep}/file`, join(folder, 'soft-deep'));
  }
  return execFileSync('tar', ['-cf-', '--sort=name', `--format=${format}`, ...options, '-C', folder, '.'], {
    maxBuffer: 1 << 26,
  });
}

describe('reads what GNU tar writes', () => {
  test.each(['v7', 'oldgnu', 'gnu', 'ustar', 'pax'])('%s', (format) => {
    const archive = gnuTar(format);
    const members = read(archive);
    const named = new Map(members.map((member) => [member.name, member]));
    const listed = execFileSync('tar', ['-tf-', '--quoting-style=literal'], { input: archive, encoding: 'utf8' });
    expect(members.map(({ name }) => name)).toEqual(listed.trimEnd().split('\n'));
    expect(named.get('./a')).toMatchObject({ type: 'file', content: 'one' });
    expect(named.get('./hard')).toMatchObject({ type: 'hard-link', linkName: './a', content: '' });
    expect(named.get('./soft')).toMatchObject({ type: 'symbolic-link', linkName: 'empty/.keep' });
    expect(named.get('./empty/')).toMatchObject({ type: 'directory' });
    expect(named.get('./ünïcode')).toMatchObject({ content: 'two' });
    if (format !== 'v7' && format !== 'ustar') {
      expect(named.get(`./${deep}/file`)).toMatchObject({ content: 'deep' });
      expect(named.get('./soft-deep')).toMatchObject({ linkName: `${deep}/file` });
    }
    for (const length of [1, 7, 511, 512, 513, 4096]) expect(read(archive, length)).toEqual(members);
  });

  test.each([
    ['gnu', []],
    ['pax', ['--sparse-version=0.0']],
    ['pax', ['--sparse-version=0.1']],
    ['pax', ['--sparse-version=1.0']],
  ])('files with holes, %s %s', (format, options) => {
    const folder = folderOf({ z: 'after' });
    const path = join(folder, 'holes');
    // more stretches than a header of the old format has room for
    writeFileSync(path, '');
    truncateSync(path, 40 << 20);
    execFileSync('sh', [
      '-c',
      'for i in 1 3 5 7 9 11 13 15 17 19 21 23 25 27 29 31; do printf data | dd of="$0" bs=1 seek=$((i * 1000000)) conv=notrunc status=none; done',
      path,
    ]);
    const archive = execFileSync(
      'tar',
      ['-cSf-', `--format=${format}`, '--hole-detection=raw', ...options, '-C', folder, 'holes', 'z'],
      { maxBuffer: 1 << 26 },
    );
    for (const length of [archive.length, 512, 700]) {
      expect(read(archive, length)).toMatchObject([
        { name: 'holes', type: 'file', sparseSize: 40 << 20 },
        { name: 'z', content: 'after', sparseSize: undefined },
      ]);
    }
  });

  test('owners that octal digits have no room for', () => {
    for (const format of ['gnu', 'pax']) {
      const members: TarMember[] = [];
      const reader = new TarReader((member) => void members.push(member));
      reader.push(gnuTar(format, '--owner=x:4000000000', '--group=y:4000000001', '--mode=4755'));
      expect(members.every(({ uid, gid }) => uid === 4_000_000_000 && gid === 4_000_000_001)).toBe(true);
      expect(members.find(({ name }) => name === './a')?.mode).toBe(0o4755);
    }
  });
});

test('agrees with tar-stream on members of any name and size', async () => {
  const name = fc.array(fc.constantFrom('a', 'ö', 'x'.repeat(60), 'y'.repeat(99)), { minLength: 1, maxLength: 6 });
  const member = fc.record({ names: name, content: fc.string({ maxLength: 1200, unit: 'binary-ascii' }) });
  await fc.assert(
    fc.asyncProperty(fc.array(member, { maxLength: 6 }), fc.integer({ min: 1, max: 2000 }), async (drawn, length) => {
      const tar = pack();
      for (const { names, content } of drawn) tar.entry({ name: names.join('/') }, content);
      tar.finalize();
      const chunks: Buffer[] = [];
      for await (const chunk of tar as unknown as AsyncIterable<Buffer>) chunks.push(chunk);
      const archive = Buffer.concat(chunks);
      const expected: [string, string][] = [];
      const other = extract();
      other.on('entry', (header, stream, next) => {
        let content = '';
        stream.on('data', (chunk) => {
          content += (chunk as Buffer).toString('latin1');
        });
        stream.on('end', () => {
          expected.push([header.name, content]);
          next();
        });
        stream.resume();
      });
      const finished = once(other as unknown as NodeJS.EventEmitter, 'finish');
      other.end(archive);
      await finished;
      expect(read(archive, length).map(({ name: one, content }) => [one, content])).toEqual(expected);
    }),
    { numRuns: 60, seed: 7 },
  );
});

describe('refuses', () => {
  test('an archive that is cut off within a member', () => {
    const archive = gnuTar('pax');
    const first = archive.indexOf('one');
    expect(() => read(archive.subarray(0, first + 1))).toThrow('cut off');
    expect(() => read(archive.subarray(0, 100))).toThrow('cut off');
  });

  test('what is no archive', () => {
    expect(() => read(Buffer.alloc(2048, 'text'))).toThrow('no archive');
    expect(() => read(Buffer.concat([Buffer.alloc(512), Buffer.alloc(512, 1)]))).toThrow('no archive');
  });

  test('a header that was changed', () => {
    const changed = gnuTar('gnu');
    changed[0] = changed[0]! + 1;
    expect(() => read(changed)).toThrow('damaged');
  });

  test.each([
    ['a size that is none', 'ö'],
    ['an extended header that is too long', '1000000000 path=a\n'],
    ['a record without a value', '7 path\n'],
    ['a record of another length', '14 path=abc\n'],
    ['a size below zero', '11 size=-1\n'],
  ])('%s', async (_, record) => {
    const bytes = Buffer.from(record);
    expect(() => read(Buffer.concat([header('x', bytes.length), padded(bytes), header('0', 0)]))).toThrow('damaged');
  });

  test('an extended header without end, before it takes memory', () => {
    expect(() => read(header('x', 1 << 30))).toThrow('too long');
    expect(() => read(header('L', 1 << 30))).toThrow('too long');
  });

  test('nothing that comes behind the end, which engines do not read', () => {
    expect(read(Buffer.concat([header('0', 0), Buffer.alloc(1024), header('0', 0)]))).toHaveLength(1);
  });
});

test('garbage ends with an error, or is read', () => {
  const archive = gnuTar('gnu');
  fc.assert(
    fc.property(fc.integer({ min: 0, max: archive.length - 1 }), fc.integer({ min: 0, max: 255 }), (at, byte) => {
      const changed = Buffer.from(archive);
      changed[at] = byte;
      try {
        read(changed, 4096);
      } catch (error) {
        expect((error as Error).message).toMatch(/damaged|cut off|too long|number/);
      }
    }),
    { numRuns: 300, seed: 3 },
  );
});

function header(flag: string, size: number): Buffer {
  const block = Buffer.alloc(512);
  block.write('name', 0);
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
  block.write(flag, 156);
  block.write('ustar\0', 257, 'latin1');
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}
