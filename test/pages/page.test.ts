import { describe, expect, test } from 'vitest';
import { pageProject, readPage, replaceBlocks } from './page.ts';

const fence = '```';
const block = (info: string, content: string) => `${fence}${info}\n${content}${fence}\n`;

describe('a page', () => {
  test('gives its cases with the files of their section', () => {
    const page = [
      '# Title\n\n## One\n',
      block('json file=package.json', '{}\n'),
      block('dockerfile before', 'FROM a\n'),
      block('dockerfile after', 'FROM b\n'),
      block('text finding', 'Dockerfile:1:1: error[x] y\n'),
      '## Two\n',
      block('dockerfile unchanged', 'FROM c\n'),
    ].join('\n');
    const [one, two] = readPage(page);
    expect(one).toMatchObject({ kind: 'before', text: 'FROM a\n', after: { content: 'FROM b\n' } });
    expect(one?.finding?.content).toBe('Dockerfile:1:1: error[x] y\n');
    expect([...one!.files]).toEqual([['package.json', '{}\n']]);
    expect(two).toMatchObject({ kind: 'unchanged', text: 'FROM c\n', after: undefined });
    expect([...two!.files]).toEqual([]);
  });

  test('without an example is refused', () => {
    expect(() => readPage('# Title\n\nprose\n')).toThrow('no example');
  });

  test('that says nothing of what comes out is refused', () => {
    expect(() => readPage(block('dockerfile before', 'FROM a\n'))).toThrow('nothing is said');
  });

  test('with a block of a misspelt kind is refused', () => {
    expect(() => readPage(block('dockerfile befor', 'FROM a\n'))).toThrow('unknown kind');
  });

  test('with an open block is refused', () => {
    expect(() => readPage(`${fence}dockerfile before\nFROM a\n`)).toThrow('never closed');
  });

  test('gets new contents in place', () => {
    const page =
      block('dockerfile before', 'FROM a\n') + block('dockerfile after', 'old\n') + block('text finding', '');
    const [only] = readPage(page);
    const updated = replaceBlocks(page, [
      { block: only!.after!, content: 'FROM b' },
      { block: only!.finding!, content: 'f\n' },
    ]);
    expect(updated).toBe(
      block('dockerfile before', 'FROM a\n') + block('dockerfile after', 'FROM b\n') + block('text finding', 'f\n'),
    );
  });

  test('is a project of its files', () => {
    const project = pageProject(
      new Map([
        ['src/app.py', 'x'],
        ['a.txt', 'y'],
      ]),
    );
    expect(project.read('src/app.py')).toBe('x');
    expect(project.list('')).toEqual(['a.txt', 'src/']);
    expect(project.list('src')).toEqual(['app.py']);
    expect(project.list('no')).toBeUndefined();
  });
});
