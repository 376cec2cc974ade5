import { describe, expect, test } from 'vitest';
import { interpolate, runsOf } from '../../src/deployment/compose-runs.ts';

const runs = (text: string, variables: Record<string, string> = {}) =>
  runsOf({ path: 'deploy/compose.yaml', text }, variables);

describe('how Compose runs services', () => {
  test('reads all that matters for running them elsewhere', () => {
    const [web] = runs(`
services:
  web:
    build: {context: ../web, dockerfile: Dockerfile.prod, target: final, args: {A: "1"}}
    command: gunicorn --bind "0.0.0.0:80" app
    entrypoint: [tini, --]
    user: "1000"
    working_dir: /srv
    environment: ["MODE=\${MODE:-fast}", "URL=postgres://db:5432/x", "PRICE=5$$"]
    env_file: [common.env]
    ports: ["8000:80", "127.0.0.1:9000:9000/tcp", "53:53/udp", {target: 443}]
    expose: ["7000"]
    depends_on: {queue: {condition: service_started}}
    volumes: ["counts:/data", "./conf:/etc/app:ro", "/cache", {type: bind, source: ./a, target: /a}]
    healthcheck: {test: [CMD, wget, -q, http://localhost/]}
  db: {image: "postgres:17", healthcheck: {test: pg_isready}}
  queue: {image: redis}
  idle: {image: other}
`);
    expect(web).toEqual({
      name: 'web',
      folder: 'deploy',
      build: { context: 'web', dockerfile: 'Dockerfile.prod', target: 'final', args: { A: '1' } },
      image: undefined,
      environment: { MODE: 'fast', URL: 'postgres://db:5432/x', PRICE: '5$' },
      environmentFiles: ['common.env'],
      entrypoint: ['tini', '--'],
      command: ['gunicorn', '--bind', '0.0.0.0:80', 'app'],
      user: '1000',
      workdir: '/srv',
      ports: [80, 9000, 443, 7000],
      needs: ['queue', 'db'],
      mounts: [
        { source: 'counts', target: '/data', isVolume: true },
        { source: './conf', target: '/etc/app', isVolume: false },
        { source: '', target: '/cache', isVolume: true },
        { source: './a', target: '/a', isVolume: false },
      ],
      healthCheck: ['wget', '-q', 'http://localhost/'],
      unread: [],
    });
  });

  test('names what it cannot read', () => {
    expect(runs('services: {a: {image: x, command: "a && b"}}')[0]!.unread).toEqual(['command']);
    expect(runs('services: [')).toEqual([]);
    expect(runs('a: 1')).toEqual([]);
  });
});

/* The answers are those of `docker compose config`. */
test.each<[text: string, expected: string]>([
  ['$A', 'one'],
  ['$' + '{A}s', 'ones'],
  ['$' + '{NONE:-two}', 'two'],
  ['$' + '{EMPTY:-two}', 'two'],
  ['$' + '{EMPTY-two}', ''],
  ['$' + '{A:+three}', 'three'],
  ['$' + '{NONE+three}', ''],
  ['$' + '{NONE}', ''],
  ['$$A', '$A'],
  ['$' + '{constructor}', ''],
  ['no $ here', 'no $ here'],
])('%s', (text, expected) => {
  expect(interpolate(text, { A: 'one', EMPTY: '' })).toBe(expected);
});
