import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { installedCore } from '../../../src/interfaces/cli/installed-core.ts';
import { folderOf } from '../../project/folder.ts';
import { rehull } from './terminal.ts';

/* A project of several files, written and patched as one; git itself says what a patch does. */

const { compiler, openCatalog, deployments } = installedCore;
const files = {
  'api/Dockerfile':
    'FROM python:3.12-slim\nWORKDIR /app\nCOPY app.py .\nEXPOSE 80\nCMD ["python", "app.py", "--port", "80"]\n',
  'api/app.py': '',
  'proxy/Dockerfile': 'FROM nginx:1.30\nCOPY default.conf /etc/nginx/conf.d/default.conf\n',
  'proxy/default.conf': 'server {\r\n  listen 80;\r\n  location / { proxy_pass http://api; }\r\n}\r\n',
  'compose.yaml': 'services:\n  proxy:\n    build: proxy\n    ports: ["80:80"]\n  api: {build: api}',
};

const migrate = (cwd: string, ...args: string[]) =>
  rehull(['migrate', ...args], { cwd, core: { compiler, openCatalog, deployments } });

function git(cwd: string, ...args: string[]): string {
  const author = ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'core.autocrlf=false'];
  return execFileSync('git', [...author, ...args], { cwd, encoding: 'utf8' });
}

function repository(): string {
  const cwd = folderOf(files);
  fs.chmodSync(join(cwd, 'compose.yaml'), 0o600);
  git(cwd, 'init', '--quiet');
  git(cwd, 'add', '--all');
  git(cwd, 'commit', '--quiet', '--message', 'before');
  return cwd;
}

const textsOf = (cwd: string) => Object.keys(files).map((path) => fs.readFileSync(join(cwd, path), 'utf8'));

describe('a project', () => {
  test('is written whole, in its own line ends and modes', async () => {
    const cwd = repository();
    const { code, stderr } = await migrate(cwd, '--write', '--quiet');
    expect([code, stderr]).toEqual([0, '']);
    expect(fs.readFileSync(join(cwd, 'proxy/default.conf'), 'utf8')).toBe(
      'server {\r\n  listen 8080;\r\n  port_in_redirect off;\r\n  location / { proxy_pass http://api:8080; }\r\n}\r\n',
    );
    expect(fs.readFileSync(join(cwd, 'compose.yaml'), 'utf8')).toBe(files['compose.yaml'].replace('80:80', '80:8080'));
    expect(fs.statSync(join(cwd, 'compose.yaml')).mode & 0o777).toBe(0o600);
    expect((await migrate(cwd, '--quiet')).stdout).toBe('');
  });

  test('has a patch that git applies, to the same texts', async () => {
    const [patched, written] = [repository(), repository()];
    expect((await migrate(patched, '--patch', 'all.patch', '--quiet')).code).toBe(0);
    expect(git(patched, 'status', '--porcelain')).toBe('?? all.patch\n');
    git(patched, 'apply', '--check', 'all.patch');
    git(patched, 'apply', 'all.patch');
    await migrate(written, '--write', '--quiet');
    expect(textsOf(patched)).toEqual(textsOf(written));
  });

  test('prints a diff that git applies, too', async () => {
    const cwd = repository();
    const { bytes } = await migrate(cwd, '--quiet');
    fs.writeFileSync(join(cwd, 'out.patch'), bytes);
    git(cwd, 'apply', '--check', 'out.patch');
  });

  test.each([
    ['changes that are not committed', (cwd: string) => fs.appendFileSync(join(cwd, 'compose.yaml'), '\n# mine\n')],
    ['a file that was never committed', (cwd: string) => git(cwd, 'rm', '--cached', '--quiet', 'compose.yaml')],
  ])('is left alone where it has %s', async (_what, dirty) => {
    const cwd = repository();
    dirty(cwd);
    const before = textsOf(cwd);
    const { code, stderr } = await migrate(cwd, '--write', '--quiet');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^rehull: nothing was written: compose\.yaml is not committed, .* add --allow-dirty\n$/);
    expect(textsOf(cwd)).toEqual(before);
    expect((await migrate(cwd, '--write', '--allow-dirty', '--quiet')).code).toBe(0);
    expect(fs.readFileSync(join(cwd, 'compose.yaml'), 'utf8')).toContain('80:8080');
  });

  test('does not mind changes to files that it leaves as they are', async () => {
    const cwd = repository();
    fs.writeFileSync(join(cwd, 'api/app.py'), 'print()\n');
    fs.writeFileSync(join(cwd, 'notes.txt'), 'mine\n');
    expect((await migrate(cwd, '--write', '--quiet')).code).toBe(0);
  });

  test('may have its only Dockerfile within a Compose file, and files that change with it', async () => {
    const texts = {
      'compose.yaml':
        'services:\n  site:\n    build:\n      context: site\n      dockerfile_inline: |\n        FROM nginx:1.30\n        COPY default.conf /etc/nginx/conf.d/\n    ports: ["80:80"]\n',
      'site/default.conf': 'server {\n  listen 80;\n  location / { proxy_pass http://site; }\n}\n',
    };
    const [cwd, patched] = [folderOf(texts), folderOf(texts)];
    expect((await migrate(cwd, '--write', '--quiet')).code).toBe(0);
    const read = (folder: string) => Object.keys(texts).map((path) => fs.readFileSync(join(folder, path), 'utf8'));
    expect(read(cwd)).toEqual([
      'services:\n  site:\n    build:\n      context: site\n      dockerfile_inline: |\n        FROM dhi.io/nginx:1.30-debian13\n        COPY default.conf /etc/nginx/conf.d/\n    ports: ["80:8080"]\n',
      'server {\n  listen 8080;\n  port_in_redirect off;\n  location / { proxy_pass http://site:8080; }\n}\n',
    ]);
    await migrate(patched, '--patch', 'all.patch', '--quiet');
    git(patched, 'init', '--quiet');
    git(patched, 'apply', 'all.patch');
    expect(read(patched)).toEqual(read(cwd));
    expect((await migrate(cwd, '--quiet')).stdout).toBe('');
  });
});
