import { describe, expect, test } from 'vitest';
import { compare } from '../../src/engine/compare.ts';
import type { Observation } from '../../src/engine/observe.ts';

const works: Observation = {
  startFailure: undefined,
  ended: undefined,
  ready: 1,
  asked: [],
  health: undefined,
  written: [],
  existing: [],
  stop: { exitCode: 0, seconds: 0.2, killed: false },
  stdout: '',
  stderr: '',
};
const ended = (exitCode: number): Partial<Observation> => ({
  ended: { exitCode, outOfMemory: false },
  ready: undefined,
  stop: undefined,
});
const writes = (...paths: string[]) => paths.map((path) => ({ kind: 'A', path }));
const told = (before: Partial<Observation>, after: Partial<Observation>) =>
  compare({ ...works, ...before }, { ...works, ...after }).map(
    ({ kind, counts, message, causes }) =>
      `${counts ? 'differs' : 'note'} ${kind}: ${message}${causes.map(({ rule }) => ` [${rule}]`).join('')}`,
  );

const gone = 'the migrated program does not write what the original writes';

describe('what counts as another behaviour', () => {
  test.each<[name: string, before: Partial<Observation>, after: Partial<Observation>, expected: string[]]>([
    ['nothing', {}, {}, []],
    [
      'it does not start',
      {},
      { startFailure: 'exec: "sh": executable file not found in $PATH' },
      ['differs start: the migrated image does not start [no-shell-at-runtime]'],
    ],
    ['it ends', {}, ended(1), ['differs start: the migrated program ends']],
    ['it never answers', {}, { ready: undefined }, ['differs start: the migrated program never answers']],
    ['the same code', ended(0), ended(0), []],
    ['another code', ended(0), ended(3), ['differs end: the program ends with another code']],
    ['it ends no longer', ended(0), {}, ['differs end: the program ends no longer by itself']],
    [
      'a sound check fails',
      { health: { status: 'healthy', output: '' } },
      { health: { status: 'unhealthy', output: 'exec: "curl": executable file not found in $PATH' } },
      ['differs health: the health check fails [entry-point]'],
    ],
    [
      'a check that failed before',
      { health: { status: 'unhealthy', output: '' } },
      { health: { status: 'healthy', output: '' } },
      [],
    ],
    [
      'no check any more',
      { health: { status: 'healthy', output: '' } },
      {},
      ['note health: the migrated image has no health check: let the orchestrator ask'],
    ],
    [
      'it has to be killed',
      {},
      { stop: { exitCode: 137, seconds: 10, killed: true } },
      ['differs stop: the migrated program does not end on SIGTERM [termination-signal]'],
    ],
    [
      'it had to be killed',
      { stop: { exitCode: 137, seconds: 10, killed: true } },
      {},
      ['note stop: the program ends in another way on SIGTERM'],
    ],
    ['a file is missing', { written: writes('/app/data/1.json') }, {}, [`differs files: ${gone}`]],
    ['a file of another number', { written: writes('/app/data/1.json') }, { written: writes('/app/data/2.json') }, []],
    ['a folder of the image', { written: writes('/app/data') }, { existing: ['/app/data'] }, []],
    ['caches', { written: writes('/tmp/a', '/app/__pycache__/a.pyc', '/root/.npm/x', '/run/a.pid') }, {}, []],
    ['configuration of an entrypoint', { written: writes('/etc/nginx/conf.d/a.conf') }, {}, [`note files: ${gone}`]],
    [
      'a failure in the log',
      {},
      { stderr: "PermissionError: [Errno 13] Permission denied: '/data'" },
      ['differs log: the migrated program tells of a failure that the original does not have [writable-paths]'],
    ],
    [
      'a failure in both logs',
      { stderr: "Error: Cannot find module 'x'" },
      { stderr: "Error: Cannot find module 'x'" },
      [],
    ],
  ])('%s', (_name, before, after, expected) => {
    expect(told(before, after)).toEqual(expected);
  });
});
