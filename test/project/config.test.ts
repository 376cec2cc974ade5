import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findConfig, readConfig } from '../../src/project/config.ts';
import { parseConfig } from '../../src/project/config-document.ts';
import { readTagList } from '../../src/project/tag-list.ts';
import { folderOf } from './folder.ts';

test('everything that a rehull.yaml may hold', () => {
  const text = `
# ours
distro: alpine
org: acme
registry: registry.example.com/dhi
target: production
context: ..
catalog: ./catalog.snapshot
tags: ./tags.txt
buildArgs:
  VERSION: "1.2"
images:
  registry.example.com/base/python: python
  __proto__: x
exceptions:
  - rule: ports
    reason: the load balancer needs 80 until March
`;
  const config = parseConfig('rehull.yaml', text);
  expect(config).toMatchObject({
    distro: 'alpine',
    org: 'acme',
    registry: 'registry.example.com/dhi',
    target: 'production',
    context: '..',
    catalog: './catalog.snapshot',
    tags: './tags.txt',
    exceptions: [{ rule: 'ports', reason: 'the load balancer needs 80 until March' }],
  });
  expect(Object.entries(config.images ?? {})).toEqual([
    ['registry.example.com/base/python', 'python'],
    ['__proto__', 'x'],
  ]);
  expect(Object.entries(config.buildArgs ?? {})).toEqual([['VERSION', '1.2']]);
});

test('how a project is proven', () => {
  const text = `
prove:
  environment: {MODE: test}
  command: [--once]
  services:
    database: {image: "postgres:17", environment: {POSTGRES_PASSWORD: x}, log: ready}
  probes:
    - get: /health
      port: 80
      status: 200
      ignore: [version]
    - post: /items
      headers: {content-type: application/json}
      body: '{}'
    - command: [python, -c, "import app"]
    - log: Listening
  wait: 5
  grace: 30
  buildNetwork: host
`;
  const { prove } = parseConfig('rehull.yaml', text);
  expect(prove).toMatchObject({
    environment: { MODE: 'test' },
    command: ['--once'],
    services: [{ name: 'database', image: 'postgres:17', environment: { POSTGRES_PASSWORD: 'x' }, log: 'ready' }],
    probes: [
      { kind: 'http', method: 'GET', path: '/health', port: 80, status: 200, ignore: ['version'] },
      { kind: 'http', method: 'POST', path: '/items', headers: { 'content-type': 'application/json' }, body: '{}' },
      { kind: 'command', argv: ['python', '-c', 'import app'] },
      { kind: 'log', text: 'Listening' },
    ],
    wait: 5,
    grace: 30,
    buildNetwork: 'host',
  });
});

test.each(['', '# nothing\n', '---\n'])('%j says nothing', (text) => {
  expect(parseConfig('rehull.yaml', text)).toEqual({});
});

