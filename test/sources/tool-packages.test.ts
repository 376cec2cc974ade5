import { expect, test } from 'vitest';
import { programPackage, providedBy } from '../../src/sources/tool-packages.ts';

test.each([
  ['gcc', 'gcc', 'gcc'],
  ['cc', 'gcc', 'gcc'],
  ['xz', 'xz-utils', 'xz'],
  ['envsubst', 'gettext-base', 'gettext'],
  ['pkg-config', 'pkgconf', 'pkgconf'],
  ['ps', 'procps', 'busybox'],
  ['useradd', 'passwd', 'shadow'],
  ['adduser', 'adduser', 'busybox'],
  ['dig', 'bind9-dnsutils', 'bind-tools'],
  ['hg', 'mercurial', 'mercurial'],
  ['ninja', 'ninja-build', 'samurai'],
  ['localedef', 'libc-bin', undefined],
  ['ssh', 'openssh-client', 'openssh-client-default'],
  ['mvn', 'maven', 'maven'],
  ['no-such-program', undefined, undefined],
  ['constructor', undefined, undefined],
] as const)('%s is in %s on Debian and in %s on Alpine', (program, debian, alpine) => {
  expect(programPackage(program, 'debian')).toBe(debian);
  expect(programPackage(program, 'alpine')).toBe(alpine);
});

test('tells whether listed packages hold a program', () => {
  // the packages that a Debian node dev image lists
  const node = ['apt', 'bash', 'coreutils', 'dpkg', 'findutils', 'git', 'grep', 'nodejs-22', 'npm', 'perl-base', 'sed'];
  expect(providedBy(node, 'git', 'debian')).toBe(true);
  expect(providedBy(node, 'node', 'debian')).toBe(true);
  expect(providedBy(node, 'sh', 'debian')).toBe(true);
  expect(providedBy(node, 'perl', 'debian')).toBe(true);
  expect(providedBy(node, 'chown', 'debian')).toBe(true);
  expect(providedBy(node, 'cpan', 'debian')).toBe(false);
  expect(providedBy(node, 'tar', 'debian')).toBe(false);
  expect(providedBy(node, 'useradd', 'debian')).toBe(false);
  expect(providedBy(node, 'no-such-program', 'debian')).toBeUndefined();
  expect(providedBy(['gcc-14', 'python-3.13'], 'gcc', 'debian')).toBe(true);
  expect(providedBy(['gcc-14', 'python-3.13'], 'python3', 'debian')).toBe(true);
  expect(providedBy(['busybox', 'apk-tools'], 'adduser', 'alpine')).toBe(true);
  expect(providedBy(['busybox', 'apk-tools'], 'useradd', 'alpine')).toBe(false);
  expect(providedBy(['golang-1.26-dev'], 'go', 'alpine')).toBe(true);
});
