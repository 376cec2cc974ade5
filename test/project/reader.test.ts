import { execFileSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { contextReader } from '../../src/project/reader.ts';
import { folderOf } from './folder.ts';

test('reads files and lists folders of the context', () => {
  const reader = contextReader(folderOf({ 'package.json': '{}', 'src/app.py': 'x', 'src/lib/': '' }));
  expect(reader.read('package.json')).toBe('{}');
  expect(reader.read('./src//app.py')).toBe('x');
  expect(reader.read('src')).toBeUndefined();
  expect(reader.read('missing')).toBeUndefined();
  expect(reader.list('')).toEqual(['package.json', 'src/']);
  expect(reader.list('src/')).toEqual(['app.py', 'lib/']);
  expect(reader.list('package.json')).toBeUndefined();
});

test('reads nothing outside of the context', () => {
  const outside = folderOf({ secret: 'x', 'folder/file': '' });
  const context = folderOf({ inside: 'y', 'sub/': '' });
  symlinkSync(join(outside, 'secret'), join(context, 'link'));
  symlinkSync(join(outside, 'folder'), join(context, 'folder'));
  symlinkSync('../inside', join(context, 'sub/kept'));
  const reader = contextReader(context);
  for (const path of [
    '../secret',
    join(outside, 'secret'),
    'link',
    'folder/file',
    'sub/../../x',
    'a\0b',
    '__proto__',
  ]) {
    expect(reader.read(path), path).toBeUndefined();
  }
  expect(reader.list('..')).toBeUndefined();
  expect(reader.list('folder')).toBeUndefined();
  expect(reader.list('')).toEqual(['inside', 'sub/']);
  expect(reader.list('sub')).toEqual(['kept']);
  expect(reader.read('sub/kept')).toBe('y');
});

test('a neighbour whose name begins like the context is outside', () => {
  const parent = folderOf({ 'app/x': '', 'app-secret/y': 'z' });
  symlinkSync('../app-secret/y', join(parent, 'app/link'));
  expect(contextReader(join(parent, 'app')).read('link')).toBeUndefined();
});

test('reads no binary, no file of more than a megabyte and no pipe', () => {
  const context = folderOf({
    binary: new Uint8Array([65, 0, 66]),
    latin1: new Uint8Array([0xe4, 0xf6]),
    large: 'x'.repeat(1024 * 1024 + 1),
    whole: 'x'.repeat(1024 * 1024),
  });
  execFileSync('mkfifo', [join(context, 'pipe')]);
  const reader = contextReader(context);
  for (const path of ['binary', 'latin1', 'large', 'pipe']) expect(reader.read(path), path).toBeUndefined();
  expect(reader.read('whole')).toHaveLength(1024 * 1024);
});

test('one run sees one state', () => {
  const context = folderOf({ a: '1' });
  const reader = contextReader(context);
  expect(reader.read('a')).toBe('1');
  writeFileSync(join(context, 'a'), '2');
  expect(reader.read('a')).toBe('1');
});
