import { describe, expect, test } from 'vitest';
import { takeTagApart } from '../../src/catalog/tag.ts';
import { readTags, writeTags } from '../../src/catalog/tag-product.ts';
import { compareVersions, versionHead } from '../../src/catalog/version.ts';

describe('takeTagApart', () => {
  // version, part, distribution, flavor, dev, fips, customisation
  test.each([
    ['3.13', '3.13', undefined, undefined, undefined, false, false, undefined],
    ['3.13-debian13-dev', '3.13', undefined, 'debian-13', undefined, true, false, undefined],
    ['22-alpine', '22', undefined, 'alpine', undefined, false, false, undefined],
    ['21-jdk-alpine3.24-dev', '21', 'jdk', 'alpine-3.24', undefined, true, false, undefined],
    ['21-jdk-dev', '21', 'jdk', undefined, undefined, true, false, undefined],
    ['8.5-debian13-fpm-dev', '8.5', undefined, 'debian-13', 'fpm', true, false, undefined],
    ['8.5-fpm', '8.5', undefined, undefined, 'fpm', false, false, undefined],
    ['24.19.0-0-debian13-sfw-ent-dev', '24.19.0-0', undefined, 'debian-13', 'sfw-ent', true, false, undefined],
    ['20250419-glibc-debian13', '20250419', 'glibc', 'debian-13', undefined, false, false, undefined],
    ['2.11-cuda13.0-cudnn9-debian13', '2.11', 'cuda13.0-cudnn9', 'debian-13', undefined, false, false, undefined],
    ['pg17-debian13', undefined, 'pg17', 'debian-13', undefined, false, false, undefined],
    ['trixie-debian13-dev', undefined, 'trixie', 'debian-13', undefined, true, false, undefined],
    ['3.12.12-debian13-fips-dev', '3.12.12', undefined, 'debian-13', undefined, true, true, undefined],
    ['3-alpine3.23_python-with-curl', '3', undefined, 'alpine-3.23', undefined, false, false, 'python-with-curl'],
    ['8u502.b07-jdk-debian13-dev', '8u502.b07', 'jdk', 'debian-13', undefined, true, false, undefined],
    ['7.0.4-php8.5-fpm', '7.0.4', undefined, undefined, 'php8.5-fpm', false, false, undefined],
    ['latest', undefined, 'latest', undefined, undefined, false, false, undefined],
  ])('%s', (raw, version, part, distribution, flavor, dev, fips, customisation) => {
    expect(takeTagApart(raw)).toEqual({ raw, version, part, distribution, flavor, dev, fips, customisation });
  });

  test('the flavor of the definition settles what the words cannot', () => {
    expect(takeTagApart('1.19-kafka2', 'kafka2')).toMatchObject({ part: undefined, flavor: 'kafka2' });
  });
});

test('versions are ordered number by number', () => {
  const order = ['3', '3.9', '3.9.18', '3.10', '3.10.1', '22'].map((text) => versionHead(text)!.version);
  expect([...order].reverse().sort(compareVersions)).toEqual(order);
});

test('a hash is no version', () => {
  expect(versionHead('63728f0c304222dd1e9534d5d538b77b80e92544')).toBeUndefined();
  expect(versionHead('9'.repeat(100))).toBeUndefined();
});

describe('tags as a product', () => {
  test.each([
    [['3', '3.13', '3-debian', '3.13-debian', '3-debian13', '3.13-debian13'], '3,3.13|,-debian,-debian13|'],
    [['3-jdk21-dev', '3-jdk21-debian13-dev'], '3|,-debian13|-jdk21-dev'],
    [['trixie', 'trixie-debian13'], 'trixie|,-debian13|'],
    [['only'], 'only||'],
  ])('%j', (tags) => {
    expect(readTags(writeTags(tags))).toEqual([...tags].sort());
  });

  test('what is no product is a list', () => {
    expect(readTags(writeTags(['1', '1.2-debian13', 'latest']))).toEqual(['1', '1.2-debian13', 'latest']);
  });
});
