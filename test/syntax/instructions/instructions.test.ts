import { describe, expect, test } from 'vitest';
import { readAdd } from '../../../src/syntax/instructions/add.ts';
import { readArg } from '../../../src/syntax/instructions/arg.ts';
import { readCmd } from '../../../src/syntax/instructions/cmd.ts';
import { readCopy } from '../../../src/syntax/instructions/copy.ts';
import { readEntrypoint } from '../../../src/syntax/instructions/entrypoint.ts';
import { readEnv } from '../../../src/syntax/instructions/env.ts';
import { parsePorts, readExpose } from '../../../src/syntax/instructions/expose.ts';
import { readFrom } from '../../../src/syntax/instructions/from.ts';
import { readHealthcheck } from '../../../src/syntax/instructions/healthcheck.ts';
import { readLabel } from '../../../src/syntax/instructions/label.ts';
import { readMaintainer } from '../../../src/syntax/instructions/maintainer.ts';
import { readOnbuild } from '../../../src/syntax/instructions/onbuild.ts';
import { readRun } from '../../../src/syntax/instructions/run.ts';
import { readShell } from '../../../src/syntax/instructions/shell.ts';
import { readStopsignal } from '../../../src/syntax/instructions/stopsignal.ts';
import { readUser } from '../../../src/syntax/instructions/user.ts';
import { readVolume } from '../../../src/syntax/instructions/volume.ts';
import { readWorkdir } from '../../../src/syntax/instructions/workdir.ts';
import { parse } from '../../../src/syntax/parse.ts';
import type { Argument, Instruction } from '../../../src/syntax/tree.ts';
import type { Range } from '../../../src/text/range.ts';

/** The instruction of a one-instruction text, and what stands at a range of it. */
function only(text: string): { instruction: Instruction; at: (range: Range | undefined) => string | undefined } {
  const { instructions, problem } = parse(text);
  expect(problem).toBeUndefined();
  expect(instructions.length).toBe(1);
  return { instruction: instructions[0]!, at: (range) => range && text.slice(range.start, range.end) };
}

const texts = (args: readonly Argument[] | undefined) => args?.map(({ text }) => text);

describe('FROM', () => {
  test('image, platform and alias with their places', () => {
    const { instruction, at } = only('FROM --platform=$BUILDPLATFORM \\\n # c\n node:22 as Build');
    const from = readFrom(instruction);
    expect(from.platform?.value).toBe('$BUILDPLATFORM');
    expect([at(from.image?.range), at(from.alias?.range), from.valid]).toEqual(['node:22', 'Build', true]);
    expect(at(from.platform?.range)).toBe('--platform=$BUILDPLATFORM');
  });

  test.each([['FROM a b'], ['FROM a AS'], ['FROM a of b'], ['FROM']])('%s is not valid', (text) => {
    expect(readFrom(only(text).instruction).valid).toBe(false);
  });
});

describe('ENV, LABEL, ARG', () => {
  test('pairs over several lines', () => {
    const { instruction, at } = only('ENV A=1 \\\n  B="x y" C=');
    const { pairs, legacy } = readEnv(instruction, '\\');
    expect(legacy).toBe(false);
    expect(pairs.map(({ name, value, range }) => [at(name.range), at(value.range), at(range)])).toEqual([
      ['A', '1', 'A=1'],
      ['B', '"x y"', 'B="x y"'],
      ['C', '', 'C='],
    ]);
  });

  test('the old form', () => {
    const { instruction, at } = only('LABEL name  the rest = all');
    const { pairs, legacy } = readLabel(instruction, '\\');
    expect(legacy).toBe(true);
    expect(pairs.map(({ name, value }) => [at(name.range), at(value.range)])).toEqual([['name', 'the rest = all']]);
  });

  test('the escape character of the file holds words together', () => {
    const file = parse('# escape=`\nENV A=x` y B=C:\\');
    expect(readEnv(file.instructions[0]!, file.escape).pairs.map(({ value }) => value.text)).toEqual(['x` y', 'C:\\']);
  });

  test('ARG with and without default', () => {
    const { instruction, at } = only('ARG A B= C="d e"');
    expect(readArg(instruction, '\\').map((entry) => [at(entry.name.range), entry.default?.text])).toEqual([
      ['A', undefined],
      ['B', ''],
      ['C', '"d e"'],
    ]);
  });
});

describe('COPY and ADD', () => {
  test('flags, sources, destination', () => {
    const { instruction, at } = only('COPY --from=build --chown=1:1 --link --exclude=a --exclude=b x \\\n y /z/');
    const copy = readCopy(instruction);
    expect([copy.from?.value, copy.chown?.value, copy.chmod, copy.link, copy.parents]).toEqual([
      'build',
      '1:1',
      undefined,
      true,
      false,
    ]);
    expect(copy.exclude.map(({ value }) => value)).toEqual(['a', 'b']);
    expect(copy.sources.map(({ range }) => at(range))).toEqual(['x', 'y']);
    expect(at(copy.destination?.range)).toBe('/z/');
  });

  test('JSON form: decoded text, range with the quotes', () => {
    const { instruction, at } = only('COPY ["a b", "c\\"d", "/e"]');
    const copy = readCopy(instruction);
    expect(texts(copy.sources)).toEqual(['a b', 'c"d']);
    expect(copy.sources.map(({ range }) => at(range))).toEqual(['"a b"', '"c\\"d"']);
    expect(copy.destination?.text).toBe('/e');
  });

  test('here-documents are not paths', () => {
    const copy = readCopy(only('COPY a <<b.txt /c/\nx\nb.txt').instruction);
    expect([texts(copy.sources), copy.heredocs.map(({ name }) => name), copy.destination?.text]).toEqual([
      ['a'],
      ['b.txt'],
      '/c/',
    ]);
  });

  test("ADD's own flags", () => {
    const add = readAdd(
      only('ADD --checksum=sha256:00 --keep-git-dir=TRUE --link=false --unpack https://x /y').instruction,
    );
    expect([add.checksum?.value, add.keepGitDir, add.link, add.unpack]).toEqual(['sha256:00', true, false, true]);
    expect(readAdd(only('ADD a').instruction).destination).toBeUndefined();
  });
});

