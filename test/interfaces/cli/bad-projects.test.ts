import fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { installedCore } from '../../../src/interfaces/cli/installed-core.ts';
import { folderOf } from '../../project/folder.ts';
import { rehull } from './terminal.ts';

/* What people have beside Dockerfiles, and no tool expects: each is answered with its place, and the others are done. */

const { compiler, openCatalog, deployments } = installedCore;
const dockerfile =
  'FROM python:3.12-slim\nWORKDIR /app\nCOPY app.py .\nEXPOSE 80\nCMD ["python", "app.py", "--port", "80"]\n';
const good = 'services:\n  web:\n    build: web\n    ports: ["80:80"]\n';
const pod =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers: [{name: web, image: shop/web, ports: [{containerPort: 80}]}]\n';

/** The lines that are told of other files than the Dockerfile, and the text of a file afterwards. */
async function migrated(files: Readonly<Record<string, string>>) {
  const cwd = folderOf({ 'web/Dockerfile': dockerfile, 'web/app.py': '', ...files });
  const { stdout, code } = await rehull(['migrate', '--write', '--format', 'line'], {
    cwd,
    core: { compiler, openCatalog, deployments },
  });
  const lines = stdout.split('\n').filter((line) => line !== '' && !line.startsWith('web/Dockerfile'));
  return { lines, code, text: (path: string) => fs.readFileSync(join(cwd, path), 'utf8') };
}

const aliases = Array.from({ length: 60 }, (_, index) => {
  const other = index === 0 ? 'a' : `b${index - 1}`;
  return `b${index}: &b${index} [*${other}, *${other}]`;
});

describe('a project goes on beside', () => {
  test.each([
    [
      'a key that stands twice',
      'x.yml',
      `${pod}kind: Pod\n`,
      /^x\.yml:6:1: review\[kubernetes\] manifest not read: Map/,
    ],
    [
      'tabs',
      'compose.yml',
      'services:\n\tweb:\n',
      /^compose\.yml:2:1: review\[compose\] Compose file not read: Tabs are/,
    ],
    [
      'brackets that stay open',
      'compose.yml',
      'services: [\n',
      /^compose\.yml:\d:\d+: review\[compose\] Compose file not read/,
    ],
    [
      'a template that is no YAML',
      'chart/templates/x.yaml',
      'kind: Pod\napiVersion: v1\n{{ if .x }}\n  a: [{{ end }}\n',
      /^chart\/templates\/x\.yaml:\d:\d+: info\[kubernetes\] manifest not read/,
    ],
    [
      'Jinja',
      'x.yaml',
      'kind: Pod\napiVersion: v1\n{% if x %}\n',
      /^x\.yaml:3:\d: review\[kubernetes\] manifest not read/,
    ],
    [
      '20 MB of manifests',
      'x.yaml',
      `${pod}---\n`.repeat(180_000),
      /^x\.yaml:1:1: review\[kubernetes\] file not read: .* larger than 1024 kB/,
    ],
    [
      'a Compose file that is large in bytes alone',
      'compose.yml',
      `${good}# ${'ö'.repeat(600_000)}\n`,
      /^compose\.yml:1:1: review\[compose\] file not read: .* larger than 1024 kB/,
    ],
    [
      'HCL that stops',
      'docker-bake.hcl',
      'target "x" {\n  tags = [\n',
      /^docker-bake\.hcl:2:\d+: review\[bake\] Bake file not read/,
    ],
    [
      'JSON that stops',
      'docker-bake.json',
      '{"target": {"x": {',
      /^docker-bake\.json:1:\d+: review\[bake\] Bake file not read/,
    ],
    [
      'a pipeline that stops',
      '.gitlab-ci.yml',
      'a: {script: [',
      /^\.gitlab-ci\.yml:1:\d+: review\[gitlab-ci\] pipeline not read/,
    ],
  ])('%s', async (_what, path, content, expected) => {
    const { lines, text, code } = await migrated({ [path]: content, 'compose.prod.yaml': good });
    expect(lines.find((line) => line.startsWith(`${path}:`))).toMatch(expected);
    expect(text(path)).toBe(content);
    expect(text('compose.prod.yaml')).toBe(good.replace('80:80', '80:8080'));
    expect(code).toBe(/ info\[/.test(lines.join('\n')) ? 0 : 1);
  });

  test.each([
    ['aliases of aliases', 'compose.yml', `a: &a [x, x]\n${aliases.join('\n')}\n${good}    command: *b59\n`],
    ['keys that Compose does not know', 'compose.yml', `x-own: {a: 1}\n${good}    unknown: {ports: ["80:80"]}\n`],
    ['several documents', 'compose.yml', `${good}---\n${good.replace('web:', 'other:')}`],
    ['a mark of its encoding', 'compose.yml', `\uFEFF${good}`],
    ['carriage returns', 'compose.yml', good.replaceAll('\n', '\r\n')],
    ['no line end', 'compose.yml', good.trimEnd()],
    [
      'odd spacing',
      'compose.yml',
      'services  :\n    web:   # a\n          build:    web\n          ports:\n          -    "80:80"    # b\n',
    ],
  ])('%s, which it changes', async (_what, path, content) => {
    const { text, code } = await migrated({ [path]: content });
    // what is within another key, as `unknown`, is none of a service
    const isOwn = (at: number) => !content.slice(0, at).endsWith('{ports: [');
    const expected = content.replaceAll('"80:80"', (whole, at: number) => (isOwn(at) ? '"80:8080"' : whole));
    expect(text(path)).toBe(expected);
    expect(code).toBe(0);
  });
});
