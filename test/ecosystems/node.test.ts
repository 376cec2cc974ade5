import { describe, expect, test } from 'vitest';
import { ecosystem } from '../../src/ecosystems/node.ts';
import { nativePackages } from '../../src/ecosystems/node-native-packages.ts';
import { isForNodeGyp } from '../../src/ecosystems/node-programs.ts';
import { buildView } from './view.ts';

const manifest = (scripts: Record<string, string>, more: object = {}) =>
  JSON.stringify({ scripts, dependencies: { next: '1', serve: '1', tsx: '1' }, ...more });

/** What an npm project starts in the end. */
function started(cmd: string, files: Record<string, string>, install = 'npm ci', env = '') {
  const view = buildView(
    `FROM node:22-slim\n${env}WORKDIR /srv\nCOPY package*.json ./\nRUN ${install}\nCOPY . .\nCMD ${cmd}\n`,
    files,
  );
  return ecosystem.launch(view.start!, view);
}

describe('a launcher', () => {
  // by npm's documentation: a script is run by a shell in the folder of its package.json, .bin in front of PATH
  test.each([
    ['["npm","start"]', 'node server.js', ['node', 'server.js']],
    ['npm start', 'node -r dotenv/config app.js', ['node', '-r', 'dotenv/config', 'app.js']],
    ['["npm","run","start","--","--port","1"]', 'node a.js', ['node', 'a.js', '--port', '1']],
    ['["yarn","start","--port","1"]', 'node a.js', ['node', 'a.js', '--port', '1']],
    ['["npm","start"]', 'next start', ['node', 'node_modules/.bin/next', 'start']],
    ['["npm","start"]', 'next start -p $PORT', ['node', 'node_modules/.bin/next', 'start']],
    ['["npm","start"]', 'serve -s build -l 3000', ['node', 'node_modules/.bin/serve', '-s', 'build', '-l', '3000']],
    ['["npx","tsx","src/main.ts"]', '', ['node', 'node_modules/.bin/tsx', 'src/main.ts']],
    ['["npx","-y","serve","-s","build"]', '', ['node', 'node_modules/.bin/serve', '-s', 'build']],
    ['["node_modules/.bin/next","start"]', '', ['node', 'node_modules/.bin/next', 'start']],
    ['["/usr/local/bin/node","a.js"]', '', ['node', 'a.js']],
  ])('%s with %j', (cmd, start, argv) => {
    expect(started(cmd, { 'package.json': manifest({ start }) })).toMatchObject({ argv });
  });

  test('is followed through nested scripts, with the environment that they set', () => {
    const scripts = { start: 'npm run serve', serve: 'cross-env NODE_ENV=production node a.js' };
    expect(started('["npm","start"]', { 'package.json': manifest(scripts) })).toMatchObject({
      argv: ['node', 'a.js'],
      environment: [{ name: 'NODE_ENV', value: 'production' }],
    });
  });

  test('that calls itself is refused', () => {
    const scripts = { start: 'npm run start' };
    expect(started('["npm","start"]', { 'package.json': manifest(scripts) })).toHaveProperty('refusal');
  });

  test.each([
    ['two commands', { start: 'node a.js && node b.js' }],
    ['a variable', { start: 'node a.js --port $LISTEN' }],
    ['a supervisor that starts a shell', { start: 'nodemon a.js' }],
    ['something before it', { prestart: 'node prepare.js', start: 'node a.js' }],
  ])('of %s needs a shell', (_, scripts) => {
    expect(started('["npm","start"]', { 'package.json': manifest(scripts) })).toMatchObject({ needsShell: true });
  });

  test('is free of what the build ran already', () => {
    const scripts = { prestart: 'npm run build', build: 'tsc', start: 'node a.js' };
    expect(started('["npm","start"]', { 'package.json': manifest(scripts) }, 'npm ci && npm run build')).toMatchObject({
      argv: ['node', 'a.js'],
    });
  });

  test('without a package.json at hand is refused', () => {
    expect(started('["npm","start"]', {})).toMatchObject({ refusal: expect.stringContaining('no package.json') });
  });

  test('of a program that npx would fetch is refused', () => {
    expect(started('["npx","http-server"]', { 'package.json': manifest({}) })).toMatchObject({
      refusal: expect.stringContaining('fetched at run time'),
    });
  });

  test('of pnpm gets the JavaScript file behind its shell script, or is refused', () => {
    const files = { 'package.json': manifest({ start: 'next start', other: 'unheard-of' }) };
    expect(started('["pnpm","start"]', files, 'pnpm i')).toMatchObject({
      argv: ['node', 'node_modules/next/dist/bin/next', 'start'],
    });
    expect(started('["pnpm","other"]', files, 'pnpm i')).toHaveProperty('refusal');
  });

  test("of Yarn's Plug'n'Play is refused, with node_modules it is not", () => {
    const files = { 'package.json': manifest({ start: 'next start' }, { packageManager: 'yarn@4.1.0' }) };
    expect(started('["yarn","start"]', files, 'yarn install')).toHaveProperty('refusal');
    expect(
      started('["yarn","start"]', { ...files, '.yarnrc.yml': 'nodeLinker: node-modules\n' }, 'yarn install'),
    ).toMatchObject({ argv: ['node', 'node_modules/.bin/next', 'start'] });
  });
});