describe('commands', () => {
  test('RUN in shell form, with mounts', () => {
    const { instruction, at } = only(
      'RUN --mount=type=cache,dst=/c,sharing=locked --mount="type=secret,id=a" --mount=target=/t,\\"source=x,y\\" --network=none \\\n  a && b',
    );
    const run = readRun(instruction);
    expect(run.mounts.map(({ type, target, id, source }) => [type, target, id, source])).toEqual([
      ['cache', '/c', undefined, undefined],
      ['secret', undefined, 'a', undefined],
      ['bind', '/t', undefined, 'x,y'],
    ]);
    expect(run.mounts[0]?.options.get('sharing')).toBe('locked');
    expect(run.network?.value).toBe('none');
    expect(run.command?.kind).toBe('shell');
    expect(at(run.command?.range)).toBe('a && b');
  });

  test('RUN with a here-document as script, and as input of a command', () => {
    const script = readRun(only('RUN <<-"E"\n\tx\nE').instruction);
    expect(script.command?.kind === 'script' && script.command.heredoc.content).toBe('\tx\n');
    expect(script.heredocs).toEqual([]);
    const input = readRun(only('RUN cat <<E >f\nx\nE').instruction);
    expect(input.command?.kind).toBe('shell');
    expect(input.heredocs.map(({ content }) => content)).toEqual(['x\n']);
  });

  test('CMD and ENTRYPOINT in both forms', () => {
    const { instruction, at } = only('ENTRYPOINT ["a", \\\n "b\\u0063"]');
    const exec = readEntrypoint(instruction);
    expect(exec?.kind === 'exec' && texts(exec.argv)).toEqual(['a', 'bc']);
    expect(exec?.kind === 'exec' && exec.argv.map(({ range }) => at(range))).toEqual(['"a"', '"b\\u0063"']);
    const shell = readCmd(only('CMD a \\\n  b').instruction);
    expect(shell?.kind === 'shell' && shell.text.text).toBe('a   b');
    expect(readCmd(only('CMD').instruction)).toBeUndefined();
  });

  test('HEALTHCHECK', () => {
    expect(readHealthcheck(only('HEALTHCHECK NONE').instruction)).toEqual({ kind: 'none' });
    expect(readHealthcheck(only('HEALTHCHECK curl x').instruction)).toBeUndefined();
    const { instruction, at } = only('HEALTHCHECK --interval=5s --start-period=1m \\\n CMD ["a"]');
    const check = readHealthcheck(instruction);
    if (check?.kind !== 'command') throw new Error('not a command');
    expect([check.interval?.value, check.startPeriod?.value, check.retries]).toEqual(['5s', '1m', undefined]);
    expect([at(check.type.range), at(check.command?.range)]).toEqual(['CMD', '["a"]']);
    expect(check.command?.kind).toBe('exec');
  });

  test('SHELL and ONBUILD', () => {
    expect(texts(readShell(only('SHELL ["pwsh", "-c"]').instruction))).toEqual(['pwsh', '-c']);
    expect(readShell(only('SHELL bash').instruction)).toBeUndefined();
    const { instruction, at } = only('ONBUILD  RUN a');
    expect(at(readOnbuild(instruction)?.range)).toBe('RUN a');
    expect(readOnbuild(only('ONBUILD').instruction)).toBeUndefined();
  });
});

describe('the rest', () => {
  test('EXPOSE', () => {
    const { instruction, at } = only('EXPOSE 80 443/TCP 8000-8010/udp $P/tcp');
    expect(readExpose(instruction).map(({ word, numberRange, ports }) => [word.text, at(numberRange), ports])).toEqual([
      ['80', '80', { first: 80, last: 80, protocol: 'tcp' }],
      ['443/TCP', '443', { first: 443, last: 443, protocol: 'tcp' }],
      ['8000-8010/udp', '8000-8010', { first: 8000, last: 8010, protocol: 'udp' }],
      ['$P/tcp', '$P', undefined],
    ]);
    expect([parsePorts('90-80'), parsePorts('65536'), parsePorts('')]).toEqual([undefined, undefined, undefined]);
  });

  test('USER', () => {
    const user = readUser(only('USER ${U:-a:b}:g').instruction);
    expect([user?.user, user?.group]).toEqual(['${U:-a:b}', 'g']);
    expect(readUser(only('USER 1000').instruction)?.group).toBeUndefined();
    expect(readUser(only('USER').instruction)).toBeUndefined();
  });

  test('WORKDIR, STOPSIGNAL, MAINTAINER, VOLUME', () => {
    expect(readWorkdir(only('WORKDIR /a b').instruction)?.text).toBe('/a b');
    expect(readStopsignal(only('STOPSIGNAL SIGTERM').instruction)?.text).toBe('SIGTERM');
    expect(readMaintainer(only('MAINTAINER a <b>').instruction)?.text).toBe('a <b>');
    expect(texts(readVolume(only('VOLUME /a /b').instruction))).toEqual(['/a', '/b']);
    expect(texts(readVolume(only('VOLUME ["/a b"]').instruction))).toEqual(['/a b']);
  });
});
