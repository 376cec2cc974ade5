import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { installedCore } from '../../../src/interfaces/cli/installed-core.ts';
import { folderOf } from '../../project/folder.ts';
import { rehull } from './terminal.ts';

/* What a person can hand in by mistake, through the whole of it: the answer names file, line and column, and what to do. */

async function migrated(content: string | Uint8Array) {
  const cwd = folderOf({});
  const path = join(cwd, 'Dockerfile');
  writeFileSync(path, content);
  const answer = await rehull(['migrate', '--write', 'Dockerfile'], { cwd, core: installedCore });
  return { ...answer, left: Buffer.compare(readFileSync(path), Buffer.from(content as string)) === 0 };
}

const fails = (message: string) => `rehull: cannot read Dockerfile${message}`;
const python = 'CMD ["python", "a.py"]\n';
const bytes = (...codes: number[]) => Uint8Array.from(codes);

describe('is refused, with the place and what to do, and left alone', () => {
  test.each<[name: string, content: string | Uint8Array, line: string, fix: string]>([
    ['JSON', '{"a": 1}\n', '1:1: blocked[syntax] unknown instruction: {"A":', 'name a Dockerfile: this is none'],
    ['Markdown', '# Title\n\nSome text.\n', '3:1: blocked[syntax] unknown instruction: SOME', 'name a Dockerfile'],
    ['prose', 'hello world\n', '1:1: blocked[syntax] unknown instruction: HELLO', 'name a Dockerfile'],
    ['a script', '#!/bin/sh\nset -e\n', '2:1: blocked[syntax] unknown instruction: SET', 'name a Dockerfile'],
    ['nothing', '', '1:1: blocked[syntax] file with no instructions', 'this one says nothing'],
    ['blank lines', '\n \n', '1:1: blocked[syntax] file with no instructions', 'this one says nothing'],
    ['comments', '# a\n', '1:1: blocked[syntax] file with no instructions', 'this one says nothing'],
    ['a byte order mark', '\ufeff', '1:1: blocked[syntax] file with no instructions', 'this one says nothing'],
    ['a misspelt FROM', 'FORM a\n', '1:1: blocked[syntax] unknown instruction: FORM', 'did you mean FROM?'],
    [
      'an unknown instruction',
      `FROM python:3.11\nRUN x\nCOPPY a b\n${python}`,
      '3:1: blocked[syntax] unknown instruction: COPPY',
      'did you mean COPY?',
    ],
    [
      'an instruction of another frontend',
      `# syntax=example/frontend:1\nFROM python:3.11\nINCLUDE a\n${python}`,
      '3:1: blocked[syntax] unknown instruction: INCLUDE',
      'write it with the instructions of docker/dockerfile',
    ],
    [
      'an unknown flag',
      `FROM python:3.11\nCOPY --user=a a b\n${python}`,
      '2:6: blocked[syntax] unknown flag: --user',
      'COPY takes --from',
    ],
    [
      'a missing argument',
      `FROM python:3.11\nCOPY a\n${python}`,
      '2:1: blocked[syntax] COPY needs at least two arguments',
      'correct the instruction',
    ],
    ['old line ends', 'FROM python:3.11\rRUN x\r', '1:1: blocked[syntax] FROM requires', 'write FROM image'],
    ['a heredoc without its end', 'FROM python:3.11\nRUN <<EOF\nx\n', '2:1: blocked[syntax] unterminated heredoc', ''],
    ['no FROM', 'ARG A=1\n', '1:1: blocked[syntax] there is no FROM', 'a build begins with FROM'],
    ['RUN before FROM', 'RUN x\nFROM a\n', '1:1: blocked[syntax] RUN stands before the first FROM', 'begins with FROM'],
    [
      'a cycle of stages',
      'FROM a AS b\nFROM b AS a\nCMD ["x"]\n',
      '1:6: blocked[base-image] there is no hardened image for a',
      'say so under `images` in rehull.yaml',
    ],
    [
      'an undefined variable',
      `ARG TAG\nFROM python:$TAG\n${python}`,
      '2:6: blocked[base-image] the final image is not known: TAG has no value',
      '--build-arg',
    ],
    [
      'an image name that is none',
      `FROM Python:3.11\n${python}`,
      '1:6: blocked[base-image] the final image is not known: repository name "Python" must be lowercase',
      'write the image as [registry/]name[:tag]',
    ],
    [
      'a private registry',
      'FROM registry.local:5000/team/app:1.2.3\nCMD ["x"]\n',
      '1:6: blocked[base-image] there is no hardened image for registry.local:5000/team/app:1.2.3',
      'say so under `images` in rehull.yaml',
    ],
    [
      'Windows',
      '# escape=`\nFROM mcr.microsoft.com/windows/servercore:ltsc2022\nWORKDIR C:\\app\nCMD ["a.exe"]\n',
      '2:6: blocked[base-image] mcr.microsoft.com/windows/servercore:ltsc2022 is a Windows image',
      '',
    ],
    [
      'a Windows tag',
      `FROM python:3.11-windowsservercore\n${python}`,
      '1:6: blocked[base-image] python:3.11-windowsservercore is a Windows image',
      '',
    ],
    [
      'a line of 1 MB',
      `FROM python:3.11\nRUN ${'echo aaaaaaaaaaaaaaaaaa && '.repeat(40_000)}true\n${python}`,
      '2:1: blocked[syntax] dockerfile line greater than max allowed size of 65535',
      '',
    ],
    [
      'more than is interpreted',
      `FROM python:3.11\n${'RUN true\n'.repeat(200_000)}${python}`,
      '1:1: blocked[syntax] the file has about 200002 instructions and commands, and up to 200000 are read',
      'put what is generated into a script',
    ],
  ])('%s', async (_, content, line, fix) => {
    const { code, stdout, stderr, left } = await migrated(content);
    expect(stderr).toContain(`Dockerfile:${line}`);
    expect(stderr).toContain(fix);
    expect([code, stdout, left]).toEqual([1, '', true]);
  });

  test.each<[name: string, content: Uint8Array, message: string]>([
    [
      'an image',
      bytes(0x89, 0x50, 0x4e, 0x47, 0x0a, 0x61, 0x00),
      ':2:2: it is a binary file (NUL byte); name a Dockerfile',
    ],
    [
      'UTF-16',
      Buffer.from('\ufeffFROM a\n', 'utf16le'),
      ': it is UTF-16, which builders do not read; save it as UTF-8',
    ],
    ['65 MB', Buffer.alloc(65 * 1024 * 1024, '#'), ': it is larger than 64 MB, the most that a Dockerfile may have'],
  ])('%s', async (_, content, message) => {
    const { code, stdout, stderr, left } = await migrated(content);
    expect(stderr).toBe(`${fails(message)}\n`);
    expect([code, stdout, left]).toEqual([2, '', true]);
  });
});

