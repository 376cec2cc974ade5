import { describe, expect, test } from 'vitest';
import { parse } from '../../src/syntax/parse.ts';
import { compileText, lines } from './compile-text.ts';

/*
 * Builds that line-by-line rewriting gets wrong: what looks like a package call and is none, what is one and does not
 * look like it, and everything that gets lost when a command is printed anew. Each is migrated right, or refused.
 */
const update = 'apt-get update && apt-get install -y';
const python = (body: string, image = 'python:3.12-slim') =>
  `FROM ${image}\nWORKDIR /app\n${body}\nCOPY . .\nRUN pip install -r requirements.txt\nCMD ["python", "app.py"]\n`;
const node = (body: string, from = 'FROM node:24-slim') =>
  `${from}\nWORKDIR /app\n${body}\nCOPY . .\nRUN npm ci\nCMD ["node", "server.js"]\n`;

/** Compiles, and holds the result against what is true of every one. */
function migrated(text: string) {
  const result = compileText(text);
  const after = parse(result.after);
  expect(after.problem).toBeUndefined();
  if (result.outcome === 'blocked') expect(result.after).toBe(text);
  else expect(compileText(result.after).after, 'a second run changes nothing').toBe(result.after);
  expect(result.findings.filter(({ rule }) => rule === 'proof')).toEqual([]);
  return { ...result, told: lines(text, result) };
}

const review = (message: string) => new RegExp(`review\\[packages-only-while-building\\] .*${message}`);

describe('stays as it is written, in the build stage', () => {
  test.each<[name: string, run: string]>([
    ['a # inside a word', `RUN ${update} gcc && sed -i s#foo#bar# /app/x && echo done`],
    ['a mounted secret', `RUN --mount=type=secret,id=aptauth,target=/etc/apt/auth.conf ${update} gcc && make -C /app`],
    ['several mounts', `RUN --mount=type=cache,target=/root/.cache --mount=type=bind,target=/src,ro ${update} gcc`],
    ['redirections', 'RUN apt-get install -y gcc make >/dev/null 2>&1 && echo ok'],
    ['operators in expansions', 'RUN apt-get install -y gcc && echo $' + '{V##*.} $# && make install'],
    ['a pipe', `RUN ${update} gcc | tee /app/log && echo ok`],
    ['a condition', `RUN if [ -n "$DEV" ]; then ${update} gcc; fi`],
    ['a case', `RUN case "$A" in x) apt-get update; apt-get install -y gcc;; *) make;; esac`],
    ['a loop', 'RUN for p in gcc make; do apt-get install -y $p; done'],
    ['a subshell', 'RUN (apt-get update && apt-get install -y gcc)'],
    ['exec form', 'RUN ["apt-get", "install", "-y", "gcc"]'],
    ['a shell in a shell', 'RUN sh -c "apt-get install -y gcc && make"'],
    ['env', 'RUN env DEBIAN_FRONTEND=noninteractive apt-get install -y gcc'],
    ['a path', 'RUN /usr/bin/apt-get install -y gcc'],
    ['a substitution', 'RUN echo $(apt-get install -y gcc) > /app/log'],
    ['an escaped quote', "RUN echo it\\'s && apt-get install -y gcc"],
    ['a quoted operator', 'RUN apt-get install -y gcc && echo "a && b; c | d" > /app/x'],
    ['options with values', 'RUN apt-get install -y -o Dpkg::Options::=--force-confold --no-install-recommends gcc'],
    ['an architecture', 'RUN apt-get install -y gcc:arm64'],
    ['options of tar', 'RUN tar --strip-components=1 -xzf /app/a.tgz -C /opt/x'],
    [
      'comments and blank lines',
      `RUN apt-get update && \\\n    # why\n    apt-get install -y gcc \\\n\n    make && \\\n    make`,
    ],
    ['a heredoc', 'RUN <<EOF\napt-get update\napt-get install -y gcc\nmake\nEOF'],
    ['a heredoc for another program', "RUN python3 <<'EOF'\nimport os\nos.system('apt-get install x')\nEOF"],
    ['several spaces and a tab', 'RUN\tapt-get   install\t-y  gcc'],
  ])('%s', (_, run) => {
    const { after, outcome, told } = migrated(python(run));
    expect(outcome, told).toMatch(/ready|review/);
    const [build, runtime] = after.split(/^(?=FROM dhi\.io\/python:3\.12-debian13$)/m);
    expect(runtime).toBeDefined();
    expect(build).toContain(`${run}\n`);
    expect(runtime).not.toContain('RUN');
  });
});

describe('is told where it cannot be read', () => {
  test.each<[name: string, run: string, message: string]>([
    ['a package in a variable', 'RUN for p in a $(next); do apt-get install -y $p; done', 'which packages \\$p names'],
    ['a package file', 'RUN apt-get install -y ./local.deb', 'what the package file ./local.deb holds'],
    ['a package file and its fallback', 'RUN dpkg -i a.deb || apt-get -f install -y', 'what the package file a.deb'],
    ['a list of packages', 'RUN xargs apt-get install -y < pkgs.txt', 'which packages apt-get installs here'],
    ['a tool that nothing runs', `RUN ${update} curl`, 'curl is not carried over'],
    ['the same, behind sudo', 'RUN sudo apt-get install -y curl', 'curl is not carried over'],
  ])('%s', (_, run, message) => {
    const { outcome, told } = migrated(python(run));
    expect(outcome).toBe('review');
    expect(told).toMatch(review(message));
  });

  test('a script from the network that installs a language, in the root folder', () => {
    const { outcome } = migrated(
      `FROM ubuntu:22.04\nRUN ${update} curl && curl -fsSL https://deb.nodesource.com/setup_20.x | bash - && apt-get install -y nodejs\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["node", "a.js"]\n`,
    );
    expect(outcome).not.toBe('ready');
  });
});

