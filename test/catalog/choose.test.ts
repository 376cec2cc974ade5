import { describe, expect, test } from 'vitest';
import { choosePair, chooseTag } from '../../src/catalog/choose.ts';
import type { Wish } from '../../src/catalog/wish.ts';
import { sampleCatalog } from './sample.ts';

/** Tags in the forms of the public catalog: bare ones on debian-13 only, a coarse one on one line only. */
const catalog = sampleCatalog(
  `
  python debian-13/3.10 3.10,3.10.21,3.10-debian13,3.10.21-debian13 2026-10-31
  python debian-13/3.10-dev 3.10-dev,3.10-debian13-dev 2026-10-31
  python debian-13/3.11 3.11,3.11.16,3.11-debian,3.11-debian13,3.11.16-debian13 2027-10-31
  python debian-13/3.11-dev 3.11-dev,3.11-debian13-dev,3.11.16-debian13-dev 2027-10-31
  python debian-12/3.11 3.11-debian12
  python debian-12/3.11-dev 3.11-debian12-dev
  python debian-13/3.14 3,3.14,3-debian13,3.14-debian13,3.14.7-debian13 2030-10-31
  python debian-13/3.14-dev 3-dev,3-debian13-dev,3.14-debian13-dev,3.14.7-debian13-dev 2030-10-31
  python alpine-3.22/3.11 3.11-alpine3.22
  python alpine-3.22/3.11-dev 3.11-alpine3.22-dev
  python alpine-3.24/3.11 3.11-alpine,3.11-alpine3.24
  python alpine-3.24/3.11-dev 3.11-alpine-dev,3.11-alpine3.24-dev
  node debian-13/22 22,22.23,22.23.2-0,22-debian13,22.23-debian13,22.23.2-0-debian13 2027-04-30
  node debian-13/22-dev 22-dev,22-debian13-dev 2027-04-30
  node debian-13/25 25-debian13
  node debian-13/25-dev 25-debian13-dev
  node debian-13/26 26-debian13
  node debian-13/26-dev 26-debian13-dev
  golang debian-13/1.26 1,1.26,1-debian13,1.26-debian13
  golang debian-13/1.26-dev 1-dev,1-debian13-dev,1.26-debian13-dev
  golang alpine-3.24/1.26 1.26-alpine3.24
  golang alpine-3.24/1.26-dev 1.26-alpine3.24-dev
  golang alpine-3.24/1.27 1-alpine3.24,1.27-alpine3.24
  golang alpine-3.24/1.27-dev 1-alpine3.24-dev,1.27-alpine3.24-dev
  rust debian-13/1 1,1.98,1-debian13,1.98-debian13,1.98.0-debian13
  rust debian-13/1-dev 1-debian13-dev,1.98-debian13-dev
  ruby debian-13/3.3 3.3-debian13
  postgres debian-13/14 14-debian13,14.24-debian13
  postgres debian-13/17 17-debian13,17.11-debian13
  mysql debian-13/8.4 8-debian13,8.4-debian13,8.4.11-debian13
  mysql debian-13/9.7 9-debian13,9.7-debian13,lts-debian13
  rabbitmq debian-13/4.3 4-debian13,4.3-debian13 2026-07-30
  nginx debian-13/mainline 1-debian13,1.31-debian13
  nginx debian-13/mainline-compat 1-debian13-compat,1.31-debian13-compat +compat
  nginx debian-13/stable 1.30-debian13
  eclipse-temurin debian-13/jre-21 21,21-debian13
  eclipse-temurin debian-13/jdk-21-dev 21-jdk-dev,21-jdk-debian13-dev
  eclipse-temurin alpine-3.24/jre-21 21-alpine3.24
  eclipse-temurin alpine-3.24/jre-21-dev 21-alpine3.24-dev
  eclipse-temurin alpine-3.24/jdk-21-dev 21-jdk-alpine3.24-dev
  maven debian-13/3-jdk-17-dev 3-jdk17-debian13-dev,3.9-jdk17-debian13-dev
  maven debian-13/3-jdk-21-dev 3-jdk21-debian13-dev,3.9-jdk21-debian13-dev
  dotnet debian-13/8 8-debian13,8.0-debian13
  dotnet debian-13/8-sdk 8-sdk-debian13,8.0-sdk-debian13
  static debian-13/static 20250419,20250419-debian13
  static debian-13/static-glibc 20250419-glibc,20250419-glibc-debian13
  static alpine-3.24/static 20260611-alpine3.24
  static alpine-3.24/static-musl 20260611-musl-alpine3.24
  debian-base debian-12/12 bookworm,bookworm-debian12 2026-06-10
  debian-base debian-12/12-dev bookworm-dev,bookworm-debian12-dev 2026-06-10
  debian-base debian-13/13 trixie,trixie-debian13 2028-08-09
  debian-base debian-13/13-dev trixie-dev,trixie-debian13-dev 2028-08-09
  alpine-base alpine-3.22/3.22 3.22,3.22-alpine3.22
  alpine-base alpine-3.24/3.24 3.24,3.24-alpine3.24
  caddy debian-13/2 2-debian13,2.11-debian13
  caddy debian-13/2-dev 2-debian13-dev,2.11-debian13-dev
  php debian-13/8.4 8.4-debian13
  php debian-13/8.4-fpm 8.4-debian13-fpm +fpm
  php debian-13/8.4-dev 8.4-debian13-dev
  composer debian-13/latest-php8.4-dev 2-debian13-php8.4-dev +php8.4
  composer debian-13/latest-php8.10-dev 2-debian13-php8.10-dev +php8.10
  `,
  { node: { '20-debian13': '2026-05-11' } },
);

