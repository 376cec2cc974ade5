import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/findings/finding.ts';
import { lineReport } from '../../src/reports/line.ts';
import { sourceFrame } from '../../src/reports/source-frame.ts';
import { colored, plain } from '../../src/reports/style.ts';
import { terminalOutcome, terminalReport, terminalSummary } from '../../src/reports/terminal.ts';
import { Lines } from '../../src/text/lines.ts';
import { report, result, shellFinding, text } from './example.ts';

const frame = (source: string, start: number, end: number) =>
  sourceFrame(source, new Lines(source), { start, end }, (carets) => carets);

describe('a finding', () => {
  test('is printed with frame, reason, fix and page', () => {
    expect(terminalReport(report([shellFinding]), plain)).toBe(
      [
        'Dockerfile:3:1: error[no-shell-at-runtime] RUN needs a shell the final image lacks  [fixable]',
        '  3 | RUN npm ci',
        '    | ^^^^^^^^^^',
        '  why: dhi.io/node:22-debian13 ships no /bin/sh (catalog 2026-08-22)',
        '  fix: moved to the build stage',
        '  docs: rehull explain no-shell-at-runtime',
        '',
        '1 file: 1 finding',
        '',
      ].join('\n'),
    );
  });

  test('differs in colour alone on a terminal', () => {
    const shown = terminalReport(report([shellFinding]), colored);
    expect(shown).toContain('\u001b[31merror[no-shell-at-runtime]\u001b[39m');
    expect(shown.replace(/\u001b\[\d+m/g, '')).toBe(terminalReport(report([shellFinding]), plain));
  });

  test('is its first line in the line format', () => {
    expect(lineReport(report([shellFinding]))).toBe(
      'Dockerfile:3:1: error[no-shell-at-runtime] RUN needs a shell the final image lacks  [fixable]\n',
    );
  });

  test('that blocks is not called fixable', () => {
    const blocked: Finding = { ...shellFinding, severity: 'blocked' };
    expect(lineReport(report([blocked]))).not.toContain('fixable');
  });

  test('cannot speak to the terminal', () => {
    const source = 'RUN \u001b[2J\u202e evil\n';
    const finding = { ...shellFinding, range: { start: 0, end: 5 }, message: '\u001b]0;x\u0007' };
    const shown = terminalReport(report([finding], source, 'Docker\u001bfile'), plain);
    expect(shown).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u202e]/);
  });
});

describe('a source frame', () => {
  test('shows the first line of several, with carets to its end', () => {
    expect(frame('RUN a && \\\n  b\n', 0, 14)).toBe('  1 | RUN a && \\\n    | ^^^^^^^^^^');
  });

  test('keeps tabs, so that carets stand below their text', () => {
    expect(frame('\tRUN\tx\n', 5, 6)).toBe('  1 | \tRUN\tx\n    | \t   \t^');
  });

  test('points behind the end of a line and of the file', () => {
    expect(frame('FROM a\r\n', 6, 6)).toBe('  1 | FROM a\n    |       ^');
    expect(frame('', 0, 0)).toBe('  1 | \n    | ^');
  });

  test('masks secrets', () => {
    expect(frame('ENV API_TOKEN=abc\n', 0, 3)).toBe('  1 | ENV API_TOKEN=***\n    | ^^^');
  });

  test('cuts a line of a megabyte around the place', () => {
    const source = `RUN ${'x '.repeat(500_000)}needle ${'y '.repeat(1000)}`;
    const at = source.indexOf('needle');
    const [line, carets] = frame(source, at, at + 6).split('\n') as [string, string];
    expect(line.length).toBeLessThan(200);
    expect(line.slice(carets.indexOf('^'), carets.indexOf('^') + 6)).toBe('needle');
    expect(carets.trimEnd().endsWith('^^^^^^')).toBe(true);
  });
});

test('an outcome names what a person must confirm and every new image', () => {
  const file = {
    path: 'Dockerfile',
    text,
    result: result([{ ...shellFinding, severity: 'review' }, shellFinding], {
      stages: [
        { name: 'build', index: 0, role: 'build', from: 'node:22', to: 'dhi.io/node:22-debian13-dev' },
        { name: undefined, index: 1, role: 'runtime', from: 'scratch', to: 'scratch' },
      ],
    }),
  };
  expect(terminalOutcome(file, true, plain)).toBe(
    'Dockerfile: review (1 to confirm), written\n  build (build): node:22 -> dhi.io/node:22-debian13-dev\n',
  );
});

test('a summary counts outcomes', () => {
  expect(terminalSummary({ ready: 1, review: 0, blocked: 2, unchanged: 0 }, plain)).toBe(
    '3 files: 1 ready, 2 blocked\n',
  );
});
