import fs from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { CompileOptions } from '../../../src/compile.ts';
import type { CompileResult } from '../../../src/compile-result.ts';
import type { Core } from '../../../src/interfaces/cli/core.ts';
import { installedCore } from '../../../src/interfaces/cli/installed-core.ts';
import { folderOf } from '../../project/folder.ts';
import { rehull, swapping } from './terminal.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const diff = '--- a/Dockerfile\n+++ b/Dockerfile\n@@ -1,1 +1,1 @@\n-FROM old\n+FROM new\n';

describe('migrate', () => {
  test('prints the diff on stdout and the report on stderr', async () => {
    const cwd = folderOf({ Dockerfile: 'FROM old\n' });
    const { code, stdout, stderr } = await rehull(['migrate', 'Dockerfile'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toBe(diff);
    expect(stderr).toContain('Dockerfile:1:1: error[base-image] old is not hardened  [fixable]\n  1 | FROM old\n');
    expect(stderr).toMatch(/\nDockerfile: ready\n1 file: 1 ready\n$/);
    expect(fs.readFileSync(join(cwd, 'Dockerfile'), 'utf8')).toBe('FROM old\n');
  });

  test.each([
    ['ready', 0],
    ['unchanged', 0],
    ['review', 1],
    ['blocked', 1],
  ])('ends with its code where a file is %s', async (outcome, expected) => {
    const cwd = folderOf({ Dockerfile: `# ${outcome}\nFROM old\n`, 'a/Dockerfile': 'FROM new\n' });
    expect((await rehull(['migrate'], { cwd })).code).toBe(expected);
  });

  test('searches the working directory without a path', async () => {
    const cwd = folderOf({ 'a/Dockerfile': 'FROM old\n', 'b/x.Dockerfile': 'FROM old\n' });
    const { stdout, stderr } = await rehull(['migrate', '--quiet'], { cwd });
    expect(stdout.match(/^--- .*/gm)).toEqual(['--- a/a/Dockerfile', '--- a/b/x.Dockerfile']);
    expect(stderr).toBe('');
  });

  test('takes a file once that is named twice', async () => {
    const cwd = folderOf({ Dockerfile: 'FROM old\n' });
    expect((await rehull(['migrate', 'Dockerfile', './Dockerfile', '.'], { cwd })).stdout).toBe(diff);
  });

  test('goes on after what it cannot read, and ends with 2', async () => {
    const cwd = folderOf({ Dockerfile: 'FROM old\n', binary: 'FROM\0old' });
    const { code, stdout, stderr } = await rehull(['migrate', 'missing', 'binary', 'Dockerfile'], { cwd });
    expect(code).toBe(2);
    expect(stdout).toBe(diff);
    expect(stderr).toContain('rehull: cannot read missing: no such file or directory; check the path\n');
    expect(stderr).toContain('rehull: cannot read binary:1:5: it is a binary file');
  });

  test('takes a path behind a file for one that is not there', async () => {
    const cwd = folderOf({ Dockerfile: 'FROM old\n' });
    const { code, stderr } = await rehull(['migrate', 'Dockerfile/Dockerfile'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('rehull: cannot read Dockerfile/Dockerfile: a part of the path is not a directory\n');
  });

  test('calls a defect of its own by its name, with a stack only for --debug', async () => {
    const cwd = folderOf({ Dockerfile: 'FROM CRASH\n', 'b/Dockerfile': 'FROM old\n' });
    const { code, stdout, stderr } = await rehull(['migrate', '-q'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toBe('rehull: Dockerfile: internal error, please report it: Error: a defect\n');
    expect(stdout).toContain('b/Dockerfile');
    expect((await rehull(['migrate', '--debug'], { cwd })).stderr).toMatch(/\n {4}at /);
  });

  test('says that a folder has no Dockerfile', async () => {
    const { code, stderr } = await rehull(['migrate', '.'], { cwd: folderOf({ 'README.md': '' }) });
    expect(code).toBe(2);
    expect(stderr).toBe('rehull: no Dockerfile below .; name a file, or - for standard input\n');
  });

  test('keeps bytes that are no UTF-8 in the diff', async () => {
    const before = Buffer.from([...Buffer.from('FROM old\nLABEL a='), 0xe4, 10]);
    const cwd = folderOf({ Dockerfile: before });
    const { bytes } = await rehull(['migrate'], { cwd });
    expect(Buffer.from(bytes).includes(Buffer.from([0x20, ...Buffer.from('LABEL a='), 0xe4, 10]))).toBe(true);
  });
});

describe('migrate --write', () => {
  test('replaces files and says so', async () => {
    const cwd = folderOf({ Dockerfile: '# review\nFROM old\n' });
    const { code, stderr } = await rehull(['migrate', '--write'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain('Dockerfile: review (1 to confirm), written\n');
    expect(fs.readFileSync(join(cwd, 'Dockerfile'), 'utf8')).toBe('# review\nFROM new\n');
  });

  test('leaves a blocked file alone', async () => {
    const cwd = folderOf({ Dockerfile: '# blocked\nFROM old\n' });
    const before = fs.statSync(join(cwd, 'Dockerfile'));
    const { code, stderr } = await rehull(['migrate', '--write'], { cwd });
    expect(code).toBe(1);
    expect(stderr).not.toContain('written');
    expect(fs.statSync(join(cwd, 'Dockerfile')).ino).toBe(before.ino);
  });

  test('loses nothing on a full disk', async () => {
    const cwd = folderOf({ Dockerfile: 'FROM old\n' });
    vi.spyOn(fs, 'writeSync').mockImplementation(() => {
      throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    });
    const { code, stderr } = await rehull(['migrate', '--write'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('rehull: cannot write Dockerfile: no space left on the device; nothing was changed');
    expect(fs.readFileSync(join(cwd, 'Dockerfile'), 'utf8')).toBe('FROM old\n');
    expect(fs.readdirSync(cwd)).toEqual(['Dockerfile']);
  });

  test('does not write over what somebody else wrote meanwhile', async () => {
    const cwd = folderOf({ Dockerfile: 'FROM old\n' });
    const compiler: Core['compiler'] =
      async () =>
      (input, ...rest) => {
        fs.writeFileSync(join(cwd, 'Dockerfile'), 'FROM somebody\n');
        return swapping(input, ...rest);
      };
    const { code, stderr } = await rehull(['migrate', '--write'], { cwd, core: { compiler } });
    expect(code).toBe(2);
    expect(stderr).toContain('it changed since it was read; run again');
    expect(fs.readFileSync(join(cwd, 'Dockerfile'), 'utf8')).toBe('FROM somebody\n');
  });

  test('needs files', async () => {
    const { code, stderr } = await rehull(['migrate', '--write', '-'], { cwd: '/', stdin: 'FROM old\n' });
    expect(code).toBe(2);
    expect(stderr).toBe('rehull: --write needs a file; without it, - writes the new text to stdout\n');
  });
});

describe('migrate -', () => {
  test('writes the new text alone to stdout', async () => {
    const { code, stdout, stderr } = await rehull(['migrate', '-'], { cwd: folderOf({}), stdin: 'FROM old\n' });
    expect(code).toBe(0);
    expect(stdout).toBe('FROM new\n');
    expect(stderr).toContain('-: ready');
  });

  test('writes a blocked text as it came, to the byte', async () => {
    const stdin = Buffer.from([0xef, 0xbb, 0xbf, ...Buffer.from('\r\n# blocked\r\nFROM old'), 0xff]);
    const { code, bytes } = await rehull(['migrate', '-'], { cwd: folderOf({}), stdin });
    expect(code).toBe(1);
    expect(Buffer.from(bytes).equals(stdin)).toBe(true);
  });

  test('sees a project only with --context', async () => {
    const cwd = folderOf({ 'app/package.json': '{}' });
    const seen: (string | undefined)[] = [];
    const compiler: Core['compiler'] =
      async () =>
      (input, ...rest) => {
        seen.push(input.project.read('package.json'));
        return swapping(input, ...rest);
      };
    await rehull(['migrate', '-'], { cwd: join(cwd, 'app'), stdin: 'FROM old\n', core: { compiler } });
    await rehull(['migrate', '-', '--context', 'app'], { cwd, stdin: 'FROM old\n', core: { compiler } });
    expect(seen).toEqual([undefined, '{}']);
  });

  test('refuses a context that is none', async () => {
    const cwd = folderOf({ file: '' });
    const ask = (context: string) => rehull(['migrate', '-', '--context', context], { cwd, stdin: 'FROM old\n' });
    expect((await ask('file')).stderr).toContain('cannot read the context file: it is not a directory');
    expect((await ask('none')).stderr).toContain('cannot read the context none: no such file');
    expect((await ask('none')).code).toBe(2);
  });

  test('stands alone', async () => {
    const { code, stderr } = await rehull(['migrate', '-', 'Dockerfile'], { cwd: '/' });
    expect([code, stderr]).toEqual([2, 'rehull: - stands alone: standard input is one Dockerfile\n']);
  });
});

describe('migrate --json', () => {
  test('prints one object for all files, errors among them', async () => {
    const cwd = folderOf({ Dockerfile: 'FROM old\n', 'b/Dockerfile': '# blocked\nFROM old\n' });
    const { code, stdout, stderr } = await rehull(['migrate', '--json', '.', 'missing'], { cwd });
    expect(code).toBe(2);
    const object = JSON.parse(stdout);
    expect(object).toMatchObject({
      version: 1,
      rehull: '9.9.9',
      files: [
        { path: 'Dockerfile', outcome: 'ready', after: 'FROM new\n' },
        { path: 'b/Dockerfile', outcome: 'blocked', after: '# blocked\nFROM old\n' },
      ],
      errors: ['cannot read missing: no such file or directory; check the path'],
    });
    expect(stderr).toBe('rehull: cannot read missing: no such file or directory; check the path\n');
  });
});

describe('options', () => {
  const asked = async (args: readonly string[], files: Readonly<Record<string, string>>) => {
    const seen: CompileOptions[] = [];
    const catalogs: (string | undefined)[] = [];
    const cwd = folderOf({ Dockerfile: 'FROM old\n', ...files });
    const answer = await rehull(args, {
      cwd,
      core: {
        compiler: async () => (input, catalog, options) => {
          seen.push(options);
          return swapping(input, catalog, options);
        },
        openCatalog: async (file) => {
          catalogs.push(file);
          return { catalog: {} as never, origin: 'a test', warning: undefined };
        },
      },
    });
    return { ...answer, options: seen[0], catalogs, cwd };
  };

  test('come from the command line', async () => {
    const args = ['--distro', 'alpine', '--org', 'acme', '--registry', 'r.example.com/dhi', '--target', 'prod'];
    const { options, catalogs, cwd } = await asked(
      ['migrate', ...args, '--catalog', 'c.snapshot', '--build-arg', 'A=1=2', '--build-arg', '__proto__=x', '.'],
      {},
    );
    expect(options).toMatchObject({ distro: 'alpine', org: 'acme', registry: 'r.example.com/dhi', target: 'prod' });
    expect(Object.entries(options?.buildArgs ?? {})).toEqual([
      ['A', '1=2'],
      ['__proto__', 'x'],
    ]);
    expect(catalogs).toEqual([join(cwd, 'c.snapshot')]);
  });

  test('come from rehull.yaml, and the command line goes first', async () => {
    const { options, catalogs, cwd } = await asked(['migrate', '--org', 'mine', '.'], {
      'rehull.yaml': 'org: theirs\ndistro: alpine\ncatalog: c.snapshot\nimages:\n  base/python: python\n',
    });
    expect(options).toMatchObject({ org: 'mine', distro: 'alpine' });
    expect(options?.images).toEqual(Object.assign(Object.create(null), { 'base/python': 'python' }));
    expect(catalogs).toEqual([join(cwd, 'c.snapshot')]);
  });

  test('come from another rehull.yaml with --config', async () => {
    const { options } = await asked(['migrate', '--config', 'x/ours.yaml', '.'], {
      'rehull.yaml': 'org: theirs\n',
      'x/ours.yaml': 'org: ours\n',
    });
    expect(options?.org).toBe('ours');
  });

  test('come with the tag list of the organisation', async () => {
    const files = { 'a.txt': 'acme/dhi-python:3.13-fips\n', 'x/b.txt': 'acme/dhi-node:24-fips\n' };
    const flag = await asked(['migrate', '--org', 'acme', '--tags', 'a.txt', '.'], files);
    expect([...(flag.options?.tags ?? [])]).toEqual([['python', new Set(['3.13-fips'])]]);
    const config = { ...files, 'x/ours.yaml': 'org: acme\ntags: b.txt\n' };
    const { options } = await asked(['migrate', '--config', 'x/ours.yaml', '.'], config);
    expect([...(options?.tags ?? [])]).toEqual([['node', new Set(['24-fips'])]]);
    const wrong = await asked(['migrate', '--org', 'other', '--tags', 'a.txt', '.'], files);
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      'rehull: a.txt:1:1: acme/dhi-python:3.13-fips belongs to acme, not to other\n',
    ]);
  });

  test('that are wrong in rehull.yaml are told with their place', async () => {
    const { code, stderr, cwd } = await asked(['migrate', '.'], { 'rehull.yaml': 'org: a\ndistor: alpine\n' });
    expect(code).toBe(2);
    expect(stderr).toContain(`rehull: ${join(cwd, 'rehull.yaml')}:2:1: unknown key "distor"`);
  });

  test.each([
    [['migrate', '--distro', 'fedora'], /--distro.*debian, alpine/],
    [['migrate', '--nonsense'], /unknown option '--nonsense'/],
    [['migrate', '--build-arg', 'A'], /NAME=VALUE/],
    [['check', '--format', 'xml'], /--format.*sarif/],
    [['explain'], /missing required argument/],
    [['nonsense'], /unknown command 'nonsense'/],
  ])('%j is wrong usage, in one line', async (args, message) => {
    const { code, stdout, stderr } = await rehull(args, { cwd: '/' });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^rehull: [^\n]*; see rehull --help\n$/);
  });
});

describe('on a terminal', () => {
  test('there are colours and a progress line', async () => {
    const cwd = folderOf({ 'a/Dockerfile': 'FROM old\n', 'b/Dockerfile': 'FROM old\n' });
    const { stdout, stderr } = await rehull(['migrate'], { cwd, isTerminal: true });
    expect(stdout).toContain('\u001b[32m+FROM new\u001b[39m');
    expect(stderr).toContain('\r\u001b[K1/2 a/Dockerfile\r\u001b[K');
  });

  test.each([
    [['--no-color'], {}],
    [[], { NO_COLOR: '1' }],
    [[], { TERM: 'dumb' }],
  ])('there are none with %j and %j', async (flags, environment) => {
    const cwd = folderOf({ Dockerfile: 'FROM old\n' });
    const { stdout, stderr } = await rehull(['migrate', ...flags], { cwd, isTerminal: true, environment });
    expect(stdout + stderr).not.toContain('\u001b');
  });
});

test('the context is guessed from what the file copies', async () => {
  const cwd = folderOf({ '.git/': '', 'docker/Dockerfile': 'FROM old\nCOPY package.json .\n', 'package.json': '{}' });
  const seen: (string | undefined)[] = [];
  await rehull(['migrate', 'docker/Dockerfile'], {
    cwd,
    core: {
      compiler:
        async () =>
        (input, ...rest) => {
          seen.push(input.project.read('package.json'));
          return swapping(input, ...rest);
        },
    },
  });
  expect(seen).toEqual(['{}']);
});

describe('a project whose other files change with the Dockerfile', () => {
  const compiler = async () => (): CompileResult => ({
    outcome: 'ready',
    after: 'FROM new\n',
    findings: [],
    changes: [],
    stages: [],
    contract: undefined,
    files: [
      {
        path: 'nginx.conf',
        before: 'listen 80;\n',
        after: 'listen 8080;\n',
        executable: false,
        reasons: [{ rule: 'ports', why: 'port 80 moves' }],
      },
    ],
  });
  const files = { 'web/Dockerfile': 'FROM old\n', 'web/nginx.conf': 'listen 80;\n' };

  test('is written as one', async () => {
    const cwd = folderOf(files);
    const { code } = await rehull(['migrate', '--write'], { cwd, core: { compiler } });
    expect(code).toBe(0);
    expect(fs.readFileSync(join(cwd, 'web/Dockerfile'), 'utf8')).toBe('FROM new\n');
    expect(fs.readFileSync(join(cwd, 'web/nginx.conf'), 'utf8')).toBe('listen 8080;\n');
  });

  test('is shown by the paths that it was asked for', async () => {
    const cwd = folderOf(files);
    const elsewhere = await rehull(['migrate', join(cwd, 'web')], {
      cwd: folderOf({ Dockerfile: '' }),
      core: { compiler },
    });
    expect(elsewhere.stdout).toContain(`+++ b${cwd}/web/Dockerfile\n`);
    expect(elsewhere.stdout).toContain(`+++ b${cwd}/web/nginx.conf\n`);
    const inside = await rehull(['migrate', join(cwd, 'web')], { cwd, core: { compiler } });
    expect(inside.stdout).toContain('+++ b/web/nginx.conf\n');
  });

  test('is left alone where one of the files is another by now', async () => {
    const cwd = folderOf({ ...files, 'web/nginx.conf': 'listen 81;\n' });
    const { code, stderr } = await rehull(['migrate', '--write'], { cwd, core: { compiler } });
    expect(code).toBe(2);
    expect(stderr).toContain('cannot write web/nginx.conf: it changed since it was read; run again');
    expect(fs.readFileSync(join(cwd, 'web/Dockerfile'), 'utf8')).toBe('FROM old\n');
  });

  test('shows both differences', async () => {
    const cwd = folderOf(files);
    const { stdout } = await rehull(['migrate'], { cwd, core: { compiler } });
    expect(stdout).toContain('+++ b/web/Dockerfile');
    expect(stdout).toContain('+++ b/web/nginx.conf\n@@ -1,1 +1,1 @@\n-listen 80;\n+listen 8080;\n');
  });

  test('says on standard error what the text on standard output does not hold', async () => {
    const { code, stdout, stderr } = await rehull(['migrate', '-'], {
      cwd: '/',
      stdin: 'FROM old\n',
      core: { compiler },
    });
    expect(stdout).toBe('FROM new\n');
    expect(stderr).toContain('nginx.conf has to change too (port 80 moves); --json has its new text');
    expect(code).toBe(1);
  });
});

describe('a project with other files to follow', () => {
  const files = {
    'web/Dockerfile': 'FROM python:3.12-slim\nCOPY app.py .\nEXPOSE 80\nCMD ["python", "app.py", "--port", "80"]\n',
    'compose.yaml': 'services:\n  web:\n    build: web\n    ports: ["80:80"]\n    volumes: ["data:/data"]\n',
    '.gitlab-ci.yml': 'build:\n  script:\n    - docker build web\n',
  };
  const { compiler, openCatalog } = installedCore;
  const core = { compiler, openCatalog };
  const run = (...args: string[]) => rehull(['migrate', ...args], { cwd: folderOf(files), core });

  test('ends with what a person has to do, each once', async () => {
    const { stderr } = await run();
    expect(stderr.slice(stderr.indexOf('to do:'))).toBe(`\
to do:
  - Log in wherever images are built or pulled, with the name and an access token of an account
      docker login dhi.io
  - Create the masked CI/CD variables DOCKERHUB_USERNAME and DOCKERHUB_TOKEN in GitLab: name and access token of a Docker account
  - Give the volume data to nonroot (65532) once, with web stopped, wherever it holds data already
      docker run --rm -u 0 -v <project>_data:/data busybox chown -R 65532:65532 /data
`);
  });

  test('is told whole in every format, without a diff', async () => {
    const markdown = (await run('--format', 'markdown')).stdout;
    expect(markdown).toContain('3 files change, 1 point to confirm.');
    expect(markdown).toContain('- [ ] Log in wherever');
    expect(markdown).toContain('**`compose.yaml`**');
    const { files: told, tasks } = JSON.parse((await run('--format', 'json')).stdout);
    expect(told.map(({ path }: { path: string }) => path)).toEqual([
      'web/Dockerfile',
      '.gitlab-ci.yml',
      'compose.yaml',
    ]);
    expect(tasks).toHaveLength(3);
    expect((await run('--json')).stdout).toBe((await run('--format', 'json')).stdout);
    const { runs } = JSON.parse((await run('--format', 'sarif')).stdout);
    expect(new Set(runs[0].results.map(({ ruleId }: { ruleId: string }) => ruleId))).toContain('compose');
    expect((await run('--format', 'github')).stdout).toMatch(/^::error file=compose\.yaml,line=4,/m);
    expect((await run('--format', 'line')).stdout).toMatch(/^compose\.yaml:4:13: error\[compose\] /m);
  });

  test('is not told to log in to another registry than it pulls from', async () => {
    const own = await run('--org', 'acme');
    expect(own.stderr).toContain('\n      docker login\n');
    expect(own.stderr).not.toContain('GitLab');
    expect((await run('--registry', 'mirror.example.com/dhi')).stderr).toContain('docker login mirror.example.com\n');
  });
});
