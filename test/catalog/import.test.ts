import { describe, expect, test } from 'vitest';
import { importDefinition, isDefinitionPath, wholeCatalogProblem } from '../../src/catalog/import.ts';
import { definitionOf, yamlOf } from './sample.ts';

const FULL = `name: Sample 1.2.x
image: dhi.io/sample
variant: runtime
flavor: compat
tags:
  - 1.2-debian13-compat
  - "1-compat"
  - 1.2-debian13-compat
platforms:
  - linux/arm64
  - linux/amd64
dates:
  release: "2026-01-02"
  end-of-life: "2027-03-04"
contents:
  packages:
    - '!mawk'
    - dash
    - bash
    - libc6=2.41-12
    - libc6
    - apt
    - dpkg
  builds:
    - name: ignored
accounts:
  root: true
  run-as: "999"
  users:
    - { name: sample, uid: 999, gid: 998 }
  groups:
    - { name: sample, gid: 998, members: [sample] }
work-dir: /srv
stop-signal: SIGQUIT
environment:
  PATH: /opt/bin:/usr/bin
paths:
  - { type: directory, path: /srv, uid: 999, gid: 998, mode: "750" }
  - { type: symlink, path: /bin/x, uid: 0, gid: 0, source: /opt/bin/x }
  - { type: file, path: /etc/x, uid: 0, gid: 0, mode: "02775", source: image/sample/x }
  - { type: emptyfile, path: /etc/y, uid: 0, gid: 0 }
  - { type: delete, path: /etc/z, uid: 0, gid: 0 }
entrypoint: [/opt/bin/x, --]
cmd: [serve]
ports:
  - "53/udp"
  - "8080"
  - 9000-9010
`;

test('a definition is read with all that it says', () => {
  expect(importDefinition('sample/debian-13/1.2-compat.yaml', FULL)).toEqual({
    image: 'sample',
    file: 'debian-13/1.2-compat',
    variant: 'runtime',
    flavor: 'compat',
    distribution: 'debian-13',
    tags: ['1-compat', '1.2-debian13-compat'],
    platforms: ['linux/amd64', 'linux/arm64'],
    user: { name: 'sample', uid: 999, gid: 998 },
    users: [
      { name: 'root', uid: 0, gid: 0 },
      { name: 'sample', uid: 999, gid: 998 },
    ],
    groups: [
      { name: 'root', gid: 0 },
      { name: 'sample', gid: 998 },
    ],
    workdir: '/srv',
    environment: { PATH: '/opt/bin:/usr/bin' },
    entrypoint: ['/opt/bin/x', '--'],
    cmd: ['serve'],
    ports: ['53/udp', '8080/tcp', '9000-9010/tcp'],
    stopSignal: 'SIGQUIT',
    shell: 'bash',
    packageManagers: ['apt', 'dpkg'],
    packages: ['apt', 'bash', 'dash', 'dpkg', 'libc6'],
    paths: [
      { type: 'directory', path: '/srv', uid: 999, gid: 998, mode: '0750', source: undefined },
      { type: 'symlink', path: '/bin/x', uid: 0, gid: 0, mode: undefined, source: '/opt/bin/x' },
      { type: 'file', path: '/etc/x', uid: 0, gid: 0, mode: '2775', source: undefined },
      { type: 'file', path: '/etc/y', uid: 0, gid: 0, mode: undefined, source: undefined },
    ],
    release: '2026-01-02',
    endOfLife: '2027-03-04',
  });
});

test.each([
  ['root', { name: 'root', uid: 0, gid: 0 }],
  ['nonroot', { name: 'nonroot', uid: 65532, gid: 65532 }],
  ['"65532"', { name: 'nonroot', uid: 65532, gid: 65532 }],
  ['"999"', { name: '999', uid: 999, gid: 0 }],
  ['nonroot:root', undefined],
  ['"65532:0"', { name: 'nonroot', uid: 65532, gid: 0 }],
])('run-as %s', (runAs, user) => {
  const yaml = yamlOf('sample', 'runtime', ['1']).replace('run-as: nonroot', `run-as: ${runAs}`);
  const definition = importDefinition('sample/debian-13/1.yaml', yaml);
  expect('problem' in definition ? undefined : definition.user).toEqual(user);
});

describe('what is refused', () => {
  const good = yamlOf('sample', 'runtime', ['1']);
  test.each([
    ['another image', good.replace('dhi.io/sample', 'dhi.io/other'), 'image is not dhi.io/sample'],
    ['a foreign registry', good.replace('dhi.io/sample', 'evil.example/sample'), 'image is not dhi.io/sample'],
    ['an unknown variant', good.replace('variant: runtime', 'variant: helm'), 'neither runtime nor dev'],
    ['no tags', good.replace('  - "1"', '  []'), 'tags is empty'],
    ['a tag that is none', good.replace('"1"', '"a b"'), 'wrong form'],
    ['a number for a tag', good.replace('"1"', '1.10'), 'tags is no text'],
    ['an unknown user', good.replace('run-as: nonroot', 'run-as: nobody'), 'none of accounts.users'],
    ['a package with a line break', good.replace('- base-files', '- "base\\nfiles"'), 'wrong form'],
    ['an empty file', '', 'no mapping'],
    ['no YAML', '{{{', 'sample/debian-13/1.yaml:'],
    ['a date that is none', `${good}dates: { end-of-life: soon }\n`, 'wrong form'],
    ['a shell form', `${good}entrypoint: run me\n`, 'no list'],
  ])('%s', (_name, yaml, problem) => {
    const definition = importDefinition('sample/debian-13/1.yaml', yaml);
    expect('problem' in definition && definition.problem).toContain(problem);
  });

  test('an alias bomb', () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 12; i++) {
      const [now, before] = [String.fromCharCode(97 + i), String.fromCharCode(96 + i)];
      bomb.push(`${now}: &${now} [${Array(9).fill(`*${before}`).join(', ')}]`);
    }
    const started = performance.now();
    expect(importDefinition('sample/debian-13/1.yaml', bomb.join('\n'))).toHaveProperty('problem');
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test('deep nesting', () => {
    expect(importDefinition('sample/debian-13/1.yaml', '['.repeat(50_000))).toHaveProperty('problem');
  });

  test('a tag that two definitions claim', () => {
    const one = definitionOf('sample/debian-13/1.yaml', yamlOf('sample', 'runtime', ['1', '1-debian13']));
    const two = definitionOf('sample/debian-13/2.yaml', yamlOf('sample', 'runtime', ['2', '1']));
    expect(wholeCatalogProblem([one, two])).toContain('sample:1 is claimed by');
    expect(wholeCatalogProblem([one])).toBeUndefined();
    expect(wholeCatalogProblem([])).toBeDefined();
  });
});

test.each([
  ['python/debian-13/3.13.yaml', true],
  ['tempo/config/tempo-v3.yaml', false],
  ['influxdb/data/2/default-config.yaml', false],
  ['python/guides.md', false],
  ['../debian-13/x.yaml', false],
  ['python/debian-13/../../x.yaml', false],
  ['/etc/debian-13/x.yaml', false],
])('%s is the path of a definition: %s', (path, is) => {
  expect(isDefinitionPath(path)).toBe(is);
});
