import { describe, expect, test } from 'vitest';
import { parse } from '../../src/syntax/parse.ts';
import { parserOutput } from '../../src/syntax/parser-output.ts';

/** Keyword and arguments of each instruction. */
function read(text: string): string[][] {
  const file = parse(text);
  expect(file.problem).toBeUndefined();
  return file.instructions.map(({ keyword, args }) => [keyword, ...args]);
}

function refusal(text: string): string | undefined {
  return parse(text).problem?.message;
}

describe('lines', () => {
  test('white space, blank lines and comments around instructions are not part of them', () => {
    expect(read('\n # c\n\t FROM  a  \n\n  # d\nRUN   b  c \t\n')).toEqual([
      ['from', 'a'],
      ['run', 'b  c'],
    ]);
  });

  test('CRLF, no final newline, byte order mark', () => {
    expect(read('\ufeffFROM a\r\nRUN b \\\r\n  c\r\nUSER x')).toEqual([
      ['from', 'a'],
      ['run', 'b   c'],
      ['user', 'x'],
    ]);
  });

  test('comment and blank lines inside a continuation are dropped, white space at its beginning is kept', () => {
    const file = parse('FROM a\nRUN one \\\n  # no\n\n  && two\nUSER x\n');
    expect(file.instructions.map(({ args, startLine, endLine }) => [args[0], startLine, endLine])).toEqual([
      ['a', 1, 1],
      ['one   && two', 2, 5],
      ['x', 6, 6],
    ]);
  });

  test('white space may follow the escape character; a doubled one does not continue the line', () => {
    expect(read('FROM a\nRUN b\\ \t\nc\nRUN d\\\\\nUSER e')).toEqual([
      ['from', 'a'],
      ['run', 'bc'],
      ['run', 'd\\\\'],
      ['user', 'e'],
    ]);
  });

  test('a continuation may split a keyword, stand alone before one, or end the file', () => {
    expect(read('FR\\\nOM a\n\\\nRUN b\nRUN c \\\n')).toEqual([
      ['from', 'a'],
      ['run', 'b'],
      ['run', 'c'],
    ]);
  });

  test('unknown keywords are kept and their arguments are not', () => {
    expect(read('FROM a\nFoo bar\n')).toEqual([
      ['from', 'a'],
      ['foo', ''],
    ]);
  });
});

describe('directives', () => {
  test('are read before the first other line, in any case', () => {
    const file = parse('# Syntax = docker/dockerfile:1 \n#ESCAPE=`\n# check=skip=all\nFROM a\nRUN b `\n c\n');
    expect(file.directives.map(({ name, value }) => [name, value])).toEqual([
      ['syntax', 'docker/dockerfile:1'],
      ['escape', '`'],
      ['check', 'skip=all'],
    ]);
    expect(file.instructions[1]?.args).toEqual(['b  c']);
  });

  test.each([['\n'], ['# comment\n'], ['# unknown=1\n'], ['#!/usr/bin/env x\n']])('are comments after %j', (head) => {
    const file = parse(`${head}# escape=\`\nFROM a\n`);
    expect(file.escape).toBe('\\');
    expect(file.directives).toEqual([]);
  });

  test('syntax is looked for after a shebang', () => {
    expect(parse('#!/x\n# syntax=a\nFROM a').directives.map(({ value }) => value)).toEqual(['a']);
  });
});

describe('forms', () => {
  test('flags stop at the first word without dashes; quotes and backslashes in them are resolved', () => {
    const [, run] = parse('FROM a\nRUN --mount=type=cache,target="/a b" --x --y=\\"z echo --no').instructions;
    expect(run?.flags.map(({ name, value }) => [name, value])).toEqual([
      ['mount', 'type=cache,target=/a b'],
      ['x', undefined],
      ['y', '"z'],
    ]);
    expect(run?.args).toEqual(['echo --no']);
  });

  test('exec form, and the shell form that broken JSON falls back to', () => {
    const file = parse(
      'FROM a\nCMD [ "a\\u00e9", \\\n"b" ]\nCMD ["a",]\nCMD [\'a\']\nCOPY ["a b", "c"]\nCOPY ["a" c\nSHELL []\nCMD ["x"] y',
    );
    expect(file.instructions.slice(1).map(({ json, args }) => [json, ...args])).toEqual([
      [true, 'aé', 'b'],
      [false, '["a",]'],
      [false, "['a']"],
      [true, 'a b', 'c'],
      [false, '["a"', 'c'],
      [true],
      [false, '["x"] y'],
    ]);
  });

  test('ENV and LABEL: pairs with quotes and escapes kept, and the old form', () => {
    expect(read('FROM a\nENV A=1 B="x y" C=x\\ y \'D\'=z\nENV E  f g=h \nLABEL a.b=c')).toEqual([
      ['from', 'a'],
      ['env', 'A', '1', '=', 'B', '"x y"', '=', 'C', 'x\\ y', '=', "'D'", 'z', '='],
      ['env', 'E', 'f g=h', ''],
      ['label', 'a.b', 'c', '='],
    ]);
  });

  test('HEALTHCHECK: its first word and a command; ONBUILD: the instruction in it', () => {
    const file = parse('FROM a\nHEALTHCHECK --interval=5s CMD ["a", "b"]\nHEALTHCHECK none\nONBUILD COPY --from=x a b');
    const [, check, none, onbuild] = file.instructions;
    expect([check?.json, check?.args]).toEqual([true, ['CMD', 'a', 'b']]);
    expect(none?.args).toEqual(['none']);
    expect(onbuild?.args).toEqual([]);
    expect([onbuild?.sub?.keyword, onbuild?.sub?.args]).toEqual(['copy', ['a', 'b']]);
  });
});

