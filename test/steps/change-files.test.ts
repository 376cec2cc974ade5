import { describe, expect, test } from 'vitest';
import { withFiles } from '../../src/context/project-reader.ts';
import { changeFiles } from '../../src/steps/change-files.ts';
import type { FileStep } from '../../src/steps/step.ts';
import { pageProject } from '../pages/page.ts';

const project = pageProject(new Map([['conf/nginx.conf', 'user nginx;\r\nlisten 80;\r\n']]));
const edit = (start: number, end: number, text: string, path = 'conf/nginx.conf'): FileStep => ({
  kind: 'edit-file',
  rule: 'ports',
  why: 'the port moves',
  path,
  edits: [{ range: { start, end }, text }],
});
const add: FileStep = {
  kind: 'add-file',
  rule: 'entry-point',
  why: 'a start without a shell',
  path: 'bin/start.mjs',
  text: 'go();\n',
};

describe('files beside the Dockerfile', () => {
  test('are changed once each, in their own line ends', () => {
    const changed = changeFiles([edit(20, 22, '8080'), edit(0, 13, '# no user\n'), edit(20, 22, '8080'), add], project);
    expect(changed).toEqual([
      expect.objectContaining({ path: 'bin/start.mjs', before: undefined, after: 'go();\n' }),
      expect.objectContaining({ path: 'conf/nginx.conf', after: '# no user\r\nlisten 8080;\r\n' }),
    ]);
  });

  test.each([
    ['two owners of one place', [edit(20, 22, '8080'), edit(20, 22, '8081')], 'conf/nginx.conf'],
    ['a file that is not there', [edit(0, 0, 'x', 'other.conf')], 'other.conf is not there'],
    ['a new file over another one', [{ ...add, path: 'conf/nginx.conf' }], 'conf/nginx.conf is there already'],
  ])('are left alone: %s', (_name, steps, conflict) => {
    expect(changeFiles(steps, project)).toEqual({ conflict });
  });

  test('that are as they should be are no change', () => {
    expect(changeFiles([edit(20, 22, '80')], project)).toEqual([]);
    expect(changeFiles([add], withFiles(project, [{ path: 'bin/start.mjs', after: 'go();\n' }]))).toEqual([]);
  });

  test('are seen by a second run with their folders', () => {
    const after = withFiles(project, [{ path: 'bin/start.mjs', after: 'go();\n' }]);
    expect(after.read('bin/start.mjs')).toBe('go();\n');
    expect(after.list('')).toEqual(['bin/', 'conf/']);
    expect(after.list('bin')).toEqual(['start.mjs']);
    expect(after.list('lib')).toBeUndefined();
  });
});
