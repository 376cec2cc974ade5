import { describe, expect, it } from 'vitest';
import { parseShell } from '../../src/shell/parse.ts';
import { commandsOf } from '../../src/shell/walk.ts';

const walked = (text: string, only: (context: ReturnType<typeof commandsOf>[number]['context']) => boolean) =>
  commandsOf(parseShell(text))
    .filter(({ context }) => only(context))
    .map(({ command }) => command.words[0]?.value)
    .join(' ');

describe('commandsOf', () => {
  it('comes to commands as the shell does', () => {
    const all = 'a "$(b)" && X=`c` d > "$(e)"; f | g; for x in $(h); do i; done; ( j ); if k; then l; else m; fi';
    expect(walked(all, () => true)).toBe('b a c e d f g h i j k l m');
  });

  it.each([
    ['a && b; c', ''],
    ['a || b', 'b'],
    ['a && b || c', 'b c'],
    ['a || b && c', 'b'],
    ['if a; then b; elif c; then d; else e; fi', 'b c d e'],
    ['while a; do b; done', 'b'],
    ['for x in 1 2; do a; done', ''],
    ['for x in $y; do a; done', 'a'],
    ['case $x in a) b;; esac', 'b'],
    ['{ a; b; } && ( c )', ''],
  ])('%s may skip: %s', (text, conditional) => {
    expect(walked(text, (context) => context.conditional)).toBe(conditional);
  });

  it('knows subshells, pipelines, substitutions and functions', () => {
    const text = 'a; (b); c | d; e $(f); g & h() { i; }; { j; }';
    expect(walked(text, (context) => context.subshell)).toBe('b c d f g');
    expect(walked(text, (context) => context.pipeline)).toBe('c d');
    expect(walked(text, (context) => context.substitution)).toBe('f');
    expect(walked(text, (context) => context.function === 'h')).toBe('i');
    expect(walked('! a', (context) => context.pipeline)).toBe('');
  });

  it('carries the loop and the redirections around a command', () => {
    const [inner] = commandsOf(parseShell('for x in a b; do { p $x; } > /out; done'));
    expect(inner!.context.loops[0]).toMatchObject({ name: 'x', words: [{ value: 'a' }, { value: 'b' }] });
    expect(inner!.context.compounds[0]!.redirects[0]!.target!.value).toBe('/out');
  });
});
