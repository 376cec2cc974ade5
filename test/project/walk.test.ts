import { chmodSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findDockerfiles, isDockerfileName } from '../../src/project/walk.ts';
import { folderOf } from './folder.ts';

describe('a Dockerfile', () => {
  test.each([
    'Dockerfile',
    'Dockerfile.dev',
    'api.Dockerfile',
    'Containerfile',
    'Containerfile.prod',
    'dockerfile',
    'a.dockerfile',
  ])('may be called %s', (name) => expect(isDockerfileName(name)).toBe(true));
  test.each([
    'Dockerfile.dockerignore',
    'Dockerfile.md',
    'Dockerfiles',
    'MyDockerfile',
    'docker-compose.yml',
    '.Dockerfile.swp',
    'Dockerfile~',
    'Dockerfile.orig',
  ])('is not called %s', (name) => expect(isDockerfileName(name)).toBe(false));
});

describe('a search', () => {
  test('finds files in the order of their names, and leaves out dependencies', () => {
    const folder = folderOf({
      'b/Dockerfile': '',
      'a/api.Dockerfile': '',
      Dockerfile: '',
      'node_modules/x/Dockerfile': '',
      'a/vendor/y/Dockerfile': '',
      '.git/Dockerfile': '',
      'README.md': '',
    });
    expect(findDockerfiles('.', folder)).toEqual({
      others: [],
      files: ['Dockerfile', 'a/api.Dockerfile', 'b/Dockerfile'],
      problems: [],
    });
    expect(findDockerfiles('x', folder).files[0]).toBe('x/Dockerfile');
  });

  test('leaves out what git ignores, nested and negated, also from above', () => {
    const folder = folderOf({
      '.git/': '',
      '.gitignore': 'build/\n*.tmp.Dockerfile\n/only-here\n',
      Dockerfile: '',
      'x.tmp.Dockerfile': '',
      'build/Dockerfile': '',
      'only-here/Dockerfile': '',
      'app/only-here/Dockerfile': '',
      'app/.gitignore': '!x.tmp.Dockerfile\n/Dockerfile\n',
      'app/x.tmp.Dockerfile': '',
      'app/Dockerfile': '',
      'app/sub/Dockerfile': '',
    });
    const expected = ['app/only-here/Dockerfile', 'app/sub/Dockerfile', 'app/x.tmp.Dockerfile'];
    expect(findDockerfiles('.', folder).files).toEqual(['Dockerfile', ...expected]);
    expect(findDockerfiles('app', join(folder, 'app')).files).toEqual(expected);
    expect(findDockerfiles('build', join(folder, 'build')).files).toEqual(['build/Dockerfile']);
  });

  test('follows no link out of the folder, and none to what it has', () => {
    const outside = folderOf({ Dockerfile: '' });
    const folder = folderOf({ 'real/Dockerfile': '', 'real/production': '' });
    symlinkSync(outside, join(folder, 'out'));
    symlinkSync(join(outside, 'Dockerfile'), join(folder, 'Dockerfile.out'));
    symlinkSync('real/Dockerfile', join(folder, 'Dockerfile'));
    symlinkSync('real/production', join(folder, 'Dockerfile.production'));
    symlinkSync('.', join(folder, 'loop'));
    expect(findDockerfiles('.', folder)).toEqual({
      files: ['real/Dockerfile', 'Dockerfile.production'],
      others: [],
      problems: [],
    });
  });

  test('says which link leads in a circle, and goes on', () => {
    const folder = folderOf({ Dockerfile: '' });
    symlinkSync('Dockerfile.circle', join(folder, 'Dockerfile.circle'));
    const { files, problems } = findDockerfiles('.', folder);
    expect(files).toEqual(['Dockerfile']);
    expect(problems.map(({ message }) => message)).toEqual([
      'cannot read Dockerfile.circle: too many symbolic links; it probably points at itself',
    ]);
  });

  test.skipIf(process.getuid?.() === 0)('says which folder it may not read, and goes on', () => {
    const folder = folderOf({ Dockerfile: '', 'closed/Dockerfile': '' });
    chmodSync(join(folder, 'closed'), 0);
    const { files, problems } = findDockerfiles('.', folder);
    chmodSync(join(folder, 'closed'), 0o755);
    expect(files).toEqual(['Dockerfile']);
    expect(problems[0]?.message).toBe('cannot read closed: permission denied; check who may read it');
  });

  test('ends in folders without end', () => {
    const folder = folderOf({ [`${'d/'.repeat(70)}Dockerfile`]: '', 'z/Dockerfile': '' });
    const { files, problems } = findDockerfiles('.', folder);
    expect(files).toEqual(['z/Dockerfile']);
    expect(problems[0]?.message).toContain('deeper than 64');
  });
});
