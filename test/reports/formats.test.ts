import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { githubReport } from '../../src/reports/github.ts';
import { jsonReport } from '../../src/reports/json.ts';
import { markdownReport } from '../../src/reports/markdown.ts';
import { pullRequest } from '../../src/reports/pull-request.ts';
import type { Report } from '../../src/reports/report.ts';
import { sarifReport } from '../../src/reports/sarif.ts';
import { report, result, shellFinding, text } from './example.ts';

const schema = JSON.parse(readFileSync(new URL('../../rehull.schema.json', import.meta.url), 'utf8'));
const whole: Report = {
  version: '9.9.9',
  errors: ['cannot read x: no such file'],
  tasks: [
    { text: 'Log in', command: 'docker login dhi.io' },
    { text: 'Create a secret', command: undefined },
  ],
  files: [
    {
      path: 'a/Dockerfile',
      text,
      result: result([shellFinding, { ...shellFinding, severity: 'review', why: undefined, fix: undefined }], {
        changes: [
          { kind: 'moved', range: shellFinding.range, rule: 'x', why: 'y' },
          { kind: 'added', range: undefined, rule: 'x', why: 'y' },
          { kind: 'kept', range: shellFinding.range, rule: undefined, why: 'y' },
        ],
        stages: [{ name: undefined, index: 0, role: 'runtime', from: 'a', to: 'b' }],
      }),
    },
  ],
};

describe('json', () => {
  const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);

  test('is what the published schema says', () => {
    validate(JSON.parse(jsonReport(whole)));
    expect(validate.errors).toBeNull();
  });

  test('would not be with a member too many or too few', () => {
    const object = JSON.parse(jsonReport(whole));
    expect(validate({ ...object, extra: 1 })).toBe(false);
    delete object.files[0].findings[0].why;
    expect(validate(object)).toBe(false);
  });

  test('has lines and columns beside offsets', () => {
    const [file] = JSON.parse(jsonReport(whole)).files;
    expect(file.findings[0].range).toEqual({
      start: 14,
      end: 24,
      from: { line: 3, column: 1 },
      to: { line: 3, column: 11 },
    });
  });

  test('keeps bytes that are no UTF-8', () => {
    const broken = report([]);
    const [file] = broken.files;
    const after = 'FROM a\udcff\n';
    const shown = jsonReport({ ...broken, files: [{ ...file!, result: result([], { after }) }] });
    expect(Buffer.from(shown).toString()).toBe(shown);
    expect(JSON.parse(shown).files[0].after).toBe(after);
  });
});

test('sarif names tool, rule, place and text', () => {
  const log = JSON.parse(sarifReport(report([shellFinding], text, 'my app/Dockerfile')));
  expect(log.version).toBe('2.1.0');
  const [run] = log.runs;
  expect(run.tool.driver).toMatchObject({ name: 'rehull', version: '9.9.9', rules: [{ id: 'no-shell-at-runtime' }] });
  expect(run.columnKind).toBe('utf16CodeUnits');
  expect(run.results).toEqual([
    {
      ruleId: 'no-shell-at-runtime',
      ruleIndex: 0,
      level: 'error',
      message: {
        text: 'RUN needs a shell the final image lacks. Why: dhi.io/node:22-debian13 ships no /bin/sh (catalog 2026-08-22). Fix: moved to the build stage.',
      },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'my%20app/Dockerfile' },
            region: { startLine: 3, startColumn: 1, endLine: 3, endColumn: 11 },
          },
        },
      ],
    },
  ]);
});

test('sarif says that a run with errors did not succeed', () => {
  const [run] = JSON.parse(sarifReport(whole)).runs;
  expect(run.invocations[0].executionSuccessful).toBe(false);
});

test('github commands are escaped', () => {
  const finding = { ...shellFinding, message: '100% of a:b,c\n::error::x', why: undefined, fix: undefined };
  expect(githubReport(report([finding], text, 'a,b:c/Dockerfile'))).toBe(
    '::error file=a%2Cb%3Ac/Dockerfile,line=3,endLine=3,col=1,endColumn=11,title=rehull no-shell-at-runtime::100%25 of a:b,c ::error::x\n',
  );
});

test('github leaves out columns over several lines', () => {
  const finding = { ...shellFinding, severity: 'review' as const, range: { start: 14, end: 30 } };
  expect(githubReport(report([finding]))).toMatch(/^::warning file=Dockerfile,line=3,endLine=4,title=[^:]*::/);
});

test('markdown escapes what a forge would act on', () => {
  const finding = { ...shellFinding, message: '<img> | @someone `x` *y*', why: undefined, fix: undefined };
  const shown = markdownReport(report([finding], text, 'a|`b'));
  expect(shown).toContain('### `` a\\|`b ``: review');
  expect(shown).toContain('| 3 | error | `no-shell-at-runtime` | &lt;img> \\| @\u2060someone \\`x\\` \\*y\\* |');
});

describe('a pull request', () => {
  test('says what is to do, what to confirm, what changes, and why', () => {
    const review = { ...shellFinding, severity: 'review' as const, message: 'Look', why: undefined, fix: 'do so' };
    const changed = result([shellFinding, review], {
      after: 'FROM new\n',
      stages: [{ name: 'web', index: 0, role: 'runtime', from: 'node:22', to: 'dhi.io/node:22-debian13' }],
      files: [
        {
          path: 'nginx.conf',
          before: undefined,
          after: 'x',
          executable: false,
          reasons: [{ rule: 'x', why: 'ports' }],
        },
      ],
    });
    expect(pullRequest({ ...whole, files: [{ path: 'Dockerfile', text, result: changed }] })).toBe(`\
## Move to Docker Hardened Images

1 file changes, 1 point to confirm.

### To do

- [ ] Log in: \`docker login dhi.io\`
- [ ] Create a secret

### To confirm

- [ ] \`Dockerfile:3\` Look → do so

### What changes

**\`Dockerfile\`**

- \`web\`: \`node:22\` becomes \`dhi.io/node:22-debian13\`
- line 3: RUN needs a shell the final image lacks (dhi.io/node:22-debian13 ships no /bin/sh (catalog 2026-08-22)) → moved to the build stage
- \`nginx.conf\` is new: ports

### Errors

- cannot read x: no such file
`);
  });

  test('names what is left as it is, and nothing else where nothing changes', () => {
    const blocked = { ...shellFinding, severity: 'blocked' as const, why: undefined, fix: undefined };
    const files = [{ path: 'Dockerfile', text, result: result([blocked], { outcome: 'blocked' }) }];
    expect(pullRequest({ ...whole, files, tasks: [], errors: [] })).toBe(
      '## Move to Docker Hardened Images\n\n0 files change, 1 point to confirm.\n\n### To confirm\n\n- [ ] `Dockerfile:3` (left as it is) RUN needs a shell the final image lacks\n',
    );
  });
});

test('github and sarif tell what is to do', () => {
  expect(githubReport({ ...whole, files: [], errors: [] })).toBe(
    '::notice title=rehull%3A to do::Log in%0Adocker login dhi.io\n::notice title=rehull%3A to do::Create a secret\n',
  );
  const [run] = JSON.parse(sarifReport({ ...whole, files: [], errors: [] })).runs;
  expect(run.invocations[0]).toEqual({
    executionSuccessful: true,
    toolExecutionNotifications: [
      { level: 'note', message: { text: 'Log in: docker login dhi.io' } },
      { level: 'note', message: { text: 'Create a secret' } },
    ],
  });
});
