import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sourceOffset } from '../../src/syntax/logical-text.ts';
import { parse } from '../../src/syntax/parse.ts';
import { pieces, print } from '../../src/syntax/print.ts';
import type { Instruction } from '../../src/syntax/tree.ts';

const SEED = `# syntax=docker/dockerfile:1
# escape=\\

ARG V=1
FROM --platform=$BUILDPLATFORM a:\${V} AS build
# about the next line
RUN --mount=type=cache,target=/x \\
    # inside
    echo "a  b" && \\

    c
COPY --from=build <<A <<-"B" /dst/
text
A
\tmore
\tB
ENV A=b C="d e" \\
  F=g
ENV old form
CMD ["x", "y"]
ONBUILD RUN <<E cat
z
E
HEALTHCHECK --interval=5s CMD curl x || exit 1
`;

const fragment = fc.oneof(
  fc.constantFrom('\n', '\\\n', '`\n', ' ', '\t', '\r\n', '#', '"', "'", '\\', '<<E', '<<-"E"', '\nE\n', '[', ']', ','),
  fc.constantFrom('FROM ', 'RUN ', 'COPY ', 'ENV ', 'ONBUILD ', 'CMD ', 'ARG ', 'LABEL ', 'HEALTHCHECK ', '--f=', '='),
  fc.constantFrom('# escape=`\n', '# syntax=x\n', '\ufeff', '\u00a0', '\u2028', '\udcff', '🐳', '\0', '${a:-', '}'),
  fc.string({ maxLength: 6 }),
);
const randomText = fc.array(fragment, { maxLength: 40 }).map((parts) => parts.join(''));
const mutatedText = fc
  .array(fc.record({ at: fc.nat(SEED.length), remove: fc.nat(8), insert: fragment }), { maxLength: 6 })
  .map((changes) =>
    changes.reduce((text, { at, remove, insert }) => text.slice(0, at) + insert + text.slice(at + remove), SEED),
  );

function checkInstruction(text: string, instruction: Instruction): void {
  const { range, leadingStart, keywordRange, body, sub } = instruction;
  expect(leadingStart).toBeLessThanOrEqual(range.start);
  expect(keywordRange.start).toBeGreaterThanOrEqual(range.start);
  expect(keywordRange.end).toBeLessThanOrEqual(range.end);
  for (let i = 0; i < body.text.length; i++) expect(text[sourceOffset(body, i)]).toBe(body.text[i]);
  if (sub !== undefined) checkInstruction(text, sub);
}

function check(text: string): void {
  const file = parse(text);
  expect(print(file)).toBe(text);
  const { pieces: cut, tail } = pieces(file);
  let at = 0;
  for (const piece of cut) {
    for (const { start, end } of [piece.detached, piece.leading, piece.own, piece.lineEnd]) {
      expect(start).toBe(at);
      expect(end).toBeGreaterThanOrEqual(start);
      at = end;
    }
    expect(text.slice(piece.lineEnd.start, piece.lineEnd.end)).toMatch(/^\r*\n?$/);
    checkInstruction(text, piece.instruction);
  }
  expect(tail).toEqual({ start: at, end: text.length });
}

test('printing gives the text back, the pieces cover it, and logical text maps to it', () => {
  check(SEED);
  expect(parse(SEED).problem).toBeUndefined();
  fc.assert(fc.property(mutatedText, check), { numRuns: 400 });
  fc.assert(fc.property(randomText, check), { numRuns: 1000 });
});

test.each([
  ['one line of a megabyte', `FROM a\nRUN ${'x'.repeat(1e6)}\n`],
  ['a hundred thousand instructions', `FROM a\n${'RUN x\n'.repeat(1e5)}`],
  ['a hundred thousand continuations', `FROM a\nRUN x${' \\\n y'.repeat(1e5)}\n`],
  ['thousands of here-documents', `FROM a\n${'RUN <<E\nE\n'.repeat(2e4)}`],
  ['nested substitutions', `FROM a\nRUN <<E ${'${a:-\\\n'.repeat(1e5)}`],
  ['unclosed arrays', `FROM a\nCMD ${'[\\\n'.repeat(1e5)}`],
  ['nested ONBUILD', `FROM a\n${'ONBUILD \\\n'.repeat(1e5)}RUN x`],
  ['many pairs', `FROM a\nENV a=b${' \\\nc="d e"'.repeat(1e5)}`],
])('%s take linear time', (_, text) => {
  const start = performance.now();
  expect(print(parse(text))).toBe(text);
  expect(performance.now() - start).toBeLessThan(3000);
});
