import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ExecForm, needsShell, quoteJson, readExecForm, toExec } from '../../src/shell/exec-form.ts';
import { parseShell } from '../../src/shell/parse.ts';

const form = (text: string, variables: Record<string, string | undefined> = {}) =>
  toExec(parseShell(text), new Map(Object.entries(variables)));

const argv = (text: string, variables: Record<string, string | undefined> = {}) => {
  const result = form(text, variables);
  if ('reason' in result) throw new Error(result.reason);
  return result.argv;
};

describe('toExec', () => {
  it('takes quotes and escapes off', () => {
    expect(argv(`node server.js`)).toEqual(['node', 'server.js']);
    expect(argv(`p 'a b' "c\\"d" e\\ f "" '\\n' "\\n"`)).toEqual(['p', 'a b', 'c"d', 'e f', '', '\\n', '\\n']);
    expect(argv('exec gunicorn app:app;')).toEqual(['gunicorn', 'app:app']);
  });

  it('puts in known variables and says which', () => {
    const result = form('java $OPTS -jar "$JAR" --port ${PORT:-80}', {
      OPTS: '-a  -b',
      JAR: 'x y.jar',
      PORT: undefined,
    });
    expect(result).toMatchObject({
      argv: ['java', '-a', '-b', '-jar', 'x y.jar', '--port', '80'],
      expanded: ['OPTS', 'JAR', 'PORT'],
    });
    expect(argv('p $A"$A"', { A: '' })).toEqual(['p', '']);
    expect(argv('p $A x', { A: '' })).toEqual(['p', 'x']);
  });

  it('knows environment, working directory and what means nothing', () => {
    expect(form('A=b C="d e" prog')).toMatchObject({
      argv: ['prog'],
      environment: [
        { name: 'A', value: 'b' },
        { name: 'C', value: 'd e' },
      ],
    });
    expect(form('exec env A=b prog x')).toMatchObject({
      argv: ['prog', 'x'],
      environment: [{ name: 'A', value: 'b' }],
    });
    expect(form('cd /srv/app && exec ./run')).toMatchObject({ argv: ['./run'], workdir: '/srv/app' });
    expect(form('prog > /dev/stdout 2>&1')).toMatchObject({ argv: ['prog'], dropped: ['> /dev/stdout', '2>&1'] });
    expect(form('set -e; prog')).toMatchObject({ argv: ['prog'], dropped: ['set -e'] });
  });

  it.each([
    ['a | b', 'pipes one program into another'],
    ['a && b', 'runs one command depending on another (`&&`)'],
    ['a; b', 'runs several commands in turn'],
    ['a &', 'starts a program in the background'],
    ['java -jar *.jar', 'expands file names (`*.jar`)'],
    ['p {a,b}', 'may expand braces (`{a,b}`)'],
    ['p ~/x', 'expands `~` (`~/x`)'],
    ['p $(hostname)', 'puts in the output of another command (`$(hostname)`)'],
    ['p $((1+1))', 'calculates (`$((1+1))`)'],
    ['p $PORT', 'expands `$PORT`, which is not known before the container starts'],
    ['p $$', "uses the shell's own `$$`"],
    ['p "$@"', "uses the shell's own `$@`"],
    ['p > /var/log/x', 'redirects with `> /var/log/x`'],
    ['p < /x', 'redirects with `</x`'],
    ['p &> /dev/stdout', 'redirects with `&>/dev/stdout`'],
    ["p $'a'", "has quotes that shells read differently (`$'a'`)"],
    ['source x', "uses the shell's own `source`"],
    ['echo hello', "uses the shell's own `echo`"],
    ['if a; then b; fi', 'branches or loops with `if`'],
    ['(a)', 'groups commands'],
    ['! a', "turns a program's result around with `!`"],
    ['A=b', 'starts no program'],
    ['', 'starts no program'],
    ['cd /x; p', 'runs several commands in turn'],
    ['cd /x && p && q', 'runs one command depending on another (`&&`)'],
    ['A=1 B=$A p', 'expands `$A`, which is not known before the container starts'],
  ])('%s needs a shell', (text, reason) => {
    expect(needsShell(parseShell(text))?.reason).toBe(reason);
  });

  it('does not guess about values that the shell would work on', () => {
    expect(form('p $A', { A: '*.c' })).toHaveProperty('reason');
    expect(argv('p "$A"', { A: '*.c' })).toEqual(['p', '*.c']);
    expect(form('p ${A#*/}', { A: 'a/b' })).toHaveProperty('reason');
  });

  it('names the place', () => {
    const text = 'p x $(y)';
    const { range } = needsShell(parseShell(text))!;
    expect(text.slice(range.start, range.end)).toBe('$(y)');
  });
});

