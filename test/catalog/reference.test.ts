import { describe, expect, test } from 'vitest';
import { formatHardened, hardenedName, parseReference, type Reference } from '../../src/catalog/reference.ts';

const HEX = 'a'.repeat(64);

function reference(text: string): Reference {
  const parsed = parseReference(text);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed;
}

describe('parseReference', () => {
  // registry, repository, tag, digest as `docker pull` understands them
  test.each([
    ['python', 'docker.io', 'library/python', undefined, undefined],
    ['python:3.11-slim', 'docker.io', 'library/python', '3.11-slim', undefined],
    ['bitnami/redis:7', 'docker.io', 'bitnami/redis', '7', undefined],
    ['docker.io/library/node', 'docker.io', 'library/node', undefined, undefined],
    ['docker.io/node', 'docker.io', 'library/node', undefined, undefined],
    ['index.docker.io/library/node:22', 'docker.io', 'library/node', '22', undefined],
    ['localhost/app', 'localhost', 'app', undefined, undefined],
    ['localhost:5000/team/app:v1', 'localhost:5000', 'team/app', 'v1', undefined],
    ['registry.example.com:443/a/b/c', 'registry.example.com:443', 'a/b/c', undefined, undefined],
    ['[2001:db8::1]:5000/app:1', '[2001:db8::1]:5000', 'app', '1', undefined],
    ['[::1]/app', '[::1]', 'app', undefined, undefined],
    ['mcr.microsoft.com/dotnet/sdk:8.0', 'mcr.microsoft.com', 'dotnet/sdk', '8.0', undefined],
    ['public.ecr.aws/docker/library/golang', 'public.ecr.aws', 'docker/library/golang', undefined, undefined],
    [`node:22@sha256:${HEX}`, 'docker.io', 'library/node', '22', `sha256:${HEX}`],
    [`dhi.io/node@sha256:${HEX}`, 'dhi.io', 'node', undefined, `sha256:${HEX}`],
    ['HOST/app', 'HOST', 'app', undefined, undefined],
    ['app:5000', 'docker.io', 'library/app', '5000', undefined],
    ['foo__bar/a-b--c/d.e', 'docker.io', 'foo__bar/a-b--c/d.e', undefined, undefined],
  ])('%s', (text, registry, repository, tag, digest) => {
    expect(parseReference(text)).toEqual({ raw: text, registry, repository, tag, digest });
  });

  test.each([
    ['', 'empty'],
    ['Python', 'must be lowercase'],
    ['docker.io/Python', 'must be lowercase'],
    ['a//b', 'not a valid repository'],
    ['/a', 'not a valid repository'],
    ['a/', 'not a valid repository'],
    ['python:', 'not a valid tag'],
    ['python:-x', 'not a valid tag'],
    [`python:${'x'.repeat(129)}`, 'not a valid tag'],
    ['python@sha256:abc', 'not a valid digest'],
    [`python@sha256:${'a'.repeat(63)}`, 'length'],
    [`python@sha512:${HEX}`, 'length'],
    ['python@', 'not a valid digest'],
    ['$' + '{BASE}', 'not a valid repository'],
    ['foo_bar.com:x/app', 'not a valid registry'],
    ['-host.com/app', 'not a valid registry'],
    [HEX, 'image id'],
    [`${'a/'.repeat(130)}a`, 'longer than 255'],
    ['a b', 'not a valid repository'],
  ])('refuses %j', (text, problem) => {
    const parsed = parseReference(text);
    expect('problem' in parsed && parsed.problem).toContain(problem);
  });
});

test('a text of any size is answered at once', () => {
  for (const text of ['a'.repeat(1e6), 'a-'.repeat(1e6), `${'a'.repeat(300)}/`, 'a.'.repeat(200)]) {
    expect(parseReference(text)).toHaveProperty('problem');
  }
});

describe('hardenedName', () => {
  test.each([
    ['dhi.io/python:3.13-debian13', {}, 'python', '3.13-debian13'],
    ['dhi.io/static', {}, 'static', undefined],
    ['acme/dhi-python:3.13', {}, 'python', '3.13'],
    ['docker.io/acme/dhi-eclipse-temurin:21', { org: 'acme' }, 'eclipse-temurin', '21'],
    ['mirror.example.com/dhi/node:22', { registry: 'mirror.example.com/dhi' }, 'node', '22'],
  ])('%s is hardened', (text, home, image, tag) => {
    expect(hardenedName(reference(text), home)).toEqual({ image, tag });
  });

  test.each([
    ['python:3.13', {}],
    ['dhi-python:3.13', {}],
    ['mirror.example.com/dhi/node:22', {}],
    ['mirror.example.com/dhi2/node:22', { registry: 'mirror.example.com/dhi' }],
    ['dhi.io/a/b', {}],
    ['ghcr.io/acme/dhi-python', {}],
  ])('%s is not', (text, home) => {
    expect(hardenedName(reference(text), home)).toBeUndefined();
  });
});

test('formatHardened writes what hardenedName reads', () => {
  expect(formatHardened('python', '3.13-debian13')).toBe('dhi.io/python:3.13-debian13');
  expect(formatHardened('python', '3.13', { org: 'acme' })).toBe('docker.io/acme/dhi-python:3.13');
  expect(formatHardened('python', '3.13', { registry: 'r.example.com/x', org: 'acme' })).toBe(
    'r.example.com/x/python:3.13',
  );
  for (const home of [{}, { org: 'acme' }, { registry: 'r.example.com:5000/x' }]) {
    expect(hardenedName(reference(formatHardened('node', '22-dev', home)), home)).toEqual({
      image: 'node',
      tag: '22-dev',
    });
  }
});