describe('the image of a stage', () => {
  const froms = (text: string) => text.match(/^FROM.*$/gm);

  test('whose name is that of its own stage', () => {
    const { after } = migrated(node('', 'FROM node:24-slim AS node'));
    expect(froms(after)).toEqual(['FROM dhi.io/node:24-debian13-dev AS build', 'FROM dhi.io/node:24-debian13 AS node']);
  });

  test('that other stages start from is one with a shell', () => {
    const { after } = migrated(
      `FROM node:24 AS base\nRUN ${update} make\nFROM base\nWORKDIR /app\nCOPY . .\nRUN make && npm ci\nCMD ["node", "a.js"]\n`,
    );
    expect(froms(after)?.[0]).toBe('FROM dhi.io/node:24-debian13-dev AS base');
    expect(froms(after)?.at(-1)).toBe('FROM dhi.io/node:24-debian13');
  });

  test.each([
    ['in two ARGs', 'ARG BASE=node\nARG TAG=24-slim\nFROM $' + '{BASE}:$' + '{TAG}'],
    ['in one ARG, quoted', 'ARG IMG="node:24-slim"\nFROM $IMG'],
    ['with a default', 'FROM node:$' + '{V:-24}'],
    ['behind a registry in an ARG', 'ARG REG=docker.io\nFROM $' + '{REG}/library/node:24'],
    ['as a default', 'FROM $' + '{UNSET:-node:24}'],
    ['after a tab', 'FROM\tnode:24'],
    ['after a byte order mark', '\ufeffFROM node:24'],
    ['in small letters', 'from node:24'],
  ])('%s', (_, from) => {
    const { after, outcome } = migrated(node('', from));
    expect(outcome).toBe('ready');
    expect(after).toMatch(/^FROM\s+dhi\.io\/node:24-debian13$/im);
    expect(after).not.toMatch(/^FROM\s+(?!dhi\.io\/)/im);
  });

  test.each([
    ['of a private registry', 'registry.local:5000/team/app:1.2.3'],
    ['of somebody else', 'mycompany/python:1.0'],
    ['that nobody knows', 'acme/base'],
  ])('%s is not guessed', (_, image) => {
    const { outcome, told } = migrated(python('', image));
    expect(outcome).toBe('blocked');
    expect(told).toContain(`there is no hardened image for ${image}`);
  });

  test.each(['dhi.io/python:3.13-debian13', 'docker.io/acme/dhi-python:3.13-debian13'])(
    '%s is hardened already',
    (image) => {
      const text = `FROM ${image}\nWORKDIR /app\nCOPY . .\nCMD ["python", "app.py"]\n`;
      expect(migrated(text)).toMatchObject({ outcome: 'unchanged', findings: [] });
    },
  );

  test('keeps its platform', () => {
    const { after } = migrated(node('', 'FROM --platform=$BUILDPLATFORM node:24 AS web'));
    expect(after).toMatch(/^FROM --platform=\$BUILDPLATFORM dhi\.io\/node:24-debian13 AS web$/m);
  });
});

describe('content of files is no Dockerfile', () => {
  test.each([
    ['an example of one', '<<EOF /app/example', 'FROM ubuntu:22.04\nRUN apt-get install -y curl\nEXPOSE 80\nUSER root'],
    ['continuations, comments and blank lines', "<<'EOF' /app/run.sh", 'a \\\n# kept\n\nb'],
    ['what looks like the end', '<<-"EOF" /app/x', '\tEOF2\n EOF'],
  ])('%s', (_, marker, body) => {
    const { after } = migrated(python(`COPY ${marker}\n${body}\nEOF`));
    expect(after).toContain(`${marker}\n${body}\nEOF\n`);
  });
});

describe('the escape character of the file', () => {
  const text = `# escape=\`
FROM python:3.12-slim
WORKDIR /app
RUN apt-get update && \`
    apt-get install -y gcc
RUN echo C:\\dst\\
RUN pip install x
COPY . .
CMD ["python", "a.py"]
`;

  test('joins lines and nothing else', () => {
    const { after } = migrated(text);
    expect(after).toContain('RUN apt-get update && `\n    apt-get install -y gcc\n');
    expect(after).toContain('\nRUN pip install x\n');
    expect(after.startsWith('# escape=`\n')).toBe(true);
    expect(after).not.toMatch(/(?<!dst)\\$/m);
  });
});

test.each(['', '\n', '\n\n'])('a continuation at the end of the file: %j', (end) => {
  const { after, outcome } = migrated(
    `FROM python:3.12-slim\nCMD ["python", "a.py"]\nRUN apt-get install -y curl \\${end}`,
  );
  expect(outcome).toBe('review');
  expect(after).toMatch(/^FROM dhi\.io\/python:3\.12-debian13\nCMD \["python", "a\.py"\]\n*$/);
});

test.each([
  [
    'a group that is made by nobody',
    'RUN useradd -u 1000 -g app -G sudo,docker -ms /bin/bash app\nUSER app',
    'USER nonroot',
  ],
  ['root by number, then a number', 'USER 0\nRUN apt-get install -y gcc\nUSER 1000', 'USER 1000'],
])('users: %s', (_, body, user) => {
  const { after } = migrated(python(body));
  expect(after.match(/^USER .*$/gm)?.at(-1)).toBe(user);
});

test('line ends of the file are kept', () => {
  const text = python(`RUN ${update} gcc`).replaceAll('\n', '\r\n');
  const { after } = migrated(text);
  expect(after.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
});
