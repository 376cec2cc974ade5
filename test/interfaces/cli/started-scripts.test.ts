import { expect, test } from 'vitest';
import { installedCore } from '../../../src/interfaces/cli/installed-core.ts';
import { folderOf } from '../../project/folder.ts';
import { rehull } from './terminal.ts';

test('a script of the project that Compose or a manifest starts is told to need a shell, whatever its name', async () => {
  const cwd = folderOf({
    'web/Dockerfile':
      'FROM python:3.12-slim\nWORKDIR /app\nCOPY start /start\nCOPY entrypoint /entrypoint\nCOPY . .\nENTRYPOINT ["/entrypoint"]\nCMD ["python", "app.py"]\n',
    'web/start': '#!/bin/bash\npython migrate.py\nexec python app.py\n',
    'web/entrypoint': '#!/bin/bash\nexport READY="${HOME}"\nexec "$@"\n',
    'web/bin/job': '#!/usr/bin/env bash\npython job.py\n',
    'web/data': 'no script\n',
    'web/app.py': '',
    'compose.yaml':
      'services:\n  web:\n    build: web\n    command: /start\n  job:\n    build: web\n    command: [bin/job, --all]\n  other:\n    build: web\n    command: ./data\n  tool:\n    build: web\n    command: poetry run job\n    user: "1000"\n    volumes: ["./web:/app"]\n',
    'k8s.yaml':
      'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - {name: a, image: shop/web, args: [/start]}\n  - {name: b, image: shop/web, command: [/app/bin/job]}\n  - {name: c, image: shop/web, command: [python, app.py]}\n',
  });
  const { compiler, openCatalog, deployments } = installedCore;
  const { stdout } = await rehull(['migrate', '--format', 'line'], {
    cwd,
    core: { compiler, openCatalog, deployments },
  });
  const lines = stdout.split('\n').filter((line) => /^(compose|k8s)\.yaml/.test(line));
  const why = 'a shell script, and dhi.io/python:3.12-debian13 has no shell  [fixable]';
  expect(lines).toEqual([
    `compose.yaml:4:14: review[compose] the command of web starts /start, ${why}`,
    `compose.yaml:7:14: review[compose] the command of job starts bin/job, ${why}`,
    'compose.yaml:13:14: review[compose] the command of tool starts poetry, which dhi.io/python:3.12-debian13 does not have  [fixable]',
    `k8s.yaml:6:32: review[kubernetes] the command starts /start, ${why}`,
    `k8s.yaml:7:32: review[kubernetes] the command starts /app/bin/job, ${why}`,
  ]);
});
