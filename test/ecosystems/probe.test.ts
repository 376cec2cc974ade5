import { execFile, spawnSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Probe } from '../../src/ecosystems/ecosystem.ts';
import { ecosystem as node } from '../../src/ecosystems/node.ts';
import { ecosystem as python } from '../../src/ecosystems/python.ts';
import { anyRuntime } from './view.ts';

let server: Server;
let base = '';
let closed = '';

const listen = (each: Server): Promise<string> =>
  new Promise((resolve) => {
    each.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(each.address() as AddressInfo).port}`));
  });

beforeAll(async () => {
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url!, 'http://localhost');
    if (pathname === '/slow') return;
    if (pathname === '/to-good') response.writeHead(301, { location: '/200' });
    else if (pathname === '/to-bad') response.writeHead(302, { location: '/500' });
    else if (pathname === "/it's") response.writeHead(request.url === "/it's?a=%22b%22" ? 200 : 404);
    else response.writeHead(Number(pathname.slice(1)));
    response.end('body');
  });
  base = await listen(server);
  const other = createServer();
  closed = await listen(other);
  await new Promise((resolve) => other.close(resolve));
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** Whether a health check succeeds, by the exit code of its command. */
function succeeds(argv: readonly string[] | undefined): Promise<boolean> {
  if (argv === undefined) throw new Error('no probe');
  return new Promise((resolve) => {
    execFile(argv[0]!, argv.slice(1), { timeout: 10_000 }, (error) => resolve(error === null));
  });
}

const strict: Omit<Probe, 'url'> = { timeout: undefined, failsFrom: 400, followRedirects: false, insecure: false };

// what curl and wget make of the same answers, by their manuals
const cases: readonly [string, Omit<Probe, 'url'>, Readonly<Record<string, boolean>>][] = [
  [
    'curl -f',
    strict,
    {
      '/200': true,
      '/204': true,
      '/to-good': true,
      '/to-bad': true,
      '/404': false,
      '/500': false,
      "/it's?a=%22b%22": true,
      refused: false,
    },
  ],
  [
    'curl',
    { ...strict, failsFrom: undefined },
    { '/200': true, '/to-bad': true, '/404': true, '/500': true, refused: false },
  ],
  [
    'curl -fL, wget',
    { ...strict, followRedirects: true },
    {
      '/200': true,
      '/to-good': true,
      '/to-bad': false,
      '/404': false,
      '/500': false,
      "/it's?a=%22b%22": true,
      refused: false,
    },
  ],
  [
    'curl -L',
    { ...strict, failsFrom: undefined, followRedirects: true },
    { '/to-bad': true, '/404': true, refused: false },
  ],
  [
    'wget --max-redirect=0',
    { ...strict, failsFrom: 300 },
    { '/200': true, '/to-good': false, '/404': false, refused: false },
  ],
  ['curl -f -m 1', { ...strict, timeout: 1 }, { '/200': true, '/slow': false }],
  ['curl -m 0.5', { ...strict, failsFrom: undefined, timeout: 0.5 }, { '/500': true, '/slow': false }],
  ['wget -T 1', { ...strict, followRedirects: true, timeout: 1 }, { '/200': true, '/slow': false }],
];

const python3 = spawnSync('python3', ['--version']).status === 0;

describe.each([
  [node, true],
  [python, python3],
] as const)('$title', (ecosystem, present) => {
  test.skipIf(!present).each(cases)('is as strict as %s', async (_name, probe, answers) => {
    const seen: Record<string, boolean> = {};
    for (const path of Object.keys(answers)) {
      const url = path === 'refused' ? `${closed}/` : `${base}${path}`;
      seen[path] = await succeeds(ecosystem.probe({ ...probe, url }, anyRuntime));
    }
    expect(seen).toEqual(answers);
  });

  test.skipIf(!present)('asks addresses that mean the container itself', async () => {
    for (const host of ['localhost', '0.0.0.0']) {
      const url = `${base.replace('127.0.0.1', host)}/200`;
      expect(await succeeds(ecosystem.probe({ ...strict, url }, anyRuntime)), host).toBe(true);
    }
  });
});

test('ports that fetch refuses have no probe in Node.js', () => {
  expect(node.probe({ ...strict, url: 'http://localhost:6000/' }, anyRuntime)).toBeUndefined();
  expect(node.probe({ ...strict, url: 'http://localhost:6001/' }, anyRuntime)).toBeDefined();
});
