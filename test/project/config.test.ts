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

test.each(['', '# nothing\n', '---\n'])('%j says nothing', (text) => {
  expect(parseConfig('rehull.yaml', text)).toEqual({});
});

test.each([
  ['distor: alpine\n', '1:1: unknown key "distor"; known are distro,'],
  ['org: acme\ndistro: fedora\n', '2:9: distro must be debian or alpine'],
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