describe('another folder', () => {
  const files = {
    'package.json': manifest({ start: 'node root.js' }, { workspaces: ['packages/*'] }),
    'api/package.json': manifest({ start: 'node dist/main' }),
    'packages/web/package.json': manifest({ start: 'node web.js', next: 'next start' }, { name: '@x/web' }),
  };

  test.each([
    ['["npm","--prefix","api","start"]', 'dist/main', '/srv/api'],
    ['["npm","start","--prefix=api"]', 'dist/main', '/srv/api'],
    ['["pnpm","-C","api","start"]', 'dist/main', '/srv/api'],
    ['["npm","start","-w","packages/web"]', 'web.js', '/srv/packages/web'],
    ['["yarn","workspace","@x/web","start"]', 'web.js', '/srv/packages/web'],
    ['["pnpm","--filter","@x/web","start"]', 'web.js', '/srv/packages/web'],
  ])('%s', (cmd, file, workdir) => {
    expect(started(cmd, files)).toMatchObject({ argv: ['node', file], workdir });
  });

  test('of a workspace whose program may be hoisted is refused', () => {
    expect(started('["npm","run","next","-w","@x/web"]', files)).toHaveProperty('refusal');
  });

  test('is that of the COPY which brought the package.json', () => {
    const view = buildView(
      'FROM node:22 AS b\nWORKDIR /src\nCOPY web/package.json ./\nRUN npm ci\nFROM node:22-slim\nWORKDIR /app\n' +
        'COPY --from=b /src /app\nCMD ["npm","start"]\n',
      {
        'package.json': manifest({ start: 'node wrong.js' }),
        'web/package.json': manifest({ start: 'node right.js' }),
      },
    );
    expect(ecosystem.launch(view.start!, view)).toMatchObject({ argv: ['node', 'right.js'] });
  });
});

describe('a program by its path or name', () => {
  const script = (text: string | undefined) => {
    const view = buildView(
      'FROM node:22\nWORKDIR /srv\nCOPY . .\nCMD ["./bin/www"]\n',
      text === undefined ? {} : { 'bin/www': text },
    );
    return ecosystem.launch(view.start!, view);
  };

  test('is given to node where its first line says so', () => {
    expect(script('#!/usr/bin/env node\n')).toMatchObject({ argv: ['node', './bin/www'] });
    expect(script('#!/usr/bin/env -S node --enable-source-maps\n')).toMatchObject({
      argv: ['node', '--enable-source-maps', './bin/www'],
    });
    expect(script('\x7fELF')).toBeUndefined();
  });

  test('is refused where the file is not at hand', () => {
    expect(script(undefined)).toHaveProperty('refusal');
  });

  test('comes from a prefix of its own where npm installs it globally', () => {
    const view = buildView('FROM node:22-alpine\nRUN npm install -g imagemin-cli\nCMD ["imagemin","--help"]\n');
    expect(ecosystem.launch(view.start!, view)).toMatchObject({ argv: ['node', '/opt/npm/bin/imagemin', '--help'] });
    expect(ecosystem.adapt(view)).toMatchObject({
      inserts: [{ text: 'ENV NPM_CONFIG_PREFIX=/opt/npm PATH="/opt/npm/bin:$PATH"' }],
      artifacts: [{ path: '/opt/npm' }],
    });
  });

  test('leaves a global package manager where it is', () => {
    const view = buildView('FROM node:22\nRUN npm i -g pnpm\nCMD ["node","a.js"]\n');
    expect(ecosystem.adapt(view).inserts).toEqual([]);
  });
});

describe('another language', () => {
  test.each([
    ['apt-get install -y python3', false, ['python3']],
    ['apt-get install -y python3 && python3 -m venv /v && /v/bin/pip install x', false, ['python3']],
    ['apt-get install -y python3 && pip install x', true, ['python3']],
    ['apt-get install -y python3 make g++', false, []],
    ['apt-get install -y python2', true, []],
    ['apt-get install -y php-cli', true, []],
    ['apt-get install -y ffmpeg', false, []],
  ])('%s: refused %j, calls %j', (command, refused, calls) => {
    const view = buildView(`FROM node:22-slim\nRUN ${command}\nCMD ["node","a.js"]\n`);
    expect('refusal' in ecosystem.runtime(view)).toBe(refused);
    expect(ecosystem.calls?.(view)).toEqual(calls);
  });

  test('python beside a compiler is for node-gyp', () => {
    expect(isForNodeGyp('python3', new Set(['python3', 'make']), false)).toBe(true);
    expect(isForNodeGyp('python3', new Set(['python3']), false)).toBe(false);
  });
});

test('packages that compile are found in package.json', () => {
  const view = buildView('FROM node:22\nWORKDIR /srv\nCOPY . .\nCMD ["node","a.js"]\n', {
    'package.json': JSON.stringify({ dependencies: { canvas: '2', express: '4' } }),
  });
  expect(nativePackages(view)).toEqual(['canvas']);
});

test('a package.json with the names of object members does no harm', () => {
  const text = '{"scripts":{"__proto__":"x","constructor":"y"},"dependencies":[1]}';
  expect(started('["npm","start"]', { 'package.json': text })).toMatchObject({ argv: ['node', 'server.js'] });
  expect(started('["npm","run","toString"]', { 'package.json': text })).toHaveProperty('refusal');
});
