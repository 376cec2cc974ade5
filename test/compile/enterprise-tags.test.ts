import { describe, expect, test } from 'vitest';
import { parseTagList } from '../../src/catalog/enterprise-tag.ts';
import { compileText, lines } from './compile-text.ts';

/* FIPS, STIG, extended-lifetime and customised images, which only an organisation's mirror has. */
const { tags } = parseTagList(`
acme/dhi-python:3.13-debian13-fips
acme/dhi-python:3.13-debian13-fips-dev
acme/dhi-python:2.6-debian10
`);
const listed = { org: 'acme', tags };

const twoStages = (build: string, runtime: string) => `FROM ${build} AS build
WORKDIR /app
RUN python -m venv /app/venv
COPY requirements.txt .
RUN /app/venv/bin/pip install -r requirements.txt

FROM ${runtime}
WORKDIR /app
COPY --from=build /app/venv /app/venv
COPY . .
CMD ["/app/venv/bin/python", "app.py"]
`;
const oneStage = `FROM acme/dhi-python:3.13-debian13-fips-dev
WORKDIR /app
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY . .
CMD ["python", "app.py"]
`;

describe('with the list of the organisation', () => {
  test('a file on them is checked like any hardened file', () => {
    const good = twoStages(
      'docker.io/acme/dhi-python:3.13-debian13-fips-dev',
      'docker.io/acme/dhi-python:3.13-debian13-fips',
    );
    expect(compileText(good, listed)).toMatchObject({ outcome: 'unchanged', findings: [] });
    const shellForm = good.replace('["/app/venv/bin/python", "app.py"]', '/app/venv/bin/python app.py');
    expect(lines(shellForm, compileText(shellForm, listed))).toContain('error[');
  });

  test('a build image becomes the runtime image of the same mirror', () => {
    const result = compileText(oneStage, listed);
    expect(result.outcome).toBe('ready');
    expect(result.after.match(/^FROM .*/gm)).toEqual([
      'FROM acme/dhi-python:3.13-debian13-fips-dev AS build',
      'FROM docker.io/acme/dhi-python:3.13-debian13-fips',
    ]);
  });

  test('no other variant is written than the list has', () => {
    const only = parseTagList('python:3.13-debian13-fips-dev\n').tags;
    const { after } = compileText(oneStage, { org: 'acme', tags: only });
    expect(after).not.toMatch(/fips(?!-dev)/);
  });

  test('a tag that is like no public image is left alone in a build stage, and blocked at the end', () => {
    const old = 'acme/dhi-python:2.6-debian10';
    const build = compileText(twoStages(old, 'acme/dhi-python:3.13-debian13-fips'), listed);
    expect(build.findings.filter(({ rule }) => rule === 'version-and-tag')).toEqual([]);
    const final = compileText(`FROM ${old}\nCMD ["python", "app.py"]\n`, listed);
    expect(final).toMatchObject({
      outcome: 'blocked',
      findings: [{ message: 'acme has python:2.6-debian10, but what is in it is not known' }],
    });
  });
});

const reason = (text: string, options: Parameters<typeof compileText>[1]) => {
  const { outcome, findings } = compileText(text, options);
  const { message, fix } = findings.find(({ rule }) => rule === 'version-and-tag') ?? {};
  return { outcome, message, fix };
};

test.each([
  [{}, 'FIPS images are not in the public catalog', 'name the organisation that mirrors it (--org)'],
  [{ org: 'acme' }, 'whether acme has python:3.13-debian13-fips-dev is not known', 'give the list of its tags'],
  [{ org: 'other', tags }, 'FIPS images are not in the public catalog', '--org'],
  [
    { org: 'acme', tags: parseTagList('python:3.12-debian13-fips-dev').tags },
    'the tag list of acme has no python:3.13-debian13-fips-dev',
    'add it to the list',
  ],
])('else the final stage is refused with the reason: %j', (options, message, fix) => {
  expect(reason(oneStage, options)).toEqual({ outcome: 'blocked', message, fix: expect.stringContaining(fix) });
});

test('a build stage on one is something to look at', () => {
  const text = twoStages('acme/dhi-python:3.13-debian13-fips-dev', 'dhi.io/python:3.13-debian13');
  expect(reason(text, {})).toMatchObject({
    outcome: 'review',
    message: 'FIPS images are not in the public catalog',
  });
});

test('dhi.io itself does not have what the mirror has', () => {
  expect(reason('FROM dhi.io/python:3.13-debian13-fips\nCMD ["python", "a.py"]\n', listed)).toEqual({
    outcome: 'blocked',
    message: 'python:3.13-debian13-fips is not on dhi.io, only in the mirror of acme',
    fix: 'write docker.io/acme/dhi-python:3.13-debian13-fips',
  });
});

test('a mirror of another registry may have them too', () => {
  const registry = 'registry.example.com/dhi';
  const text = twoStages(`${registry}/python:3.13-debian13-fips-dev`, `${registry}/python:3.13-debian13-fips`);
  const { tags: mirrored } = parseTagList(
    `${registry}/python:3.13-debian13-fips\n${registry}/python:3.13-debian13-fips-dev\n`,
    { registry },
  );
  expect(compileText(text, { registry, tags: mirrored }).outcome).toBe('unchanged');
  expect(compileText(text, { registry }).outcome).toBe('blocked');
});
