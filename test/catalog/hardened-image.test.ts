import { describe, expect, test } from 'vitest';
import { lookUp } from '../../src/catalog/hardened-image.ts';
import { sampleCatalog } from './sample.ts';

const catalog = sampleCatalog(`
  python debian-13/3.12 3.12,3.12-debian13,3.12.13-debian13
  python debian-13/3.12-dev 3.12-dev,3.12-debian13-dev,3.12.13-debian13-dev
  python debian-13/3.14 3,3.14,3-debian13,3.14-debian13,3.14.7-debian13
  node debian-13/24 24,24-debian13,24.19-debian13,24.19.0-0-debian13
  node debian-13/24-dev 24-dev,24-debian13-dev
  node debian-13/26 26,26-debian13
  dotnet debian-13/9 9,9.0,9-debian13,9.0-debian13,9.0.17-debian13
  dotnet debian-13/9-sdk 9-sdk,9.0-sdk-debian13
  dotnet debian-13/10 10,10.0,10.0-debian13
`);

describe('a hardened tag of a patch level that is gone', () => {
  test.each([
    ['dotnet', '9.0.16-debian13', '9.0-debian13'],
    ['dotnet', '9.0.310-sdk-debian13', '9.0-sdk-debian13'],
    ['python', '3.12.3-debian13-dev', '3.12-debian13-dev'],
    ['node', '24.18.0-0-debian13', '24-debian13'],
    ['node', '24.18.0-debian13-dev', '24-debian13-dev'],
  ])('%s:%s is answered with the tag of its line', (image, tag, line) => {
    expect(lookUp(catalog, image, tag, {})).toMatchObject({
      fix: expect.stringContaining(`write ${line}, the same line`),
    });
  });

  test.each([
    ['python', '3.9.1-debian13', 'a major version alone is another line'],
    ['node', '20.11.1-debian13', 'the line is gone'],
    ['python', '3.12-debian14', 'no patch level is written'],
    ['absent', '1.2.3', 'there is no such image'],
  ])('%s:%s is not: %s', (image, tag) => {
    expect(lookUp(catalog, image, tag, {})).toMatchObject({ fix: expect.stringContaining('rehull catalog show') });
  });
});
