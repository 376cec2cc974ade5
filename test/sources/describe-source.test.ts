import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openCatalog } from '../../src/catalog/catalog.ts';
import { sourceHasProgram } from '../../src/sources/describe-source.ts';
import { hardenedTargets } from '../../src/sources/known-images.ts';
import { readTag } from '../../src/sources/read-tag.ts';
import { describeImage } from './describe.ts';

describe('which hardened image stands for it', () => {
  test.each([
    // the same official image through every door
    ['python:3.11-slim', 'python', 'same', 'same-software'],
    ['docker.io/library/python:3.11', 'python', 'same', 'same-software'],
    ['index.docker.io/library/python', 'python', 'same', 'same-software'],
    ['public.ecr.aws/docker/library/python:3.11', 'python', 'same', 'same-software'],
    ['mirror.gcr.io/library/python:3.11', 'python', 'same', 'same-software'],
    ['quay.io/lib/python:3.11', 'python', 'same', 'same-software'],
    ['arm64v8/python:3.11', 'python', 'same', 'same-software'],
    ['amd64/python:3.11', 'python', 'same', 'same-software'],
    ['registry.example.com/dockerhub/library/python:3.11', 'python', 'same', 'same-software'],
    ['gitlab.example.com/group/dependency_proxy/containers/python:3.11', 'python', 'same', 'same-software'],
    // renamed and substituted
    ['mongo:8', 'mongodb', 'renamed', 'same-software'],
    ['openjdk:17-jdk', 'eclipse-temurin', 'renamed', 'same-software'],
    ['ubuntu:22.04', 'debian-base', 'renamed', 'substitute'],
    ['mcr.microsoft.com/dotnet/sdk:8.0', 'dotnet', 'renamed', 'same-software'],
    ['mcr.microsoft.com/dotnet/aspnet:8.0', 'aspnetcore', 'renamed', 'same-software'],
    ['gcr.io/distroless/nodejs20-debian12', 'node', 'renamed', 'same-software'],
    ['gcr.io/distroless/static-debian12:nonroot', 'static', 'same', 'same-software'],
    ['gcr.io/distroless/base', 'static', 'renamed', 'substitute'],
    ['cgr.dev/chainguard/go:latest-dev', 'golang', 'renamed', 'same-software'],
    ['cgr.dev/some-company/node:20', 'node', 'same', 'same-software'],
    ['cgr.dev/chainguard/wolfi-base', 'alpine-base', 'renamed', 'substitute'],
    ['bitnami/postgresql:16', 'postgres', 'renamed', 'substitute'],
    ['registry.access.redhat.com/ubi9/python-311', 'python', 'same', 'substitute'],
    ['registry.access.redhat.com/ubi9/ubi-minimal:9.4', 'debian-base', 'renamed', 'substitute'],
    ['registry.access.redhat.com/ubi8', 'debian-base', 'renamed', 'substitute'],
    ['registry.suse.com/bci/bci-base:15.6', 'debian-base', 'renamed', 'substitute'],
    ['public.ecr.aws/amazonlinux/amazonlinux:2023', 'debian-base', 'renamed', 'substitute'],
    ['nginxinc/nginx-unprivileged:1.27', 'nginx', 'renamed', 'same-software'],
    ['docker:27-dind', 'docker-dind', 'renamed', 'same-software'],
    ['php:8.3-apache', 'php', 'same', 'substitute'],
    ['cimg/go:1.22', 'golang', 'renamed', 'substitute'],
    // hardened already
    ['dhi.io/node:22-debian13', 'node', 'hardened', 'same-software'],
    ['acme/dhi-node:22-debian13', 'node', 'hardened', 'same-software'],
  ] as const)('%s → %s', (text, hardened, kind, equivalence) => {
    expect(describeImage(text)).toMatchObject({ hardened, kind, equivalence });
  });

  test.each([
    ['public.ecr.aws/lambda/python:3.12', 'rpm'],
    ['ghost:5', 'unknown'],
    ['arm32v7/python:3.11-slim', 'debian'],
    ['i386/alpine:3.20', 'alpine'],
    ['docker.io/s390x/node:22', 'debian'],
    ['tiangolo/uvicorn-gunicorn-fastapi:python3.11', 'debian'],
    ['mcr.microsoft.com/windows/servercore:ltsc2022', 'windows'],
    ['python:3.12-windowsservercore-ltsc2022', 'windows'],
    ['mcr.microsoft.com/dotnet/aspnet:8.0-nanoserver-ltsc2022', 'windows'],
  ] as const)('%s has none, and says why', (text, family) => {
    const source = describeImage(text);
    expect(source).toMatchObject({ hardened: undefined, equivalence: undefined, kind: 'none', family });
    expect(source.reason).toMatch(/\w/);
  });

  test.each([
    'artifactory.example.com/docker/python:3.11',
    'acme/python:3.11',
    'registry.example.com/library/team/python',
  ])('%s is not known', (text) => {
    expect(describeImage(text)).toMatchObject({
      name: undefined,
      hardened: undefined,
      kind: 'unknown',
      family: 'unknown',
      hardenedFamily: undefined,
    });
  });

  test.each(['constructor', 'chainguard/constructor', 'bitnami/constructor', 'ubuntu/tostring'])(
    '%s finds nothing by accident',
    (text) => {
      expect(describeImage(text.toLowerCase()).hardened).toBeUndefined();
    },
  );

  test('every hardened image that is named is in the catalog', () => {
    const read = (name: string) => readFileSync(new URL(`../../data/${name}`, import.meta.url), 'utf8');
    const catalog = openCatalog(read('catalog.snapshot'), read('catalog.removed-tags'));
    expect(hardenedTargets().length).toBeGreaterThan(150);
    expect(hardenedTargets().filter((image) => !catalog.has(image))).toEqual([]);
  });
});

