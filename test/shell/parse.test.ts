import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRun, parseShell } from '../../src/shell/parse.ts';
import type { Command, Node, Script, Word } from '../../src/shell/tree.ts';
import { commandsOf } from '../../src/shell/walk.ts';
import type { Heredoc, LogicalText } from '../../src/syntax/tree.ts';

function joined(pieces: readonly (readonly [source: number, text: string])[]): LogicalText {
  let text = '';
  const segments = [];
  for (const [source, piece] of pieces) {
    segments.push({ logical: text.length, source });
    text += piece;
  }
  return { text, segments };
}

function onlyCommand(script: Script): Command {
  const node = script.statements[0]!.node;
  if (node.kind !== 'command') throw new Error(node.kind);
  return node;
}

describe('words', () => {
  const word = (text: string): Word => onlyCommand(parseShell(`p ${text}`)).words[1]!;

  it.each([
    ['abc', 'abc'],
    ["'a b'", 'a b'],
    ['"a b"', 'a b'],
    ['a\\ b', 'a b'],
    ['"a\\"b\\n"', 'a"b\\n'],
    ["'it'\\''s'", "it's"],
    ['""', ''],
    ['a\\*', 'a*'],
    ['"*"', '*'],
    ['x=~', 'x=~'],
    ['"~"', '~'],
    ['\\{a,b\\}', '{a,b}'],
    ['$', '$'],
  ])('%s is %s', (text, value) => {
    expect(word(text).value).toBe(value);
  });

  it.each(['$a', '"$a"', '${a:-b}', '$(b)', '`b`', '$((1))', '*.c', '[ab]', 'a?', '{a,b}', '~/x', '<(b)'])(
    '%s has no value of its own',
    (text) => {
      expect(word(text).value).toBeUndefined();
    },
  );

  it('takes variables apart', () => {
    expect(word('"${PORT:-80}"').parts).toEqual([
      { kind: 'variable', name: 'PORT', operator: ':-', operand: '80', quoted: true },
    ]);
    expect(word('lib${V%.*}').parts).toEqual([
      { kind: 'text', text: 'lib', quoted: false },
      { kind: 'variable', name: 'V', operator: '%', operand: '.*', quoted: false },
    ]);
    expect(word('${#a}').parts[0]).toMatchObject({ name: 'a', operator: 'length', operand: undefined });
    expect(word('${!a}').parts[0]).toMatchObject({ name: 'a', operator: 'indirect' });
    expect(word('${a[1]}').parts[0]).toMatchObject({ name: 'a', operator: '[1]' });
    expect(word('$@').parts[0]).toMatchObject({ name: '@' });
  });
});

describe('ranges', () => {
  it('leads over continuations to the file', () => {
    const file = 'RUN apt-get \\\n# why\n  install cu\\\nrl && x';
    const script = parseShell(
      joined([
        [4, 'apt-get '],
        [20, '  install cu'],
        [34, 'rl && x'],
      ]),
    );
    const [install, x] = commandsOf(script).map(({ command }) => command);
    const at = ({ range }: { range: { start: number; end: number } }) => file.slice(range.start, range.end);
    expect(install!.words.map(at)).toEqual(['apt-get', 'install', 'cu\\\nrl']);
    expect(at(install!)).toBe('apt-get \\\n# why\n  install cu\\\nrl');
    expect(at(x!)).toBe('x');
  });

  it('covers a backtick expression whose inside is unescaped', () => {
    const text = 'echo `a \\`b\\`` c';
    const commands = commandsOf(parseShell(text)).map(({ command }) => command);
    expect(commands.map(({ words }) => words[0]!.value)).toEqual(['b', 'a', 'echo']);
    expect(text.slice(commands[0]!.range.start, commands[0]!.range.end)).toBe('`a \\`b\\``');
  });

  it('leaves a continuation at the end of a word out of it', () => {
    const text = 'a \\\n  b\\\n\nc';
    const words = commandsOf(parseShell(text)).flatMap(({ command }) => command.words);
    expect(words.map(({ range }) => text.slice(range.start, range.end))).toEqual(['a', 'b', 'c']);
  });

  it('stays inside the text, each node inside its parent, whatever the text', () => {
    const pieces = [
      'a',
      ' ',
      '$',
      '(',
      ')',
      '{',
      '}',
      '"',
      "'",
      '`',
      '\\',
      '\n',
      ';',
      '&',
      '|',
      '<',
      '>',
      '[',
      ']',
      '=',
    ]
      .concat([
        'if ',
        ' then ',
        ' fi ',
        'for x in ',
        ' do ',
        ' done ',
        '<<E\n',
        '\nE\n',
        '$((',
        '))',
        '*',
        '${',
        '#',
        '~',
      ])
      .concat(['case ', ' in ', ';; ', ' esac ', 'f() ', '\\\n', '!', ' && ', ' || ', '[[ ', ' ]]', '😀']);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 40 }), (chosen) => {
        const text = chosen.join('');
        expectNested(parseShell(text, 100), { start: 100, end: 100 + text.length });
      }),
      { numRuns: 3000 },
    );
  });
});

