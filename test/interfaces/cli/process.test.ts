import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { folderOf } from '../../project/folder.ts';

/* The bundle as it ships, from the shell. */
const root = fileURLToPath(new URL('../../..', import.meta.url));
const program = join(root, 'dist/rehull.js');

beforeAll(() => {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
}, 60_000);

describe('the bundle', () => {
  test('runs by itself', () => {
    const { status, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test('reads files and standard input', () => {
    const { status, stdout } = spawnSync(program, ['syntax', '-'], { encoding: 'utf8', input: 'FROM a\n' });
    expect(status).toBe(0);
    expect(JSON.parse(stdout).instructions).toEqual([{ cmd: 'from', start: 1, end: 1, args: ['a'] }]);
  });

  test('finds its catalog and its pages from anywhere', () => {
    const { status, stdout, stderr } = spawnSync(program, ['catalog', 'info'], { cwd: folderOf({}), encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('definitions');
    expect(existsSync(join(root, 'dist/rules'))).toBe(true);
  });

  test('is quiet about a reader that goes away', () => {
    const cwd = folderOf({ Dockerfile: `FROM a\n${'RUN x\n'.repeat(50_000)}` });
    const { stderr, stdout } = spawnSync('sh', ['-c', `'${program}' syntax Dockerfile Dockerfile | head -c 10`], {
      cwd,
      encoding: 'utf8',
    });
    expect([stdout.length, stderr]).toEqual([10, '']);
  });

  test('does not take a full disk behind stdout for success', () => {
    if (!existsSync('/dev/full')) return;
    const { status } = spawnSync('sh', ['-c', `'${program}' catalog info > /dev/full`], { encoding: 'utf8' });
    expect(status).toBe(2);
  });
});
