import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { colored } from '../../src/reports/style.ts';
import { terminalDiff, unifiedDiff } from '../../src/reports/unified-diff.ts';

const many = (name: string) => Array.from({ length: 6000 }, (_, line) => `RUN ${name} ${line}\n`).join('');

test.each([
  ['a change', 'FROM a\nRUN b\nCMD c\n', 'FROM x\nRUN b\nCMD c\n'],
  ['no line end before', 'FROM a', 'FROM b\n'],
  ['no line end after', 'FROM a\n', 'FROM b'],
  ['CRLF', 'FROM a\r\nRUN b\r\n', 'FROM x\r\nRUN b\r\n'],
  ['nothing before', '', 'FROM a\n'],
  ['more changes than are compared', many('old'), many('new')],
])('git applies the diff of %s', (_name, before, after) => {
  const folder = mkdtempSync(join(tmpdir(), 'rehull-diff-'));
  try {
    execFileSync('git', ['init', '-q'], { cwd: folder });
    writeFileSync(join(folder, 'Dockerfile'), before);
    execFileSync('git', ['apply', '--whitespace=nowarn', '-'], {
      cwd: folder,
      input: unifiedDiff('Dockerfile', before, after),
    });
    expect(readFileSync(join(folder, 'Dockerfile'), 'utf8')).toBe(after);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('git applies the diff of a new file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rehull-diff-'));
  try {
    execFileSync('git', ['init', '-q'], { cwd: folder });
    execFileSync('git', ['apply', '-'], { cwd: folder, input: unifiedDiff('bin/start.mjs', undefined, 'start();\n') });
    expect(readFileSync(join(folder, 'bin/start.mjs'), 'utf8')).toBe('start();\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('nothing changed is no diff', () => {
  expect(unifiedDiff('Dockerfile', 'FROM a\n', 'FROM a\n')).toBe('');
});

test('a name that would break the line is quoted', () => {
  expect(unifiedDiff('a\n"b', 'x\n', 'y\n').split('\n')[0]).toBe('--- "a/a\\n\\"b"');
});

test('a terminal gets colours, and none of the escapes of the file', () => {
  const shown = terminalDiff(unifiedDiff('Dockerfile', 'a\n', '\u001b[2Jb\n'), colored);
  expect(shown).toContain('\u001b[32m+\ufffd[2Jb\u001b[39m');
  expect(shown).toContain('\u001b[31m-a\u001b[39m');
});
