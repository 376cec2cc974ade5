import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { assertText, maximumBytes, readDockerfile } from '../../src/project/dockerfile-source.ts';
import { replaceFiles } from '../../src/project/replace-files.ts';
import { folderOf } from './folder.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const bytes = (text: string) => new TextEncoder().encode(text);
const failWith = (code: string) => () => {
  throw Object.assign(new Error(code), { code });
};

describe('reading', () => {
  test('gives the bytes as they are', () => {
    const path = join(folderOf({ Dockerfile: new Uint8Array([0xef, 0xbb, 0xbf, 0xff, 10]) }), 'Dockerfile');
    expect([...readDockerfile(path).bytes]).toEqual([0xef, 0xbb, 0xbf, 0xff, 10]);
  });

  test('takes an empty file', () => {
    expect(readDockerfile(join(folderOf({ Dockerfile: '' }), 'Dockerfile')).bytes).toHaveLength(0);
  });

  test('refuses what is missing, a folder, a pipe, a device and a circle of links', () => {
    const folder = folderOf({ 'sub/': '' });
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    fs.symlinkSync('circle', join(folder, 'circle'));
    const refusal = (path: string) => {
      try {
        readDockerfile(path, 'F');
        return undefined;
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(refusal(join(folder, 'none'))).toBe('cannot read F: no such file or directory; check the path');
    expect(refusal(join(folder, 'sub'))).toBe('cannot read F: it is a directory; name a file in it');
    expect(refusal(join(folder, 'pipe'))).toMatch(/^cannot read F: it is not a regular file/);
    expect(refusal('/dev/zero')).toMatch(/^cannot read F: it is not a regular file/);
    expect(refusal(join(folder, 'circle'))).toMatch(/^cannot read F: too many symbolic links/);
  });

  test('says the limit of size', () => {
    const path = join(folderOf({ Dockerfile: '' }), 'Dockerfile');
    fs.truncateSync(path, maximumBytes + 1);
    expect(() => readDockerfile(path)).toThrow('larger than 64 MB');
  });

  test('notices a file that changes meanwhile', () => {
    const path = join(folderOf({ Dockerfile: 'FROM a\n' }), 'Dockerfile');
    const read = fs.readSync;
    vi.spyOn(fs, 'readSync').mockImplementationOnce((...args: Parameters<typeof read>) => {
      fs.appendFileSync(path, 'RUN b\n');
      return read(...args);
    });
    expect(() => readDockerfile(path)).toThrow('changed while it was read');
  });

  test('tells binaries and UTF-16 from text, with the place', () => {
    expect(() => assertText('F', bytes('FROM a\nRUN \0'))).toThrow('cannot read F:2:5: it is a binary file');
    expect(() => assertText('F', new Uint8Array([0xff, 0xfe, 65, 0]))).toThrow('UTF-16');
    expect(() => assertText('F', bytes('FROM ä\n'))).not.toThrow();
  });
});

const replaceFile = (path: string, { bytes: before }: { bytes: Uint8Array }, after: Uint8Array) =>
  replaceFiles([{ path, shown: path, before, bytes: after }]);

describe('replacing', () => {
  const setUp = () => {
    const folder = folderOf({ Dockerfile: 'FROM a\n' });
    const path = join(folder, 'Dockerfile');
    return { folder, path, source: readDockerfile(path) };
  };

  test('puts the new content in place and keeps the mode', () => {
    const { folder, path, source } = setUp();
    fs.chmodSync(path, 0o640);
    replaceFile(path, source, bytes('FROM b\n'));
    expect(fs.readFileSync(path, 'utf8')).toBe('FROM b\n');
    expect(fs.statSync(path).mode & 0o7777).toBe(0o640);
    expect(fs.readdirSync(folder)).toEqual(['Dockerfile']);
  });

  test('writes through a link and leaves the link', () => {
    const { folder, path } = setUp();
    const link = join(folder, 'Dockerfile.link');
    fs.symlinkSync('Dockerfile', link);
    replaceFile(link, readDockerfile(link), bytes('FROM b\n'));
    expect(fs.readlinkSync(link)).toBe('Dockerfile');
    expect(fs.readFileSync(path, 'utf8')).toBe('FROM b\n');
  });

  test('refuses a file that changed since it was read', () => {
    const { folder, path, source } = setUp();
    fs.writeFileSync(path, 'FROM other\n');
    expect(() => replaceFile(path, source, bytes('FROM b\n'))).toThrow('changed since it was read; run again');
    expect(fs.readFileSync(path, 'utf8')).toBe('FROM other\n');
    expect(fs.readdirSync(folder)).toEqual(['Dockerfile']);
  });

  test.each([
    ['writeSync', 'ENOSPC', 'no space left on the device'],
    ['fsyncSync', 'EIO', 'input/output error'],
    ['fsyncSync', 'EDQUOT', 'quota'],
    ['renameSync', 'EACCES', 'permission denied'],
  ] as const)('leaves the file and no rest of it when %s fails with %s', (call, code, message) => {
    const { folder, path, source } = setUp();
    vi.spyOn(fs, call).mockImplementationOnce(failWith(code));
    expect(() => replaceFile(path, source, bytes('FROM b\n'))).toThrow(message);
    expect(fs.readFileSync(path, 'utf8')).toBe('FROM a\n');
    expect(fs.readdirSync(folder)).toEqual(['Dockerfile']);
  });

  test('makes new files with the ones that change, executable where they are to be', () => {
    const { folder, path, source } = setUp();
    const start = join(folder, 'start.mjs');
    replaceFiles([
      { path, shown: path, before: source.bytes, bytes: bytes('FROM b\n') },
      { path: start, shown: start, before: undefined, bytes: bytes('0\n'), executable: true },
    ]);
    expect(fs.readFileSync(path, 'utf8')).toBe('FROM b\n');
    expect(fs.statSync(start).mode & 0o111).toBe(0o111 & ~process.umask());
    expect(fs.readdirSync(folder).sort()).toEqual(['Dockerfile', 'start.mjs']);
  });

  test('changes none of several files when one of them cannot be written', () => {
    const { folder, path, source } = setUp();
    const other = join(folder, 'nginx.conf');
    fs.writeFileSync(other, 'listen 80;\n');
    const both = [
      { path, shown: path, before: source.bytes, bytes: bytes('FROM b\n') },
      { path: other, shown: other, before: bytes('listen 80;\n'), bytes: bytes('listen 8080;\n') },
    ];
    const rename = fs.renameSync;
    let calls = 0;
    vi.spyOn(fs, 'renameSync').mockImplementation((from, to) => {
      calls += 1;
      if (calls === 2) failWith('EACCES')();
      rename(from, to);
    });
    expect(() => replaceFiles(both)).toThrow('nginx.conf: permission denied');
    vi.restoreAllMocks();
    fs.writeFileSync(other, 'somebody else\n');
    expect(() => replaceFiles(both)).toThrow('changed since it was read');
    expect(() => replaceFiles([both[0]!, { ...both[1]!, before: undefined }])).toThrow('it is there by now');
    expect(fs.readFileSync(path, 'utf8')).toBe('FROM a\n');
    expect(fs.readFileSync(other, 'utf8')).toBe('somebody else\n');
    expect(fs.readdirSync(folder).sort()).toEqual(['Dockerfile', 'nginx.conf']);
  });

  test('goes on after a write that took only a part', () => {
    const { path, source } = setUp();
    const write = fs.writeSync as (fd: number, data: Uint8Array, offset: number, length: number) => number;
    vi.spyOn(fs, 'writeSync').mockImplementation(((fd: number, data: Uint8Array, offset: number) =>
      write(fd, data, offset, 1)) as typeof fs.writeSync);
    replaceFile(path, source, bytes('FROM b\n'));
    expect(fs.readFileSync(path, 'utf8')).toBe('FROM b\n');
  });
});