describe('exec form', () => {
  it('is written as people do', () => {
    expect(quoteJson(['a', 'b "c"', 'd\\e'])).toBe(String.raw`["a", "b \"c\"", "d\\e"]`);
  });

  it('is read as a command with places', () => {
    const text = '[ "sh", "-c", "a \\"b\\"" ]';
    const command = readExecForm({ text, segments: [{ logical: 0, source: 7 }] }, JSON.parse(text));
    expect(command.words.map((word) => word.value)).toEqual(['sh', '-c', 'a "b"']);
    expect(command.words.map(({ range }) => text.slice(range.start - 7, range.end - 7))).toEqual([
      '"sh"',
      '"-c"',
      '"a \\"b\\""',
    ]);
  });
});

describe.skipIf(!existsSync('/bin/sh'))('against a real shell', () => {
  let folder = '';
  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'exec-form-')));
    writeFileSync(join(folder, 'show'), `#!/bin/sh\nprintf '%s\\0' "$PWD" "$SET" "$@"\n`);
    chmodSync(join(folder, 'show'), 0o755);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const variables = { A: 'one', B: 'two words', C: '', D: ' lead', E: 'trail ', F: 'q\'"q', G: 'a:b=c', H: 'x/y.z' };
  const piece = fc.constantFrom(
    ...['a', 'b-c', '--x=', '.', '/', ':', '=', '@', '%', ',', '{', '}', '{x}', '!', '^', '+', '#', ']', '\\$', '\\\\'],
    ...[
      "'s q'",
      "'$A'",
      "''",
      '"d q"',
      '"\\"e\\$\\\\"',
      '"\\n"',
      '""',
      "'\\'",
      '\\"',
      "\\'",
      '\\ ',
      '\\*',
      '\\~',
      '"*?"',
    ],
    ...['$A', '"$A"', '$B', '"$B"', '${B}', '$C', '"$C"', '$D', '$E', '"$E"', '$F', '"$F$G"', '${H%.z}', '${H#x}'],
    ...['${U:-dflt}', '"${U:-two words}"', '${C:-c}', '${C-c}', '${A:+alt}', '"${U+x}"', '$U', '~', '*', '$', '{a,b}'],
  );
  const word = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join(''));
  const command = fc.record({
    set: fc.option(word, { nil: undefined }),
    cd: fc.boolean(),
    exec: fc.boolean(),
    words: fc.array(word, { maxLength: 4 }),
    tail: fc.constantFrom('', ';', ' 2>&1', ' 1>&1', ' # "comment', ' '),
  });

  it('gives the program the same arguments, environment and directory', () => {
    let compared = 0;
    fc.assert(
      fc.property(command, ({ set, cd, exec, words, tail }) => {
        const assignment = set === undefined ? '' : `SET=${set} `;
        const text = `${cd ? 'cd / && ' : ''}${assignment}${exec ? 'exec ' : ''}show ${words.join(' ')}${tail}`;
        const result = form(text, { ...variables, U: undefined, CDPATH: undefined, HOME: undefined });
        if ('reason' in result) return;
        compared += 1;
        const env = { ...variables, PATH: `${folder}:/usr/bin:/bin` };
        const real = spawnSync('/bin/sh', ['-c', text], { env, cwd: folder, encoding: 'utf8' });
        expect(real.stderr, text).toBe('');
        expect(real.stdout.split('\0').slice(0, -1), text).toEqual([
          result.workdir ?? folder,
          (result as ExecForm).environment.at(-1)?.value ?? '',
          ...result.argv.slice(1),
        ]);
      }),
      { numRuns: 400 },
    );
    expect(compared).toBeGreaterThan(50);
  });
});
