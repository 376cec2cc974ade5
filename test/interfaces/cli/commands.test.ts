import { describe, expect, test } from 'vitest';
import { installedCore } from '../../../src/interfaces/cli/installed-core.ts';
import { folderOf } from '../../project/folder.ts';
import { rehull } from './terminal.ts';

describe('check', () => {
  test('ends with 1 where there are findings, and changes nothing', async () => {
    const cwd = folderOf({ Dockerfile: 'FROM old\n' });
    const { code, stdout, stderr } = await rehull(['check', '--format', 'line'], { cwd });
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).toBe('Dockerfile:1:1: error[base-image] old is not hardened  [fixable]\n');
  });

  test('ends with 0 where all holds', async () => {
    const { code, stdout } = await rehull(['check'], { cwd: folderOf({ Dockerfile: 'FROM new\n' }) });
    expect([code, stdout]).toEqual([0, '1 file: no findings\n']);
  });

  test('reads standard input', async () => {
    const { code, stdout } = await rehull(['check', '--format=line', '-'], { cwd: '/', stdin: 'FROM old' });
    expect([code, stdout]).toEqual([1, '-:1:1: error[base-image] old is not hardened  [fixable]\n']);
  });

  test.each(['json', 'sarif'])('prints %s that parses, errors among it', async (format) => {
    const cwd = folderOf({ Dockerfile: 'FROM old\n' });
    const { code, stdout } = await rehull(['check', '--format', format, '.', 'missing'], { cwd });
    expect(code).toBe(2);
    expect(JSON.stringify(JSON.parse(stdout))).toContain('cannot read missing');
  });

  test.each([
    ['github', /^::error file=Dockerfile,line=1,/],
    ['markdown', /^## rehull\n/],
    ['terminal', / {2}1 \| FROM old\n/],
  ])('prints %s', async (format, start) => {
    const { stdout } = await rehull(['check', '--format', format], { cwd: folderOf({ Dockerfile: 'FROM old\n' }) });
    expect(stdout).toMatch(start);
  });
});