/** `image[:version] family [release]`, as a Dockerfile's author would have meant it. */
function wish(text: string, more: Partial<Wish> = {}): Wish {
  const [image, family, release] = text.split(' ');
  const [name, version] = image!.split(':');
  return {
    image: name!,
    version,
    precision: version === undefined ? 0 : version.split('.').length,
    family: family === 'alpine' ? 'alpine' : 'debian',
    release,
    variant: 'runtime',
    today: '2026-08-22',
    ...more,
  };
}

const chosen = (text: string, more?: Partial<Wish>) => {
  const choice = chooseTag(catalog, wish(text, more));
  if ('code' in choice) throw new Error(choice.reason);
  expect(catalog.resolve(choice.definition.image, choice.tag)).toBe(choice.definition);
  return choice;
};
const refused = (text: string, more?: Partial<Wish>) => {
  const refusal = chooseTag(catalog, wish(text, more));
  if ('tag' in refusal) throw new Error(`${refusal.tag} was chosen`);
  return refusal;
};

describe('a version that is there', () => {
  test.each([
    ['python:3.11 debian', '3.11-debian13'],
    ['python:3.11.16 debian', '3.11.16-debian13'],
    ['python:3 debian', '3-debian13'],
    ['python debian', '3-debian13'],
    ['python:3.11 alpine', '3.11-alpine3.24'],
    ['python:3.11 alpine 3.22', '3.11-alpine3.22'],
    ['node:22.23 debian', '22.23-debian13'],
    ['golang:1 debian', '1-debian13'],
    ['golang:1.27 alpine', '1.27-alpine3.24'],
    ['nginx:1.30 debian', '1.30-debian13'],
    ['mysql debian', '9-debian13'],
    ['static debian', '20250419-debian13'],
    ['debian-base debian', 'trixie'],
    ['alpine-base:3.22 alpine 3.22', '3.22'],
  ])('%s is %s', (text, tag) => {
    expect(chosen(text)).toMatchObject({ tag, versionChange: undefined, distributionChange: undefined });
  });

  test('what a floating tag means today does not make the tag more exact', () => {
    expect(chosen('python:3.14.6 debian', { precision: 0 }).tag).toBe('3-debian13');
    expect(chosen('node:22.1.0 debian', { precision: 0 })).toMatchObject({ tag: '22-debian13', notes: [] });
  });

  test('a lost patch is the same line, and said', () => {
    expect(chosen('python:3.11.4 debian')).toMatchObject({ tag: '3.11-debian13', versionChange: undefined });
    expect(chosen('python:3.11.4 debian').notes).toEqual(['the catalog has no 3.11.4; 3.11-debian13 is 3.11.16 today']);
    expect(chosen('node:22.3.0 debian').notes).toEqual(['the catalog has no 22.3.0; 22-debian13 is 22.23.2 today']);
    expect(chosen('postgres:17.2 debian')).toMatchObject({ tag: '17-debian13', versionChange: undefined });
  });
});

