import fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { shippedTargets } from '../../../src/deployment/shipped-targets.ts';
import { installedCore } from '../../../src/interfaces/cli/installed-core.ts';
import { folderOf } from '../../project/folder.ts';
import { rehull } from './terminal.ts';

const dockerfile = `FROM python:3.12-slim AS base
WORKDIR /app
COPY app.py .

FROM base AS web
EXPOSE 80
CMD ["python", "app.py", "--port", "80"]

FROM base AS test
RUN pip install pytest
CMD ["pytest"]
`;

const stages = 'FROM a AS base\nFROM base AS web\nFROM base AS job\nFROM base AS web-test\nFROM base AS last\n';

describe('the stages that are shipped', () => {
  test.each([
    ['the last one, where nobody asks', [], [undefined]],
    ['the last one first, where a build names none', ['web', undefined], [undefined, 'web']],
    ['the last one first, where a build names it', ['web', 'LAST'], [undefined, 'web']],
    ['the one that all builds name', ['web', 'Web'], ['web']],
    ['those that builds name, the last of them first', ['web', 'job'], ['job', 'web']],
    ['the last one, where builds name what is not there', ['gone'], [undefined]],
    ['none that is named for work', ['base', 'web', 'web-test'], ['web']],
    ['the last one, where all are named for work', ['base', 'web-test'], [undefined]],
  ])('are %s', (_what, asked, expected) => {
    expect(shippedTargets(stages, asked)).toEqual(expected);
  });
});

test('the stage that Compose and Bake build is the one that is migrated, and its port follows', async () => {
  const cwd = folderOf({
    'web/Dockerfile': dockerfile,
    'web/app.py': '',
    'compose.yaml': 'services:\n  web:\n    build: {context: web, target: web}\n    ports: ["80:80"]\n',
    'compose.override.yaml': 'services:\n  web:\n    build: {target: test}\n',
    'docker-bake.hcl': 'target "web" {\n  context = "web"\n  target = "web"\n  tags = ["shop/web"]\n}\n',
  });
  const { compiler, openCatalog, deployments } = installedCore;
  const run = (...args: string[]) =>
    rehull(['migrate', ...args], { cwd, core: { compiler, openCatalog, deployments } });
  const { stderr } = await run('--write');
  const text = fs.readFileSync(join(cwd, 'web/Dockerfile'), 'utf8');
  expect(text).toMatch(/^FROM dhi\.io\/python:3\.12-debian13 AS web$/m);
  expect(text).toMatch(/^FROM base AS test$/m);
  expect(fs.readFileSync(join(cwd, 'compose.yaml'), 'utf8')).toContain('ports: ["80:8080"]');
  expect(stderr).toContain('compose.override.yaml:3:21: review[compose] web of web/Dockerfile listens on 8080 now');
  expect((await run('--quiet')).stdout).toBe('');
});

test('all stages that are shipped are made to run, and what runs them follows', async () => {
  const cwd = folderOf({
    'app/Dockerfile': `${dockerfile}
FROM base AS job
CMD ["python", "app.py", "--once"]
`,
    'app/app.py': '',
    'compose.yaml':
      'services:\n  web:\n    build: {context: app, target: web}\n    ports: ["80:80"]\n  job:\n    build: {context: app, target: job}\n    command: sh -c "python app.py"\n',
    'k8s/web.yaml':
      'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers: [{name: web, image: shop/web, ports: [{containerPort: 80}]}]\n',
    'docker-bake.hcl': 'target "web" {\n  context = "app"\n  target = "web"\n  tags = ["shop/web:1"]\n}\n',
  });
  const { compiler, openCatalog, deployments } = installedCore;
  const run = (...args: string[]) =>
    rehull(['migrate', ...args], { cwd, core: { compiler, openCatalog, deployments } });
  const { files } = JSON.parse((await run('--write', '--json')).stdout);
  expect(files[0].stages.map(({ name, role, to }: Record<string, string>) => [name, role, to])).toEqual([
    ['base', 'base', 'dhi.io/python:3.12-debian13-dev'],
    ['web', 'runtime', 'dhi.io/python:3.12-debian13'],
    ['test', 'build', 'base'],
    ['job', 'runtime', 'dhi.io/python:3.12-debian13'],
  ]);
  const read = (path: string) => fs.readFileSync(join(cwd, path), 'utf8');
  expect(read('app/Dockerfile').match(/^FROM .*$/gm)).toEqual([
    'FROM dhi.io/python:3.12-debian13-dev AS base',
    'FROM dhi.io/python:3.12-debian13 AS web',
    'FROM base AS test',
    'FROM dhi.io/python:3.12-debian13 AS job',
  ]);
  expect(read('compose.yaml')).toContain('ports: ["80:8080"]');
  expect(read('compose.yaml')).toContain('command: ["python", "app.py"]');
  expect(read('k8s/web.yaml')).toContain('containerPort: 8080');
  expect((await run('--quiet')).stdout).toBe('');
});
