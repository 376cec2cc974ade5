import fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { shippedTarget } from '../../../src/deployment/shipped-target.ts';
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

describe('the stage that is shipped', () => {
  test.each([
    ['the last one, where nobody asks', [], undefined],
    ['the last one, where a build names none', ['web', undefined], undefined],
    ['the last one, where a build names it', ['web', 'TEST'], undefined],
    ['the one that all builds name', ['web', 'Web'], 'web'],
    ['the last one, where builds name what is not there', ['gone'], undefined],
    ['none for work', ['base', 'web'], 'web'],
  ])('is %s', (_what, asked, expected) => {
    expect(shippedTarget(dockerfile, asked)).toBe(expected);
  });

  test('is none that is named for work alone', () => {
    expect(shippedTarget('FROM a AS dev\nFROM a AS other\n', ['dev'])).toBe(undefined);
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
