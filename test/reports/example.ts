import type { CompileResult } from '../../src/compile-result.ts';
import type { Finding } from '../../src/findings/finding.ts';
import type { Report } from '../../src/reports/report.ts';

export const text = 'FROM node:22\n\nRUN npm ci\nCMD ["node", "server.js"]\n';

/** The finding of the project's own documentation. */
export const shellFinding: Finding = {
  rule: 'no-shell-at-runtime',
  severity: 'error',
  range: { start: text.indexOf('RUN'), end: text.indexOf('\nCMD') },
  message: 'RUN needs a shell the final image lacks',
  why: 'dhi.io/node:22-debian13 ships no /bin/sh (catalog 2026-08-22)',
  fix: 'moved to the build stage',
};

export function result(findings: readonly Finding[], parts: Partial<CompileResult> = {}): CompileResult {
  return {
    outcome: 'review',
    after: text,
    findings,
    changes: [],
    stages: [],
    files: [],
    contract: undefined,
    ...parts,
  };
}

export function report(findings: readonly Finding[], source = text, path = 'Dockerfile'): Report {
  return { version: '9.9.9', files: [{ path, text: source, result: result(findings) }], errors: [], tasks: [] };
}
