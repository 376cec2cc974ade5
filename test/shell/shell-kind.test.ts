import { expect, it } from 'vitest';
import { shellKind } from '../../src/shell/shell-kind.ts';

it.each([
  [['/bin/bash', '-o', 'pipefail', '-c'], 'posix'],
  [['/bin/sh', '-c'], 'posix'],
  [['busybox', 'sh', '-c'], 'posix'],
  [['conda', 'run', '-n', 'web', '/bin/bash', '-c'], 'posix'],
  [['pwsh', '-Command'], 'powershell'],
  [['C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe', '-Command'], 'powershell'],
  [['cmd', '/S', '/C'], 'cmd'],
  [['python3', '-c'], 'other'],
  [[], 'other'],
] as const)('%j is %s', (argv, kind) => {
  expect(shellKind(argv)).toBe(kind);
});