describe('syntax', () => {
  test('prints a line a file in the order given', async () => {
    const cwd = folderOf({ a: 'FROM x\n', b: 'RUN\n' });
    const { code, stdout } = await rehull(['syntax', 'b', 'a'], { cwd });
    expect(code).toBe(0);
    const [first, second] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(first.path).toBe('b');
    expect(second).toEqual({
      path: 'a',
      escape: '\\',
      instructions: [{ cmd: 'from', start: 1, end: 1, args: ['x'] }],
    });
  });

  test('goes on after a missing file', async () => {
    const { code, stdout } = await rehull(['syntax', 'none', 'a'], { cwd: folderOf({ a: 'FROM x\n' }) });
    expect(code).toBe(2);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('explain', () => {
  const core = {
    rules: () => ['ports'],
    rulePage: (rule: string) => (rule === 'ports' ? '# Ports\n' : undefined),
    explainImage: async (image: string) => (image === 'python:3.13' ? 'tag\u001b 3.13\nuser root\n' : undefined),
  };

  test('prints the page of a rule', async () => {
    expect(await rehull(['explain', 'ports'], { cwd: '/', core })).toMatchObject({ code: 0, stdout: '# Ports\n' });
  });

  test('prints what is known of an image', async () => {
    const { code, stdout } = await rehull(['explain', 'python:3.13'], { cwd: '/', core });
    expect([code, stdout]).toEqual([0, 'tag\ufffd 3.13\nuser root\n']);
  });

  test('names the rules for what is neither', async () => {
    const { code, stderr } = await rehull(['explain', '../../package'], { cwd: '/', core });
    expect(code).toBe(2);
    expect(stderr).toContain('nothing is known of "../../package"');
    expect(stderr).toContain('ports');
  });
});

describe('catalog', () => {
  const ask = (...args: string[]) =>
    rehull(['catalog', ...args], { cwd: '/', core: { openCatalog: installedCore.openCatalog } });

  test('finds images by words of their name', async () => {
    const { code, stdout } = await ask('search', 'PYTHON');
    expect(code).toBe(0);
    expect(stdout.split('\n').map((line) => line.split('\t')[0])).toContain('python');
    expect((await ask('search', 'no-such-image')).code).toBe(1);
  });

  test('shows what is behind a tag, however it is named', async () => {
    const { code, stdout } = await ask('show', 'python:3.13-debian13');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^variant +runtime$/m);
    expect(stdout).toMatch(/^distribution +debian-13$/m);
    expect((await ask('show', 'dhi.io/python:3.13-debian13')).stdout).toBe(stdout);
    expect((await ask('show', 'acme/dhi-python:3.13-debian13')).stdout).toBe(stdout);
  });

  test('lists the definitions of an image', async () => {
    expect((await ask('show', 'python')).stdout).toMatch(/^3\.13-debian13-dev +dev +debian-13 +until \d/m);
  });

  test('says when a tag left, and what it never had', async () => {
    // golang 1.24 left on this day: the catalog's history
    expect((await ask('show', 'golang:1.24')).stderr).toContain('lost golang:1.24 on 2026-03-29');
    expect((await ask('show', 'golang:nonsense')).stderr).toContain('has no golang:nonsense');
    expect((await ask('show', 'no-such-image')).stderr).toContain('has no image no-such-image');
    expect((await ask('show', 'UPPER//case')).code).toBe(2);
  });

  test('resolves what stands for a source image, to run and to build', async () => {
    // the pair that the documentation of hardened images gives for it
    const { code, stdout } = await ask('resolve', 'python:3.11-slim');
    expect(code).toBe(0);
    expect(stdout.split('\n').filter((line) => line.startsWith('dhi.io/'))).toEqual([
      'dhi.io/python:3.11-debian13',
      'dhi.io/python:3.11-debian13-dev',
    ]);
    expect((await ask('resolve', 'python:3.13-alpine', '--org', 'acme')).stdout).toMatch(
      /^docker\.io\/acme\/dhi-python:3\.13-alpine3\.\d+\n/,
    );
  });

  test('resolves a hardened image to itself, or says that it is gone', async () => {
    expect(await ask('resolve', 'dhi.io/python:3.13-debian13')).toMatchObject({
      code: 0,
      stdout: 'dhi.io/python:3.13-debian13\n',
    });
    const { code, stderr } = await ask('resolve', 'dhi.io/golang:1.24');
    expect(code).toBe(2);
    expect(stderr).toContain('lost, on 2026-03-29, golang:1.24');
  });

  test('says why nothing stands for an image', async () => {
    expect((await ask('resolve', 'registry.example.com/team/app:1')).stderr).toContain('rehull.yaml');
    expect((await ask('resolve', 'a b')).stderr).toContain('"a b" is no image');
  });

  test('explains a source image and a hardened one', async () => {
    const source = await rehull(['explain', 'python:3.11-slim'], {
      cwd: '/',
      core: { openCatalog: installedCore.openCatalog },
    });
    expect(source.stdout).toMatch(/^version +3\.11$/m);
    expect(source.stdout).toMatch(/^stands for it +dhi\.io\/python:3\.11-debian13, /m);
    const hardened = await rehull(['explain', 'dhi.io/python:3.13-debian13-dev'], {
      cwd: '/',
      core: { openCatalog: installedCore.openCatalog },
    });
    expect(hardened.stdout).toMatch(/^variant +dev$/m);
    expect(hardened.stdout).toMatch(/^distribution +debian-13$/m);
  });

  test('tells day and size', async () => {
    expect((await ask('info')).stdout).toMatch(/2026-\d\d-\d\d.*\n\d+ images, \d+ definitions, \d+ tags\nfrom /);
  });

  test('refuses a file that is no snapshot', async () => {
    const cwd = folderOf({ 'x.snapshot': 'FROM a\n' });
    const open = { core: { openCatalog: installedCore.openCatalog } };
    const { code, stderr } = await rehull(['catalog', 'info', '--catalog', 'x.snapshot'], { cwd, ...open });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^rehull: cannot use the catalog: .*x\.snapshot: /);
    expect((await rehull(['catalog', 'info', '--catalog', 'none'], { cwd, ...open })).code).toBe(2);
  });
});

test('help and version are no errors', async () => {
  expect(await rehull(['--help'], { cwd: '/' })).toMatchObject({ code: 0, stderr: '' });
  expect(await rehull(['--version'], { cwd: '/' })).toMatchObject({ code: 0, stdout: '9.9.9\n' });
  expect((await rehull([], { cwd: '/' })).code).toBe(2);
});
