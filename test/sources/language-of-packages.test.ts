import { expect, test } from 'vitest';
import { languageOfPackages } from '../../src/sources/language-of-packages.ts';

test.each([
  [['python3', 'python3-pip', 'curl'], 'ubuntu', 'jammy', 'python', '3.10'],
  [['python3-pip'], 'ubuntu', 'noble', 'python', '3.12'],
  [['python3.11-venv'], 'ubuntu', 'jammy', 'python', '3.11'],
  [['nodejs', 'npm'], 'debian', 'bookworm', 'node', '18'],
  [['golang-go'], 'debian', 'trixie', 'golang', '1.24'],
  [['golang-1.22-go'], 'ubuntu', 'jammy', 'golang', '1.22'],
  [['php8.2-cli', 'php8.2-xml'], 'debian', 'bookworm', 'php', '8.2'],
  [['php82', 'php82-fpm'], 'alpine', '3.19', 'php', '8.2'],
  [['openjdk-17-jre-headless'], 'ubuntu', 'jammy', 'eclipse-temurin', '17'],
  [['openjdk17-jre'], 'alpine', '3.20', 'eclipse-temurin', '17'],
  [['java-1.8.0-openjdk-devel'], 'rpm', 'centos7', 'eclipse-temurin', '8'],
  [['default-jdk', 'maven'], 'debian', 'bookworm', 'eclipse-temurin', '17'],
  [['python39'], 'rpm', 'ubi8', 'python', '3.9'],
  [['python3'], 'alpine', '3.19', 'python', '3.11'],
  [['aspnetcore-runtime-8.0'], 'ubuntu', 'jammy', 'aspnetcore', '8.0'],
  [['rustc', 'cargo'], 'debian', undefined, 'rust', undefined],
] as const)('%s on %s %s is %s %s', (packages, family, release, image, version) => {
  expect(languageOfPackages(packages, family, release)).toMatchObject({ image, version });
});

test('Python beside another language is taken for a tool of its build', () => {
  expect(languageOfPackages(['python3', 'make', 'g++', 'nodejs'], 'debian', 'bookworm')).toEqual({
    image: 'node',
    version: '18',
    packages: ['nodejs'],
    others: ['python'],
  });
});

test('libraries and tools are no language', () => {
  expect(
    languageOfPackages(['curl', 'libpython3-dev', 'perl', 'nodejs-doc', 'constructor'], 'debian', 'trixie'),
  ).toBeUndefined();
});