describe('what the tag means', () => {
  test.each([
    // written in the tag
    [
      'python:3.11-slim-bookworm',
      { version: '3.11', family: 'debian', release: 'bookworm', releaseFromToday: false, words: ['slim'] },
    ],
    ['node:20.11.1-alpine3.19', { version: '20.11.1', family: 'alpine', release: '3.19', words: [] }],
    ['debian:12-slim', { version: '12', release: 'bookworm', isDistribution: true }],
    ['debian:bookworm-20240110-slim', { version: undefined, release: 'bookworm', words: ['20240110', 'slim'] }],
    ['ubuntu:22.04', { version: '22.04', family: 'ubuntu', release: 'jammy', hardenedFamily: 'debian' }],
    ['alpine:3.19.1', { version: '3.19.1', family: 'alpine', release: '3.19', hardenedFamily: 'alpine' }],
    [
      'eclipse-temurin:17.0.9_9-jre-alpine',
      { version: '17.0.9', family: 'alpine', java: { kind: 'jre', version: '17.0.9' } },
    ],
    ['openjdk:8u342-jdk', { version: '8', java: { kind: 'jdk', version: '8' } }],
    ['maven:3.9-eclipse-temurin-17-alpine', { version: '3.9', family: 'alpine', java: { kind: 'jdk', version: '17' } }],
    ['gradle:8.5-jdk21', { version: '8.5', java: { kind: 'jdk', version: '21' } }],
    ['traefik:v3.1', { version: '3.1' }],
    ['php:8.3-fpm-alpine', { version: '8.3', family: 'alpine', words: ['fpm'], hardenedWords: ['fpm'] }],
    [
      'mcr.microsoft.com/dotnet/sdk:8.0-jammy',
      { version: '8.0', family: 'ubuntu', release: 'jammy', hardenedWords: ['sdk'] },
    ],
    [
      'gcr.io/distroless/base-debian12:debug',
      {
        family: 'distroless',
        release: 'bookworm',
        words: ['debug'],
        hardenedWords: ['glibc'],
        hardenedFamily: 'debian',
      },
    ],
    ['gcr.io/distroless/nodejs20-debian12', { version: '20', release: 'bookworm' }],
    [
      'registry.access.redhat.com/ubi9/nodejs-20-minimal',
      { version: '20', family: 'rpm', release: 'ubi9', hardenedFamily: 'debian' },
    ],
    [
      'cgr.dev/chainguard/python:latest-dev',
      { version: undefined, family: 'wolfi', words: ['dev'], hardenedFamily: 'alpine' },
    ],
    // meant today: the official tag lists of 2026-08-21
    ['node', { version: '26', versionFromToday: true, release: 'trixie', releaseFromToday: true }],
    ['node:lts-slim', { version: '24', versionFromToday: true, release: 'bookworm', words: ['lts', 'slim'] }],
    ['node:jod', { version: '22', release: 'bookworm' }],
    ['node:current-alpine', { version: '26', family: 'alpine', release: '3.24' }],
    ['python:3.11-slim', { version: '3.11', versionFromToday: false, release: 'trixie', releaseFromToday: true }],
    ['python:slim', { version: '3.14', versionFromToday: true, release: 'trixie' }],
    ['nginx:stable-alpine', { version: '1.30', family: 'alpine', release: '3.24' }],
    ['redis:7', { version: '7', release: 'bookworm' }],
    ['redis:8.4-alpine', { release: '3.22' }],
    ['gradle:jdk8', { version: '8', release: 'jammy' }],
    ['debian:stable-slim', { version: undefined, release: 'trixie', releaseFromToday: true }],
    ['ubuntu', { release: 'resolute' }],
    ['alpine:3', { release: '3.24' }],
    // left lines and old patch levels: nothing of today's is claimed
    ['python:3.7-slim', { release: 'bookworm' }],
    ['python:3.11.0-slim', { family: 'debian', release: undefined }],
    ['node:14', { family: 'debian', release: undefined }],
    [
      'node@sha256:0000000000000000000000000000000000000000000000000000000000000000',
      { version: undefined, release: undefined, versionFromToday: false },
    ],
    ['postgres:16-alpine', { isDatabase: true }],
    ['nginx', { isDatabase: false }],
  ] as const)('%s', (text, expected) => {
    expect(describeImage(text)).toMatchObject(expected);
  });

  test('the images of uv are Python with uv beside it', () => {
    expect(describeImage('ghcr.io/astral-sh/uv:0.5.1-python3.12-bookworm-slim')).toMatchObject({
      name: 'python',
      hardened: 'python',
      version: '3.12',
      release: 'bookworm',
      alongside: [{ image: 'uv', version: '0.5.1' }],
    });
    expect(describeImage('ghcr.io/astral-sh/uv:0.5.1')).toMatchObject({
      hardened: 'uv',
      version: '0.5.1',
      alongside: [],
    });
  });

  test('a tag longer than the registry allows means nothing', () => {
    expect(readTag('1'.repeat(100_000))).toMatchObject({ version: undefined, words: [] });
  });
});