describe('here-documents', () => {
  const heredocs = (text: string) =>
    parse(`FROM a\n${text}`).instructions[1]?.heredocs.map(({ name, expand, chomp, fileDescriptor, content }) => [
      name,
      expand,
      chomp,
      fileDescriptor,
      content,
    ]);

  test('several in a line, quoted, with tabs, with file descriptors, with space before the name', () => {
    expect(heredocs('RUN a <<A 3<<"B C" <<-D <<  E\n# x\nA\n$y \\\nB C\n\td\n\tD\nE\n')).toEqual([
      ['A', true, false, 0, '# x\n'],
      ['B C', false, false, 3, '$y \\\n'],
      ['D', true, true, 0, '\td\n'],
      ['E', true, false, 0, ''],
    ]);
  });

  test('the terminator is the line alone; line ends of the body are kept', () => {
    expect(heredocs('COPY <<a.txt /x\r\n a.txt\r\na.txt \r\na.txt\r\n')).toEqual([
      ['a.txt', true, false, 0, ' a.txt\r\na.txt \r\n'],
    ]);
  });

  test.each([
    ['RUN cat <<<EOF'],
    ['RUN echo "<<EOF"'],
    ['RUN echo $((1<<2))x<<'],
    ['ENV A=<<EOF'],
    ['RUN ["<<EOF"]'],
    ["RUN don't <<EOF"],
    ['RUN x<<EOF'],
  ])('%s announces none', (line) => {
    expect(heredocs(`${line}\n`)).toEqual([]);
  });

  test('under ONBUILD they belong to both instructions, and BuildKit hangs them on the outer one', () => {
    const file = parse('FROM a\nONBUILD RUN <<E\nx\nE\nUSER y');
    expect(file.instructions[1]?.sub?.heredocs).toEqual(file.instructions[1]?.heredocs);
    expect(parserOutput(file)).toEqual({
      escape: '\\',
      instructions: [
        { cmd: 'from', start: 1, end: 1, args: ['a'] },
        {
          cmd: 'onbuild',
          start: 2,
          end: 4,
          sub: { cmd: 'run', start: 0, end: 0, args: ['<<E'] },
          heredocs: [{ name: 'E', expand: true, chomp: false, fd: 0, content: 'x\n' }],
        },
        { cmd: 'user', start: 5, end: 5, args: ['y'] },
      ],
    });
  });
});

describe('what BuildKit refuses', () => {
  test.each([
    ['', 'file with no instructions'],
    ['# only\n\n', 'file with no instructions'],
    ['FROM a\nENV A\n', 'ENV must have two arguments'],
    ['FROM a\nLABEL A\n', 'LABEL must have two arguments'],
    ['FROM a\nENV A=b c\n', 'Syntax error - can\'t find = in "c". Must be of the form: name=value'],
    ['FROM a\nRUN <<E\nx\n', 'unterminated heredoc'],
    ['# escape=x\nFROM a', "invalid escape token 'x' does not match ` or \\"],
    ['# escape=`\n# escape=`\nFROM a', 'only one escape parser directive can be used'],
    ['FROM a\nCMD ["a", 1]', 'when using JSON array syntax, arrays must be comprised of strings only'],
    ['FROM a\nONBUILD CMD [["a"]]', 'when using JSON array syntax, arrays must be comprised of strings only'],
    [`FROM a\nRUN ${'x'.repeat(65_532)}\n`, 'dockerfile line greater than max allowed size of 65535'],
  ])('%.40j', (text, message) => {
    expect(refusal(text)).toBe(message);
    expect(parserOutput(parse(text))).toEqual({ error: message });
  });

  test('a line of 65535 bytes is not too long', () => {
    expect(refusal(`FROM a\nRUN ${'x'.repeat(65_531)}\n`)).toBeUndefined();
    expect(refusal(`FROM a\nRUN ${'é'.repeat(32_765)}x\n`)).toBeUndefined();
    expect(refusal(`FROM a\nRUN ${'é'.repeat(32_766)}\n`)).toBe(
      'dockerfile line greater than max allowed size of 65535',
    );
  });

  test('the problem points at the instruction, and what came before is kept', () => {
    const text = 'FROM a\n\n  ENV \\\nB\nRUN c\n';
    const { problem, instructions } = parse(text);
    expect(text.slice(problem?.range.start, problem?.range.end)).toBe('ENV \\\nB');
    expect(instructions.map(({ keyword }) => keyword)).toEqual(['from']);
  });

  test('a number that Go cannot hold makes no JSON array', () => {
    expect(read('FROM a\nCMD [1e999]')).toEqual([
      ['from', 'a'],
      ['cmd', '[1e999]'],
    ]);
  });
});
