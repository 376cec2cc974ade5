import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { packageManagers } from '../../src/package-managers/generated.ts';
import { readInvocation } from '../../src/package-managers/read.ts';
import { parseShell } from '../../src/shell/parse.ts';
import { commandsOf } from '../../src/shell/walk.ts';
import { unwrap, unwrappedCommandsOf } from '../../src/shell/wrappers.ts';

it('answers undefined for what is no package manager', () => {
  for (const text of [
    'ls',
    'A=b',
    '$X install',
    'python app.py',
    'python -m http.server',
    'constructor',
    '__proto__ x',
    '',
  ]) {
    const [first] = commandsOf(parseShell(text));
    expect(first && readInvocation(first.command), text).toBeUndefined();
  }
});

it('reads commands that are unwrapped already, and those in sh -c', () => {
  const [first] = commandsOf(parseShell('sudo env A=b apt-get update'));
  expect(readInvocation(unwrap(first!.command))).toMatchObject({ manager: 'apt-get', action: 'update' });
  const found = unwrappedCommandsOf(parseShell("sh -c 'apt-get update && npm ci' && true")).map(({ unwrapped }) =>
    readInvocation(unwrapped),
  );
  expect(found.map((invocation) => invocation?.manager)).toEqual(['apt-get', 'npm', undefined]);
});

it('has no program with two managers', () => {
  const programs = packageManagers.flatMap((manager) => manager.programs);
  expect(new Set(programs).size).toBe(programs.length);
});

it('lists every manager in its index', () => {
  const folder = new URL('../../src/package-managers/', import.meta.url);
  const declared = readdirSync(folder).filter((name) =>
    /export const \w+: PackageManager =/.test(readFileSync(new URL(name, folder), 'utf8')),
  );
  expect(packageManagers).toHaveLength(declared.length);
});

it('never throws, whatever follows the program', () => {
  const tails = [
    '',
    '-',
    '--',
    '-x',
    '--x=',
    '$X',
    '"$@"',
    '$(a)',
    '*',
    '{a,b}',
    '=',
    '@',
    '~',
    'install',
    'run',
    'add $X --',
    '-t',
  ];
  for (const { programs } of packageManagers) {
    for (const program of programs) {
      for (const first of tails) {
        for (const second of tails) {
          const [found] = commandsOf(parseShell(`${program} ${first} ${second}`)).slice(-1);
          expect(() => readInvocation(found!.command), `${program} ${first} ${second}`).not.toThrow();
        }
      }
    }
  }
});