describe('is migrated all the same', () => {
  test('bytes that are no UTF-8 stay as they are', async () => {
    const cwd = folderOf({});
    const before = Buffer.from(`FROM python:3.11-slim\nLABEL author="Ren\xe9"\nRUN pip install x\n${python}`, 'latin1');
    writeFileSync(join(cwd, 'Dockerfile'), before);
    const { code } = await rehull(['migrate', '--write', 'Dockerfile'], { cwd, core: installedCore });
    expect(code).toBe(0);
    expect(readFileSync(join(cwd, 'Dockerfile'), 'latin1')).toContain('LABEL author="Ren\xe9"\n');
  });

  test('100,000 instructions, in a report of bearable length', async () => {
    const { code, stdout, stderr } = await migrated(`FROM python:3.11\n${'RUN true\n'.repeat(100_000)}${python}`);
    expect(code).toBe(0);
    expect(stdout).toContain('+FROM dhi.io/python:3.11-');
    expect(stderr).toMatch(/Dockerfile: and \d+ more findings; rehull check --format line lists them all/);
    expect(stderr.length).toBeLessThan(500_000);
  });

  test('a RUN of 1 MB', async () => {
    const run = `RUN true${' && \\\n    echo aaaaaaaaaaaaaaaaaa'.repeat(40_000)}\n`;
    const { code } = await migrated(`FROM python:3.11\n${run}${python}`);
    expect(code).toBe(0);
  });
});
