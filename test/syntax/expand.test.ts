import { describe, expect, test } from 'vitest';
import { expandHeredoc, expandWord, expandWords } from '../../src/syntax/expand.ts';

const variables = new Map<string, string | null>([
  ['A', 'one'],
  ['EMPTY', ''],
  ['PATHS', '/usr/lib/x.tar.gz'],
  ['SPACED', ' a  b '],
  ['UNKNOWN', null],
  ['STAR', 'a*b'],
]);
const value = (text: string) => expandWord(text, variables).value;
const error = (text: string) => expandWord(text, variables).error;

describe('operators, as a shell answers', () => {
  test.each([
    ['$A-${A}', 'one-one'],
    ['${A:-x}${A-x}', 'oneone'],
    ['[${EMPTY:-x}][${EMPTY-x}]', '[x][]'],
    ['[${NO:-x}][${NO-x}]', '[x][x]'],
    ['[${EMPTY:+x}][${EMPTY+x}][${NO+x}][${A:+x}]', '[][x][][x]'],
    ['${A:?no}${A?no}[${EMPTY?no}]', 'oneone[]'],
    ['${PATHS#*/}|${PATHS##*/}', 'usr/lib/x.tar.gz|x.tar.gz'],
    ['${PATHS%.*}|${PATHS%%.*}', '/usr/lib/x.tar|/usr/lib/x'],
    ['${PATHS%\\.t?r*}|${PATHS#x}', undefined],
    ['${PATHS%.t?r*}|${PATHS#x}', '/usr/lib/x|/usr/lib/x.tar.gz'],
    ['${PATHS/\\//-}|${PATHS//\\//-}', '-usr/lib/x.tar.gz|-usr-lib-x.tar.gz'],
    ['${A//[on]/x}${A/n*/}', 'oneo'],
    ['${STAR#a\\*}|${STAR%\\**}', 'b|a'],
    ['${NO:-${NO2:-$A}}', 'one'],
    ["\"$A '$A'\" '$A'", "one 'one' $A"],
    ['\\$A "\\$A" a\\b "a\\b"', '$A $A ab a\\b'],
  ])('%s', (text, expected) => {
    expect(value(text)).toBe(expected);
  });

  test('the escape character of the file counts', () => {
    expect(expandWord('`$A C:\\$A', variables, '`').value).toBe('$A C:\\one');
  });

  test.each([
    ['${A', "missing '}'"],
    ['${}', 'bad substitution'],
    ['${A:x}', 'unsupported modifier (:x)'],
    ['${A^}', 'unsupported modifier (^)'],
    ['${NO?}', 'NO: is not allowed to be unset'],
    ['${EMPTY:?}', 'EMPTY: is not allowed to be empty'],
    ['${NO:?give it}', 'NO: give it'],
    ['"$A', 'matching double-quote'],
    ["'$A", 'matching single-quote'],
    ['${A/x}', "missing '/' in ${}"],
    ['${A#\\q}', 'invalid escape'],
  ])('%s is refused', (text, message) => {
    expect(error(text)).toContain(message);
    expect(value(text)).toBeUndefined();
  });
});

test('tells which variables were used, unset and not known', () => {
  expect(expandWord('$A $NO ${UNKNOWN:-x}', variables)).toEqual({
    value: undefined,
    error: undefined,
    used: ['A', 'UNKNOWN'],
    unset: ['NO'],
    unknown: ['UNKNOWN'],
  });
});

test('a value that is not known matters only where it is used', () => {
  expect(value('${A:-$UNKNOWN}')).toBe('one');
  expect(value('${UNKNOWN+set}')).toBe('set');
  expect(value('${UNKNOWN:+set}')).toBeUndefined();
  expect(value('${NO:-$UNKNOWN}')).toBeUndefined();
});

test('words are split after substitution, quotes hold them together', () => {
  const words = (text: string) => expandWords(text, variables).values;
  expect(words('x$SPACED"y z" \\  w')).toEqual(['x', 'a', 'b', 'y z', ' ', 'w']);
  expect(words('"$SPACED"$EMPTY')).toEqual([' a  b ']);
  expect(words('$EMPTY ""')).toEqual([]);
});

test('quotes in a here-document stay', () => {
  expect(expandHeredoc('"$A" \'$A\' \\$A', variables).value).toBe('"one" \'one\' $A');
});

test('hostile texts end soon', () => {
  const start = performance.now();
  expect(error('${a:-'.repeat(1e5))).toContain('nested too deep');
  const long = new Map([['A', 'a'.repeat(2000)]]);
  expect(expandWord(`\${A//${'*a'.repeat(500)}*b/x}`, long).value).toBe('a'.repeat(2000));
  expect(expandWord(`\${A#${'?'.repeat(1000)}*${'a?'.repeat(500)}b}`, long).value).toBe('a'.repeat(2000));
  expect(error('$A'.repeat(1e5))).toBeUndefined();
  expect(expandWord('$A'.repeat(1e5), long).error).toContain('too long');
  expect(performance.now() - start).toBeLessThan(3000);
});
