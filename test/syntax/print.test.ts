import { expect, test } from 'vitest';
import { parse } from '../../src/syntax/parse.ts';
import { pieces } from '../../src/syntax/print.ts';

function cut(text: string): string[][] {
  return pieces(parse(text)).pieces.map(({ detached, leading, own, lineEnd }) =>
    [detached, leading, own, lineEnd].map(({ start, end }) => text.slice(start, end)),
  );
}

test('comments directly above an instruction belong to it, those behind a blank line do not', () => {
  expect(cut('# syntax=x\n# a\nFROM b\n\n# far\n\n# near\n  # nearer\n  RUN c\\\n  d\r\nUSER e')).toEqual([
    ['# syntax=x\n', '# a\n', 'FROM b', '\n'],
    ['\n# far\n\n', '# near\n  # nearer\n  ', 'RUN c\\\n  d', '\r\n'],
    ['', '', 'USER e', ''],
  ]);
});

test('a byte order mark and a shebang stay at the head', () => {
  expect(cut('\ufeff#!/x\n# a\nFROM b\n')).toEqual([['\ufeff#!/x\n', '# a\n', 'FROM b', '\n']]);
  expect(cut('\ufeffFROM b\n')).toEqual([['\ufeff', '', 'FROM b', '\n']]);
});

test('a here-document is part of its instruction', () => {
  expect(cut('FROM a\nRUN <<E\n# x\nE\n# y\nUSER z\n')[1]).toEqual(['', '', 'RUN <<E\n# x\nE', '\n']);
});

test('what cannot be read is the tail', () => {
  const text = 'FROM a\n# c\nENV b\nRUN d\n';
  const { tail } = pieces(parse(text));
  expect(text.slice(tail.start, tail.end)).toBe('# c\nENV b\nRUN d\n');
});
