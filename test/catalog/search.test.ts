import { describe, expect, test } from 'vitest';
import { acceptEnterpriseTag, parseTagList } from '../../src/catalog/enterprise-tag.ts';
import { imageRows, searchCatalog, similarImages } from '../../src/catalog/search.ts';
import { sampleCatalog } from './sample.ts';

const catalog = sampleCatalog(`
  nginx debian-13/1.31 1.31,1.31-debian13
  nginx-exporter debian-13/1 1,1-debian13
  kube-nginx debian-13/1 1,1-debian13
  python debian-13/3.13 3.13,3.13-debian13
  python debian-13/3.13-dev 3.13-dev,3.13-debian13-dev
  python alpine-3.24/3.13 3.13-alpine,3.13-alpine3.24
  python debian-13/3.9 3.9,3.9-debian13
  postgres debian-13/17 17,17-debian13
`);
const found = (...words: string[]) => searchCatalog(catalog, words).map(({ image }) => image);

describe('searchCatalog', () => {
  test('the exact name comes first, then names that begin with the word, then the rest', () => {
    expect(found('nginx')).toEqual(['nginx', 'nginx-exporter', 'kube-nginx']);
  });

  test('every word counts; those not in the name are looked for in the tags', () => {
    expect(searchCatalog(catalog, ['python', '3.13', 'alpine'])).toEqual([
      { image: 'python', tags: ['3.13-alpine', '3.13-alpine3.24'] },
    ]);
    expect(searchCatalog(catalog, ['python:3.13 dev'])[0]?.tags).toEqual(['3.13-debian13-dev', '3.13-dev']);
    expect(found('nginx', 'exporter')).toEqual(['nginx-exporter']);
    expect(found('python', '2.7')).toEqual([]);
  });

  test('a slip of the finger is forgiven', () => {
    expect(found('pyhton')).toEqual(['python']);
    expect(similarImages(catalog, 'postgre')).toEqual(['postgres']);
    expect(similarImages(catalog, 'x'.repeat(1e6))).toEqual([]);
  });

  test.each([[[]], [['']], [['__proto__']], [['zzzzzz']]])('%j finds nothing', (words) => {
    expect(searchCatalog(catalog, words)).toEqual([]);
  });
});

test('imageRows lists an image, the newest line first', () => {
  expect(imageRows(catalog, 'python')?.map(({ tag }) => tag)).toEqual([
    '3.13-debian13',
    '3.13-debian13-dev',
    '3.13-alpine3.24',
    '3.9-debian13',
  ]);
  expect(imageRows(catalog, 'nosuch')).toBeUndefined();
});

describe('tags that only an organisation has', () => {
  const list = parseTagList(
    '# mirrored\nacme/dhi-python:3.13-debian13-fips\r\ndocker.io/acme/dhi-python:3.13-debian13-fips-dev\n\nnode:18-debian12\nPython:x\npython\n',
  );

  test('the list is read line by line', () => {
    expect([...list.tags.keys()]).toEqual(['python', 'node']);
    expect(list.wrong).toEqual([
      { line: 6, problem: 'repository name "Python" must be lowercase' },
      { line: 7, problem: 'python has no tag' },
    ]);
  });

  test('lines that name something else are wrong', () => {
    const text = 'acme/python:3.13-fips\nother/dhi-python:3.13-fips\nregistry.example.com/dhi/python:3.13-fips\n';
    expect(parseTagList(text, { org: 'acme' }).wrong).toEqual([
      { line: 1, problem: 'acme/python:3.13-fips is no hardened image: <organization>/dhi-<image>:<tag>' },
      { line: 2, problem: 'other/dhi-python:3.13-fips belongs to other, not to acme' },
      {
        line: 3,
        problem: 'registry.example.com/dhi/python:3.13-fips is no hardened image: <organization>/dhi-<image>:<tag>',
      },
    ]);
    expect(parseTagList(text, { registry: 'registry.example.com/dhi' }).wrong.map(({ line }) => line)).toEqual([1]);
  });

  test('an older patch is likened to the newest of its line, never to another line', () => {
    const tags = parseTagList('python:3.13.1-debian13-fips\npython:3.99.1-debian13-fips\n').tags;
    const home = { org: 'acme', tags };
    expect(acceptEnterpriseTag(catalog, 'python', '3.13.1-debian13-fips', home)).toMatchObject({
      like: catalog.resolve('python', '3.13-debian13'),
    });
    expect(acceptEnterpriseTag(catalog, 'python', '3.99.1-debian13-fips', home)).toMatchObject({ like: undefined });
  });

  test('a listed tag is accepted and likened to the public image', () => {
    const home = { org: 'acme', tags: list.tags };
    expect(acceptEnterpriseTag(catalog, 'python', '3.13-debian13-fips', home)).toMatchObject({
      kind: 'fips',
      like: catalog.resolve('python', '3.13-debian13'),
    });
    expect(acceptEnterpriseTag(catalog, 'python', '3.13-debian13-fips-dev', home)).toMatchObject({
      like: catalog.resolve('python', '3.13-debian13-dev'),
    });
    expect(acceptEnterpriseTag(catalog, 'node', '18-debian12', home)).toMatchObject({ kind: 'other', like: undefined });
  });

  test.each([
    ['3.13-debian13-fips', {}, 'FIPS images are not in the public catalog'],
    ['3.13_with-curl', {}, 'customised images are not in the public catalog'],
    ['3.8', {}, 'the public catalog has no python:3.8'],
    ['3.13-debian13-fips', { org: 'acme' }, 'give the list of its tags'],
    ['3.12-fips', { org: 'acme', tags: list.tags }, 'the tag list of acme has no python:3.12-fips'],
  ])('%s %j is refused', (tag, home, problem) => {
    const answer = acceptEnterpriseTag(catalog, 'python', tag, home);
    expect('problem' in answer && `${answer.problem}: ${answer.fix}`).toContain(problem);
  });
});
