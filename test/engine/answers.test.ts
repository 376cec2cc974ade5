import { describe, expect, test } from 'vitest';
import { compareAnswers } from '../../src/engine/answers.ts';
import type { Header, HttpAnswer } from '../../src/engine/http.ts';

const answer = (body: string | object, status = 200, headers: readonly Header[] = []): HttpAnswer => ({
  kind: 'answer',
  status,
  headers,
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
});
const told = (before: HttpAnswer, after: HttpAnswer, again = before, ignore: readonly string[] = []) =>
  compareAnswers(before, again, after, ignore).map(({ what, before: was, after: is }) => `${what}: ${was} / ${is}`);

describe('answers', () => {
  test.each<[name: string, before: HttpAnswer, after: HttpAnswer, expected: string[]]>([
    ['alike', answer('a'), answer('a'), []],
    ['another status', answer('ok'), answer('oh no', 500), ['status: 200: ok / 500: oh no']],
    ['no answer', answer('ok'), { kind: 'closed' }, ['answer: 200: ok / no answer']],
    ['not HTTP on both sides', { kind: 'open' }, { kind: 'open' }, []],
    ['another line', answer('a\nb\n'), answer('a\nc\n'), ['line 2 of the body: b / c']],
    ['more lines', answer('a\n'), answer('a\nb\n'), ['length of the body: 2 lines / 3 lines']],
    ['a value deep in JSON', answer({ a: { b: [1, 2] } }), answer({ a: { b: [1, 3] } }), ['value of a.b.1: 2 / 3']],
    ['a missing key', answer({ a: 1 }), answer({}), ['value of a: 1 / none']],
    ['another kind of value', answer({ a: [] }), answer({ a: {} }), ['value of a: a list / an object']],
    ['the order of keys', answer({ a: 1, b: 2 }), answer({ b: 2, a: 1 }), []],
    ['JSON and none', answer({ a: 1 }), answer('<html>'), ['line 1 of the body: {"a":1} / <html>']],
  ])('%s', (_name, before, after, expected) => {
    expect(told(before, after)).toEqual(expected);
  });

  test.each<[name: string, before: HttpAnswer, again: HttpAnswer, after: HttpAnswer]>([
    ['a line', answer('now 1\nx'), answer('now 2\nx'), answer('now 3\nx')],
    ['a value', answer({ now: 1, x: 1 }), answer({ now: 2, x: 1 }), answer({ now: 3, x: 1 })],
    ['a length', answer('a'), answer('a\nb'), answer('a\nb\nc')],
    ['a header', answer('', 200, [['x-id', '1']]), answer('', 200, [['x-id', '2']]), answer('', 200, [['x-id', '3']])],
  ])('%s that varies by itself is not compared', (_name, before, again, after) => {
    expect(told(before, after, again)).toEqual([]);
    expect(told(before, after)).not.toEqual([]);
  });

  test('headers count, but those of date, connection and server, and the values of cookies', () => {
    const headers = (pairs: Record<string, string>) => answer('', 200, Object.entries(pairs));
    expect(told(headers({ 'content-type': 'text/plain' }), headers({ 'content-type': 'text/html' }))).toEqual([
      'header content-type: text/plain / text/html',
    ]);
    expect(told(headers({ date: '1', server: 'a/1' }), headers({ date: '2', server: 'a/2' }))).toEqual([]);
    expect(told(headers({ 'set-cookie': 'id=1; Path=/' }), headers({ 'set-cookie': 'id=2; Path=/' }))).toEqual([]);
    expect(told(headers({ 'set-cookie': 'id=1' }), headers({}))).toEqual(['header set-cookie: id / none']);
  });

  test('keys that a person names are left out, at any depth', () => {
    const [before, after] = [
      { a: { version: 1 }, ok: true },
      { a: { version: 2 }, ok: true },
    ].map((each) => answer(each));
    expect(told(before!, after!, before, ['version'])).toEqual([]);
    expect(told(before!, after!)).toEqual(['value of a.version: 1 / 2']);
  });

  test('JSON of any depth is compared, and no more than a few differences are told', () => {
    const deep = (end: number) => answer(`${'['.repeat(5000)}${end}${']'.repeat(5000)}`);
    expect(told(deep(1), deep(2))).toHaveLength(1);
    const many = (value: number) => answer(Array.from({ length: 100 }, () => value));
    expect(told(many(1), many(2)).length).toBeLessThan(10);
  });
});
