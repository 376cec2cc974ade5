import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openCatalog } from '../../src/catalog/catalog.ts';
import { RemovedTags, writeRemovedTags } from '../../src/catalog/removed-tags.ts';
import { writeSnapshot } from '../../src/catalog/snapshot.ts';
import { definitionOf, sampleCatalog, yamlOf } from './sample.ts';

const read = (name: string) => readFileSync(new URL(`../../data/${name}`, import.meta.url), 'latin1');

describe('the snapshot', () => {
  const definitions = [
    definitionOf('b/debian-13/1.yaml', yamlOf('b', 'runtime', ['1', '1-debian13'])),
    definitionOf(
      'a/alpine-3.24/2-dev.yaml',
      yamlOf(
        'a',
        'dev',
        ['2-alpine-dev', '2-alpine3.24-dev'],
        'environment:\n  __proto__: x\n  NAME: "zwölf 🐋"\nwork-dir: /a b\n',
      ),
    ),
    definitionOf(
      'a/debian-13/2.yaml',
      yamlOf('a', 'runtime', ['2', 'odd-debian', 'x.y'], 'ports: ["1"]\nflavor: compat\ncmd: ["\\n"]\n').replace(
        '  - linux/arm64\n',
        '',
      ),
    ),
  ];
  const text = writeSnapshot(definitions, { date: '2026-01-02', commit: 'c0ffee' });

  test('gives back every definition as it was', () => {
    const catalog = openCatalog(text, '');
    expect(catalog).toMatchObject({ date: '2026-01-02', commit: 'c0ffee', images: ['a', 'b'] });
    expect(catalog.size).toEqual({ images: 2, definitions: 3, tags: 7 });
    for (const definition of definitions) {
      for (const tag of definition.tags) expect(catalog.resolve(definition.image, tag)).toEqual(definition);
    }
    expect(Object.keys(catalog.resolve('a', '2-alpine-dev')!.environment)).toContain('__proto__');
  });

  test('is ASCII and does not depend on the order of the definitions', () => {
    expect(text).toMatch(/^[\n\t -~]*$/);
    expect(writeSnapshot([...definitions].reverse(), { date: '2026-01-02', commit: 'c0ffee' })).toBe(text);
  });

  test.each(['__proto__', 'constructor', 'toString', '', 'a\tb'])('knows no image %j', (name) => {
    const catalog = openCatalog(text, 'a 2026-01-01=9||\n');
    expect(catalog.has(name)).toBe(false);
    expect(catalog.definitions(name)).toEqual([]);
    expect(catalog.resolve(name, name)).toBeUndefined();
    expect(catalog.resolve('a', name)).toBeUndefined();
    expect(catalog.removed(name, name)).toBeUndefined();
  });

  test('is refused when it is cut, foreign or of another version', () => {
    for (const damaged of [
      '',
      '{}',
      'null',
      text.slice(0, text.length / 2),
      text.replace('"format":1', '"format":2'),
    ]) {
      expect(() => openCatalog(damaged, '')).toThrow(/snapshot/);
    }
  });
});

describe('removed tags', () => {
  const removed = new Map([
    [
      'node',
      new Map([
        ['20', '2026-05-11'],
        ['20-debian13', '2026-05-11'],
        ['20-dev', '2026-05-21'],
        ['a', '2026-05-21'],
      ]),
    ],
    ['node-exporter', new Map([['1', '2026-01-01']])],
  ]);

  test('are given back with their day', () => {
    const list = new RemovedTags(writeRemovedTags(removed));
    expect(list.images()).toEqual(['node', 'node-exporter']);
    for (const [image, tags] of removed) expect(new Map([...list.of(image)].sort())).toEqual(new Map([...tags].sort()));
    expect(list.day('exporter', '1')).toBeUndefined();
    expect(list.day('node', '1')).toBeUndefined();
  });

  test('a tag that the catalog has is not removed', () => {
    const catalog = sampleCatalog('node debian-13/22 22,20', { node: { '20': '2026-05-11', '18': '2026-01-01' } });
    expect(catalog.removed('node', '20')).toBeUndefined();
    expect(catalog.removed('node', '18')).toBe('2026-01-01');
  });
});

describe('the catalog that ships', () => {
  const catalog = openCatalog(read('catalog.snapshot'), read('catalog.removed-tags'));

  test('holds what its header says, each tag once and with the definition that lists it', () => {
    let tags = 0;
    for (const image of catalog.images) {
      for (const definition of catalog.definitions(image)) {
        tags += definition.tags.length;
        for (const tag of definition.tags) expect(catalog.resolve(image, tag)).toBe(definition);
      }
    }
    expect(tags).toBe(catalog.size.tags);
    expect(catalog.images.length).toBe(catalog.size.images);
  });

  test('is the public catalog', () => {
    // read off the definitions image/{node,postgres,python,nginx}/debian-13 of the commit
    expect(catalog.size.tags).toBeGreaterThan(15_000);
    expect(catalog.resolve('node', '22-debian13')).toMatchObject({
      user: { name: 'node', uid: 1000, gid: 1000 },
      workdir: '/app',
      entrypoint: undefined,
      cmd: ['node'],
      shell: undefined,
    });
    expect(catalog.resolve('postgres', '17-debian13')).toMatchObject({
      user: { uid: 70 },
      shell: 'bash',
      ports: ['5432/tcp'],
    });
    expect(catalog.resolve('python', '3.13-debian13-dev')).toMatchObject({
      user: { uid: 0 },
      packageManagers: ['apt', 'dpkg'],
    });
    expect(catalog.resolve('nginx', '1.30-debian13')).toMatchObject({ entrypoint: ['nginx'], ports: ['8080/tcp'] });
    expect(catalog.removed('node', '20-debian13')).toBe('2026-05-11');
    expect(catalog.removed('golang', '1.24-debian13')).toBe('2026-03-29');
  });
});