describe('a version that is gone', () => {
  test.each([
    // 3.10 is supported for 70 days more, too short to move to
    ['python:3.9 debian', '3.11-debian13', '3.9', '3.11', false],
    ['python:3.9.18 alpine', '3.11-alpine3.24', '3.9.18', '3.11', false],
    ['node:20 debian', '22-debian13', '20', '22', true],
    ['node:20.11.1 debian', '22-debian13', '20.11.1', '22', true],
    // odd majors of node have no long support
    ['node:23 debian', '26-debian13', '23', '26', true],
    ['golang:1.21 debian', '1.26-debian13', '1.21', '1.26', false],
    // the coarse tag `1` is not the line that was asked for
    ['golang:1.21.5 alpine', '1.26-alpine3.24', '1.21.5', '1.26', false],
    ['mysql:8.0 debian', '8.4-debian13', '8.0', '8.4', false],
    ['rust:1.70 debian', '1-debian13', '1.70', '1.98', false],
    ['nginx:1.25 debian', '1.30-debian13', '1.25', '1.30', false],
  ])('%s becomes %s', (text, tag, from, to, major) => {
    expect(chosen(text)).toMatchObject({ tag, versionChange: { from, to, major } });
  });

  test('the day it left is told', () => {
    expect(chosen('node:20 debian').versionChange?.why).toBe('node 20 left the catalog on 2026-05-11');
  });

  test('a line past its end of life is left, unless it is asked for', () => {
    const later = { today: '2026-11-21' };
    expect(chosen('python:3.10 debian', later)).toMatchObject({
      tag: '3.11-debian13',
      versionChange: { from: '3.10' },
    });
    expect(chosen('python:3.10 debian').tag).toBe('3.10-debian13');
    expect(chosen('python:3.10 debian', { ...later, allowEndOfLife: true }).tag).toBe('3.10-debian13');
  });

  test.each([
    ['python:2.7 debian', 'major-change', '3.11-debian13'],
    ['ruby:2.7 debian', 'major-change', '3.3-debian13'],
    ['python:3.15 debian', 'no-version', '3.14-debian13'],
    ['golang:1.27 debian', 'no-version', '1.27-alpine3.24'],
    ['postgres:13 debian', 'major-change', '14-debian13'],
    ['postgres:15 debian', 'major-change', '17-debian13'],
    ['mysql:5.7 debian', 'major-change', '8.4-debian13'],
    ['rabbitmq:4 debian', 'end-of-life', '4-debian13'],
    ['rabbitmq:3 debian', 'no-version', '4-debian13'],
    ['nosuch:1 debian', 'no-image', undefined],
    ['__proto__:1 debian', 'no-image', undefined],
    ['python:snapshot debian', 'no-version', undefined],
  ])('%s is refused: %s', (text, code, nearest) => {
    expect(refused(text)).toMatchObject({ code, nearest });
  });
});

describe('distribution', () => {
  test('Debian is the newest; a pinned release that is not kept is told', () => {
    const { tag, distributionChange } = chosen('python:3.11 debian bookworm');
    expect(tag).toBe('3.11-debian13');
    expect(distributionChange).toMatchObject({ from: 'bookworm', to: 'debian-13', family: false });
    expect(chosen('python:3.11 debian trixie').distributionChange).toBeUndefined();
    expect(chosen('python:3.11 debian noble').distributionChange).toMatchObject({ from: 'noble' });
    expect(chosen('python:3.11 alpine 3.19').distributionChange).toMatchObject({ from: '3.19', to: 'alpine-3.24' });
  });

  test('an image without the family comes from the other, and that is told', () => {
    expect(chosen('caddy:2 alpine')).toMatchObject({
      tag: '2-debian13',
      distributionChange: { from: 'alpine', to: 'debian-13', family: true },
    });
  });

  test('a distribution image moves to a supported release', () => {
    expect(chosen('debian-base:12 debian bookworm')).toMatchObject({
      tag: 'trixie',
      versionChange: undefined,
      distributionChange: { from: 'bookworm', to: 'debian-13' },
    });
    expect(chosen('debian-base debian bookworm', { allowEndOfLife: true, variant: 'dev' }).tag).toBe('trixie-dev');
    expect(chosen('alpine-base:3.19 alpine 3.19').tag).toBe('3.24');
  });
});