describe('what it brings', () => {
  test('entrypoint, command, user and ports', () => {
    expect(describeImage('node:22').brings).toMatchObject({
      entrypoint: ['docker-entrypoint.sh'],
      cmd: ['node'],
      users: { node: '1000:1000', 'www-data': '33:33' },
    });
    expect(describeImage('gcr.io/distroless/java17-debian12:nonroot').brings).toMatchObject({
      entrypoint: ['/usr/bin/java', '-jar'],
      user: '65532',
      shell: undefined,
    });
    expect(describeImage('python:3.12').brings.environment.LANG).toBe('C.UTF-8');
    expect(describeImage('python:3.13').brings.environment.LANG).toBeUndefined();
    expect(describeImage('nginx').brings).toMatchObject({ exposes: ['80/tcp'], users: { nginx: '101:101' } });
    expect(describeImage('postgres:16').brings.users).toMatchObject({ postgres: '999:999' });
    expect(describeImage('postgres:16-alpine').brings.users).toMatchObject({ postgres: '70:70' });
    expect(describeImage('postgres:18').brings.environment).toMatchObject({ PGDATA: '/var/lib/postgresql/18/docker' });
    expect(describeImage('mcr.microsoft.com/dotnet/aspnet:8.0').brings).toMatchObject({
      users: { app: '1654:1654' },
      environment: { ASPNETCORE_HTTP_PORTS: '8080' },
    });
    expect(describeImage('ruby:3.3').brings.environment).toMatchObject({ GEM_HOME: '/usr/local/bundle' });
  });

  test.each([
    // image, program, whether it has it
    ['python:3.11', 'gcc', true],
    ['python:3.11', 'make', true],
    ['python:3.11', 'git', true],
    ['python:3.11', 'cmake', false],
    ['python:3.11-slim', 'gcc', false],
    ['python:3.11-slim', 'curl', false],
    ['python:3.11-slim', 'tar', true],
    ['python:3.11-slim', 'useradd', true],
    ['python:3.11-slim-bookworm', 'adduser', true],
    ['python:3.11-slim-trixie', 'adduser', false],
    ['python:3.11.0-slim', 'adduser', undefined],
    ['python:3.11-alpine', 'adduser', true],
    ['python:3.11-alpine', 'useradd', false],
    ['python:3.11-alpine', 'wget', true],
    ['python:3.11-alpine', 'bash', false],
    ['node:22-slim', 'yarn', true],
    ['node:22-slim', 'corepack', true],
    ['node:26-slim', 'yarn', false],
    ['node:26-slim', 'corepack', false],
    ['golang:1.26', 'git', true],
    ['golang:1.26-alpine', 'git', false],
    ['rust:1.98-slim', 'gcc', true],
    ['rust:1.98-slim', 'make', false],
    ['nginx:1.30', 'curl', true],
    ['nginx:1.30-alpine-slim', 'curl', false],
    ['debian:12', 'curl', false],
    ['ubuntu:22.04', 'apt-get', true],
    ['rust:1.98-slim', 'wget', false],
    ['ruby:3.4-slim', 'ps', false],
    ['ruby:3.4', 'ps', true],
    ['eclipse-temurin:21-jre', 'curl', true],
    ['eclipse-temurin:21-jre', 'javac', false],
    ['amazonlinux:2023', 'sed', true],
    ['amazonlinux:2023', 'git', undefined],
    ['gcr.io/distroless/static', 'sh', false],
    ['acme/app', 'sh', undefined],
  ] as const)('%s, %s: %s', (text, program, has) => {
    expect(sourceHasProgram(describeImage(text), program)).toBe(has);
  });
});
