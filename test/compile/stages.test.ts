import { expect, test } from 'vitest';
import { parse } from '../../src/syntax/parse.ts';
import { compileText } from './compile-text.ts';

/* What is told of the stages is what stands behind the FROMs of the new text. */
test.each<[name: string, text: string, told: string[]]>([
  [
    'a final stage on one that nothing else uses',
    'FROM node:22-slim AS base\nWORKDIR /srv\nFROM base AS final\nCOPY . .\nCMD ["node", "a.js"]\n',
    ['base: node:22-slim -> dhi.io/node:22-debian13', 'final: base -> base'],
  ],
  [
    'a base that others build on',
    'FROM node:22-slim AS base\nWORKDIR /srv\nFROM base AS test\nCOPY . .\nRUN npm ci && npm test\n' +
      'FROM base AS final\nCOPY . .\nRUN npm ci --omit=dev\nCMD ["node", "a.js"]\n',
    [
      'base: node:22-slim -> dhi.io/node:22-debian13-dev',
      'test: base -> base',
      'final: base -> dhi.io/node:22-debian13',
    ],
  ],
])('%s', (_, text, told) => {
  const { after, stages } = compileText(text);
  expect(stages.map(({ name, from, to }) => `${name}: ${from} -> ${to}`)).toEqual(told);
  const written = parse(after).instructions.flatMap(({ keyword, args }) => (keyword === 'from' ? [args] : []));
  for (const { name, to } of stages) expect(written.find((args) => args.at(-1) === name)?.[0]).toBe(to);
});