test.each([
  ['distor: alpine\n', '1:1: unknown key "distor"; known are distro,'],
  ['org: acme\ndistro: fedora\n', '2:9: distro must be debian or alpine'],
  ['arbitraryUser: yes please\n', '1:16: arbitraryUser must be true or false'],
  ['readOnlyRoot:\n', 'readOnlyRoot must be true or false'],
  ['org: 5\n', '1:6: org must be text; put it in quotes'],
  ['org:\n', 'org must be text'],
  ['org: [a]\n', '1:6: org must be text'],
  ['- a\n', '1:1: the file must be a mapping'],
  ['images: python\n', '1:9: images must be a mapping'],
  ['images:\n  a: 1\n', '2:6: images.a must be text; put it in quotes'],
  ['exceptions:\n  - rule: ports\n', '2:5: an exception needs a reason'],
  ['exceptions:\n  - reason: x\n', '2:5: an exception needs a rule'],
  ['exceptions:\n  - rule: ports\n    reason: ""\n', '3:13: reason must be text'],
  ['exceptions:\n  - rule: ports\n    reason: x\n    until: y\n', '4:5: unknown key "until"'],
  ['exceptions: {}\n', '1:13: exceptions must be a list'],
  ['org: a\norg: b\n', '2:1: '],
  ['org: "a\n', ': '],
  ['prove: x\n', '1:8: prove must be a mapping'],
  ['prove:\n  probe: x\n', '2:3: unknown key "probe"; known are environment'],
  ['prove:\n  wait: soon\n', '2:9: prove.wait must be a number from 1 to 86400'],
  ['prove:\n  probes:\n    - status: 200\n', '3:7: a probe has one of command, log, get'],
  ['prove:\n  probes:\n    - {get: /a, post: /b}\n', '3:7: a probe has one of command, log, get'],
  ['prove:\n  probes:\n    - get: health\n', '3:12: get needs a path that begins with /'],
  ['prove:\n  probes:\n    - get: "/a\\r\\nx: y"\n', '3:12: get needs a path that begins with /'],
  ['prove:\n  probes:\n    - log: a\n      status: 200\n', '4:7: unknown key "status"; known are log'],
  ['prove:\n  probes:\n    - get: /\n      port: 0\n', '4:13: port must be a number from 1 to 65535'],
  ['prove:\n  probes:\n    - command: []\n', '3:7: command needs a program'],
  ['prove:\n  services:\n    db: {}\n', '3:5: db needs an image'],
  ['prove:\n  services:\n    "-x": {image: a}\n', '3:5: "-x" is no name of a host'],
  ['a: &a [x]\norg: *a\n', '1:1: unknown key "a"'],
])('%j is refused with its place', (text, message) => {
  expect(() => parseConfig('rehull.yaml', text)).toThrow(`rehull.yaml:`);
  expect(() => parseConfig('rehull.yaml', text)).toThrow(message);
});

describe('a rehull.yaml on disk', () => {
  test('is the nearest one up to the root', () => {
    const folder = folderOf({ 'rehull.yaml': '', 'p/rehull.yaml': '', 'p/a/b/': '', 'q/r/': '' });
    expect(findConfig(join(folder, 'p/a/b'), folder)).toBe(join(folder, 'p/rehull.yaml'));
    expect(findConfig(join(folder, 'q/r'), folder)).toBe(join(folder, 'rehull.yaml'));
    expect(findConfig(join(folder, 'q/r'), join(folder, 'q'))).toBeUndefined();
  });

  test('has paths from its own folder', async () => {
    const folder = folderOf({ 'p/rehull.yaml': 'context: ..\ncatalog: c.snapshot\norg: acme\n' });
    expect(await readConfig(join(folder, 'p/rehull.yaml'))).toEqual({
      path: join(folder, 'p/rehull.yaml'),
      options: { org: 'acme' },
      context: folder,
      catalog: join(folder, 'p/c.snapshot'),
    });
  });

  test('that is missing is said to be', async () => {
    await expect(readConfig('/nowhere/rehull.yaml')).rejects.toThrow('no such file');
  });
});

describe('the tag list of an organisation', () => {
  test('is read', () => {
    const folder = folderOf({ 'tags.txt': '# ours\nacme/dhi-python:3.13-fips\n' });
    expect([...readTagList(join(folder, 'tags.txt'), 'tags.txt', { org: 'acme' })]).toEqual([
      ['python', new Set(['3.13-fips'])],
    ]);
  });

  test.each([
    ['python:3.13-fips\nacme/dhi-python\n', /^tags\.txt:2:1: acme\/dhi-python has no tag$/],
    ['a b\n\nx\n', /^tags\.txt:1:1: .* \(and 1 more wrong lines?\)$/],
    ['other/dhi-python:3.13-fips\n', /^tags\.txt:1:1: .* belongs to other, not to acme$/],
  ])('a wrong line is told with its number: %j', (text, message) => {
    const folder = folderOf({ 'tags.txt': text });
    expect(() => readTagList(join(folder, 'tags.txt'), 'tags.txt', { org: 'acme' })).toThrow(message);
  });

  test('a file that is not there is told', () => {
    expect(() => readTagList('/nowhere/tags.txt', 'tags.txt', {})).toThrow(/^cannot read the tag list tags\.txt: /);
  });
});