function expectNested(script: Script, outer: { start: number; end: number }): void {
  within(script.range, outer);
  for (const statement of script.statements) {
    within(statement.range, script.range);
    nodeWithin(statement.node, statement.range);
  }
}

function nodeWithin(node: Node, outer: { start: number; end: number }): void {
  within(node.range, outer);
  if (node.kind === 'pipeline' || node.kind === 'and-or') {
    for (const inner of node.nodes) nodeWithin(inner, node.range);
    return;
  }
  for (const word of node.words) {
    within(word.range, node.range);
    for (const part of word.parts) if (part.kind === 'command') expectNested(part.script, word.range);
  }
  if (node.kind === 'compound') for (const script of node.scripts) expectNested(script, node.range);
}

function within(range: { start: number; end: number }, outer: { start: number; end: number }): void {
  if (range.start < outer.start || range.end > outer.end || range.end < range.start) {
    throw new Error(`${JSON.stringify(range)} is not within ${JSON.stringify(outer)}`);
  }
}

describe('scripts', () => {
  it('says what no shell accepts, and keeps what it could read', () => {
    for (const text of ['ls && ', 'echo $(ls', 'if true; then', '(ls', 'echo "a', 'echo ${a', 'x | | y', ')']) {
      expect(parseShell(text).problem, text).toBeTypeOf('string');
    }
    expect(commandsOf(parseShell('ls && ')).map(({ command }) => command.words[0]!.value)).toEqual(['ls']);
  });

  it('keeps redirections, their descriptors and here-documents', () => {
    const command = onlyCommand(parseShell("cat <<'EOF' >> /etc/x 2>&1\na $b\nEOF\n"));
    expect(command.redirects.map((r) => [r.fileDescriptor, r.operator, r.target?.value])).toEqual([
      [undefined, '<<', 'a $b\n'],
      [undefined, '>>', '/etc/x'],
      [2, '>&', '1'],
    ]);
    const open = onlyCommand(parseShell('cat <<EOF\na $b\nEOF\n'));
    expect(open.redirects[0]!.target).toMatchObject({ raw: 'a $b\n', value: undefined });
  });

  it('does not run away on nests, long chains and many here-documents', () => {
    for (const text of ['$('.repeat(50000), `x ${'$(a '.repeat(9000)}${')'.repeat(9000)}`, '('.repeat(50000)]) {
      expect(parseShell(text).problem).toBeTypeOf('string');
    }
    expect(commandsOf(parseShell(`${'a && '.repeat(20000)}b`))).toHaveLength(20001);
    expect(parseShell(`${'cat <<A '.repeat(50000)}\n`).problem).toBe('too many here-documents');
  });
});

describe('here-documents of RUN', () => {
  const heredoc = (over: Partial<Heredoc>): Heredoc => ({
    name: 'EOF',
    markerRange: { start: 4, end: 9 },
    expand: true,
    chomp: false,
    fileDescriptor: 0,
    content: 'apt-get update\n',
    bodyRange: { start: 10, end: 25 },
    terminatorRange: { start: 25, end: 28 },
    ...over,
  });
  const programs = (script: Script) => commandsOf(script).map(({ command }) => command.words[0]?.value);

  it('runs the body of a marker alone', () => {
    const script = parseRun(joined([[4, '<<EOF']]), [heredoc({})]);
    expect(programs(script)).toEqual(['apt-get']);
    expect(commandsOf(script)[0]!.command.range).toEqual({ start: 10, end: 24 });
  });

  it('removes the tabs of <<- and still finds the place', () => {
    const script = parseRun(joined([[4, '<<-EOF']]), [heredoc({ chomp: true, content: '\t\ta\n\tb c\n' })]);
    expect(commandsOf(script).map(({ command }) => command.range)).toEqual([
      { start: 12, end: 13 },
      { start: 15, end: 18 },
    ]);
  });

  it('leaves a body to the interpreter that its first line names', () => {
    expect(
      parseRun(joined([[4, '<<EOF']]), [heredoc({ content: '#!/usr/bin/env python3\nimport os\n' })]),
    ).toMatchObject({
      statements: [],
      problem: undefined,
    });
    expect(programs(parseRun(joined([[4, '<<EOF']]), [heredoc({ content: '#!/bin/bash -e\nls\n' })]))).toEqual(['ls']);
  });

  it('gives the bodies to the programs of the line otherwise', () => {
    const script = parseRun(joined([[4, 'cat <<EOF > /x && ls']]), [
      heredoc({ content: 'hello\n', bodyRange: { start: 25, end: 31 }, terminatorRange: { start: 31, end: 34 } }),
    ]);
    expect(script.problem).toBeUndefined();
    expect(programs(script)).toEqual(['cat', 'ls']);
    const cat = commandsOf(script)[0]!.command;
    expect(cat.redirects[0]!.target).toMatchObject({ value: 'hello\n', range: { start: 25, end: 31 } });
  });
});
