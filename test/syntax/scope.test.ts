import { expect, test } from 'vitest';
import { parse } from '../../src/syntax/parse.ts';
import { readScopes, type ScopeInput } from '../../src/syntax/scope.ts';

/** The value of `name` before each instruction. */
function track(name: string, text: string, input: ScopeInput = {}): (string | null | undefined)[] {
  return readScopes(parse(text), input).before.map((environment) => environment.get(name));
}

const lines = (...text: string[]) => text.join('\n');

test('global arguments reach FROM, and a stage only where it declares them', () => {
  const text = lines('ARG V=1', 'FROM a:$V AS x', 'RUN y', 'ARG V', 'RUN z', 'FROM b', 'RUN q');
  expect(track('V', text)).toEqual([undefined, '1', undefined, undefined, '1', '1', undefined]);
  expect(readScopes(parse(text)).stages.map(({ image, name }) => [image.value, name])).toEqual([
    ['a:1', 'x'],
    ['b', undefined],
  ]);
});

test('build arguments win over defaults, where an ARG declares them', () => {
  const text = lines('ARG V=1', 'FROM a:$V', 'RUN x', 'ARG V=2', 'RUN y', 'ARG W', 'RUN z');
  expect(track('V', text, { buildArgs: new Map([['V', '9']]) })).toEqual([
    undefined,
    '9',
    undefined,
    undefined,
    '9',
    '9',
    '9',
  ]);
  expect(track('W', text).at(-1)).toBeUndefined();
  expect(track('W', text, { buildArgs: new Map([['W', 'w']]) }).slice(-2)).toEqual([undefined, 'w']);
});

test('an entry of ARG sees those before it, a pair of ENV does not', () => {
  const text = lines('FROM a', 'ARG A=1 B=$A', 'ENV C=$B D=$C', 'RUN x');
  expect(track('B', text).at(-1)).toBe('1');
  expect(track('C', text).at(-1)).toBe('1');
  expect(track('D', text).at(-1)).toBe('');
});

test('a later ENV or ARG of the same name wins', () => {
  expect(track('A', lines('FROM a', 'ARG A=1', 'ENV A=2', 'RUN x')).at(-1)).toBe('2');
  expect(track('A', lines('FROM a', 'ENV A=2', 'ARG A=1', 'RUN x')).at(-1)).toBe('1');
});

test('stages inherit what the stage they start from left, found without regard to case', () => {
  const text = lines('FROM a AS Base', 'ENV A=1', 'ARG B=2', 'FROM base AS c', 'RUN x', 'FROM other', 'RUN y');
  const { before, stages } = readScopes(parse(text));
  expect([before[4]?.get('A'), before[4]?.get('B'), before[6]?.get('A')]).toEqual(['1', '2', undefined]);
  expect(stages.map(({ base }) => base)).toEqual([undefined, 0, undefined]);
});

test('ONBUILD instructions hold in the stages that start from theirs, not in their own or further down', () => {
  const text = lines('FROM a AS b', 'ONBUILD ENV A=1', 'RUN x', 'FROM b AS c', 'RUN y', 'ENV A=2', 'FROM c', 'RUN z');
  expect(track('A', text)).toEqual([undefined, undefined, undefined, undefined, '1', '1', undefined, '2']);
});

test('platform arguments are known to be there; their values only if given', () => {
  const text = lines('FROM --platform=$BUILDPLATFORM a', 'ARG TARGETARCH', 'ENV X=/bin/$TARGETARCH', 'RUN x');
  expect(track('BUILDPLATFORM', text)[0]).toBeNull();
  expect(track('TARGETARCH', text)).toEqual([null, undefined, null, null]);
  expect(track('X', text).at(-1)).toBeNull();
  expect(track('X', text, { platformArgs: new Map([['TARGETARCH', 'arm64']]) }).at(-1)).toBe('/bin/arm64');
});

test("an image's environment is taken from the caller; without it PATH is set to something unknown", () => {
  const text = lines('FROM a', 'ENV PATH=/x:$PATH', 'RUN y');
  expect(track('PATH', text)).toEqual([undefined, null, null]);
  const imageEnvironment = (image: string) => (image === 'a' ? new Map([['PATH', '/bin']]) : undefined);
  expect(track('PATH', text, { imageEnvironment })).toEqual([undefined, '/bin', '/x:/bin']);
  expect(track('PATH', lines('FROM scratch', 'RUN y'))[1]).toBe(
    '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  );
});

test('names that JavaScript knows are ordinary', () => {
  expect(track('__proto__', lines('FROM a', 'RUN x', 'ENV __proto__=1', 'RUN y'))).toEqual([
    undefined,
    undefined,
    undefined,
    '1',
  ]);
  expect(track('constructor', lines('FROM a', 'RUN x'))[1]).toBeUndefined();
});

test('many variables keep their values', () => {
  const text = `FROM a\n${Array.from({ length: 3000 }, (_, i) => `ENV V${i}=${i}`).join('\n')}\nRUN x`;
  const { before } = readScopes(parse(text));
  const last = before.at(-1)!;
  for (let i = 0; i < 3000; i++) expect(last.get(`V${i}`)).toBe(String(i));
  expect(before[10]?.get('V2999')).toBeUndefined();
  expect([...last.entries()].length).toBe(3001);
});

test('values that double with each line, and long chains of stages, end soon', () => {
  const start = performance.now();
  expect(track('A', `FROM a\nENV A=xx\n${'ENV A=$A$A\n'.repeat(5000)}`).at(-1)).toBeNull();
  const chain = Array.from({ length: 20_000 }, (_, i) => `FROM s${i - 1} AS s${i}\nENV V${i}=$NO`).join('\n');
  expect(readScopes(parse(chain)).stages.at(-1)?.end.get('V0')).toBe('');
  expect(performance.now() - start).toBeLessThan(3000);
});