describe('variants, parts and flavors', () => {
  test.each([
    ['eclipse-temurin:21 debian', { part: 'jdk', variant: 'dev' }, '21-jdk-debian13-dev'],
    ['eclipse-temurin:21 debian', { part: 'jdk' }, '21-debian13'],
    ['eclipse-temurin:21 debian', { part: 'jre', variant: 'dev' }, '21-jdk-debian13-dev'],
    ['eclipse-temurin:21 alpine', { part: 'jre', variant: 'dev' }, '21-alpine3.24-dev'],
    ['eclipse-temurin:21 alpine', { part: 'jdk', variant: 'dev' }, '21-jdk-alpine3.24-dev'],
    ['dotnet:8.0 debian', { part: 'sdk', variant: 'dev' }, '8.0-sdk-debian13'],
    ['dotnet:8.0 debian', {}, '8.0-debian13'],
    ['static debian', { part: 'glibc' }, '20250419-glibc-debian13'],
    ['static alpine', { part: 'musl' }, '20260611-musl-alpine3.24'],
    ['maven:3 debian', { part: 'jdk17', variant: 'dev' }, '3-jdk17-debian13-dev'],
    ['maven:3.9 debian', { variant: 'dev' }, '3.9-jdk21-debian13-dev'],
    ['php:8.4 debian', { flavor: 'fpm' }, '8.4-debian13-fpm'],
    ['php:8.4 debian', { flavor: 'fpm', variant: 'dev' }, '8.4-debian13-dev'],
    ['composer:2 debian', { variant: 'dev' }, '2-debian13-php8.10-dev'],
    ['nginx:1.31 debian', { flavor: 'compat' }, '1.31-debian13-compat'],
  ] as const)('%s %j is %s', (text, more, tag) => {
    expect(chosen(text, more)).toMatchObject({ tag, versionChange: undefined });
  });

  test('another Java is a change of version', () => {
    expect(chosen('maven:3 debian', { part: 'jdk11', variant: 'dev' })).toMatchObject({
      tag: '3-jdk17-debian13-dev',
      versionChange: { from: 'Java 11', to: 'Java 17', major: true },
    });
  });

  test.each([
    ['maven:3 debian', {}, 'no-variant', undefined],
    ['static debian', { variant: 'dev' }, 'no-variant', undefined],
    ['static debian', { part: 'musl' }, 'no-variant', undefined],
    ['node:22 debian', { flavor: 'compat' }, 'no-variant', undefined],
    // the flavor is on another line only: the line is not left for it
    ['nginx:1.30 debian', { flavor: 'compat' }, 'no-variant', '1.31-debian13-compat'],
    ['eclipse-temurin:21 debian', { part: 'pg17' }, 'no-variant', undefined],
  ] as const)('%s %j is refused', (text, more, code, nearest) => {
    expect(refused(text, more)).toMatchObject({ code, nearest });
  });
});

describe('choosePair', () => {
  const pair = (text: string, more?: Partial<Wish>) => {
    const both = choosePair(catalog, wish(text, more));
    if ('code' in both) throw new Error(both.reason);
    return [both.dev?.tag, both.runtime?.tag];
  };

  test.each([
    ['python:3.11 debian bookworm', {}, '3.11-debian13-dev', '3.11-debian13'],
    ['python:3.11.4 alpine 3.22', {}, '3.11-alpine3.22-dev', '3.11-alpine3.22'],
    ['golang:1.21 debian', {}, '1.26-debian13-dev', '1.26-debian13'],
    ['eclipse-temurin:21 debian', { part: 'jdk' }, '21-jdk-debian13-dev', '21-debian13'],
    ['dotnet:8.0 debian', { part: 'sdk' }, '8.0-sdk-debian13', '8.0-debian13'],
    ['php:8.4 debian', { flavor: 'fpm' }, '8.4-debian13-dev', '8.4-debian13-fpm'],
    ['maven:3 debian', { part: 'jdk21' }, '3-jdk21-debian13-dev', undefined],
    ['static debian', {}, undefined, '20250419-debian13'],
  ])('%s %j', (text, more, dev, runtime) => {
    expect(pair(text, more)).toEqual([dev, runtime]);
  });

  test('refuses as chooseTag does', () => {
    expect(choosePair(catalog, wish('python:2.7 debian'))).toMatchObject({ code: 'major-change' });
  });
});
