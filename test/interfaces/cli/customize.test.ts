import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { installedCore } from '../../../src/interfaces/cli/installed-core.ts';
import { rehull } from './terminal.ts';

const files = {
  'api/Dockerfile':
    'FROM python:3.12-slim\nRUN apt-get update && apt-get install -y libmagic1\nCOPY api.py .\nCMD ["python", "api.py"]\n',
  'worker/Dockerfile':
    'FROM python:3.12\nRUN apt-get update && apt-get install -y ffmpeg\nCOPY worker.py .\nCMD ["python", "worker.py"]\n',
  'site/Dockerfile': 'FROM node:22-alpine\nRUN apk add --no-cache vips\nCOPY site.js .\nCMD ["node", "site.js"]\n',
  'plain/Dockerfile': 'FROM node:22\nCOPY plain.js .\nCMD ["node", "plain.js"]\n',
};

let cwd = '';

beforeAll(() => {
  cwd = join(fs.mkdtempSync(join(tmpdir(), 'rehull-')), 'My Shop');
  for (const [path, text] of Object.entries(files)) {
    fs.mkdirSync(dirname(join(cwd, path)), { recursive: true });
    fs.writeFileSync(join(cwd, path), text);
  }
});

afterAll(() => fs.rmSync(dirname(cwd), { recursive: true }));

const { compiler, openCatalog } = installedCore;
const customize = (...args: string[]) => rehull(['customize', ...args], { cwd, core: { compiler, openCatalog } });

describe('customize', () => {
  test('defines one image for all that end on it, with the definitions and platforms of the catalog', async () => {
    const { code, stdout, stderr } = await customize('--org', 'acme');
    expect(code).toBe(0);
    const found = parseAllDocuments(stdout).map((document) => document.toJS());
    expect(found).toEqual([
      {
        name: 'my-shop',
        targets: [{ destination: 'acme/dhi-python', tag_definition_id: 'python/debian-13/3.12' }],
        contents: { packages: ['ffmpeg', 'libmagic1'] },
        platforms: ['linux/amd64', 'linux/arm64'],
      },
      {
        name: 'my-shop',
        targets: [{ destination: 'acme/dhi-node', tag_definition_id: 'node/alpine-3.24/22' }],
        contents: { packages: ['vips'] },
        platforms: ['linux/amd64', 'linux/arm64'],
      },
    ]);
    expect(stdout).toContain('# api/Dockerfile\n# worker/Dockerfile\n');
    expect(stderr).toContain('then end on acme/dhi-python:3.12-debian13_my-shop and leave the step out');
  });

  test('says that nothing has to be customized', async () => {
    const { code, stdout, stderr } = await customize('--org', 'acme', 'plain');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain('no image has to be customized');
  });

  test.each([
    [['site'], 'a customized image belongs to an organization: name yours with --org'],
    [['--org', 'acme', '--name', 'My_Shop', 'site'], 'give one of a-z, 0-9 and - with --name'],
    [['--org', 'acme', 'none'], 'cannot read none: no such file or directory'],
  ])('%j ends with 2', async (args, message) => {
    const { code, stdout, stderr } = await customize(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  test('names what is blocked, and ends with 1', async () => {
    fs.mkdirSync(join(cwd, 'odd'));
    fs.writeFileSync(join(cwd, 'odd/Dockerfile'), 'FROM mcr.microsoft.com/windows/nanoserver:1809\n');
    const { code, stderr } = await customize('--org', 'acme', 'odd');
    expect(code).toBe(1);
    expect(stderr).toContain('odd/Dockerfile: blocked: ');
    fs.rmSync(join(cwd, 'odd'), { recursive: true });
  });
});
