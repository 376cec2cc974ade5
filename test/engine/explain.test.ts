import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { explain } from '../../src/engine/explain.ts';

const root = new URL('../../', import.meta.url);
const told = (text: string) => explain(text).map(({ rule, reason }) => `${rule}: ${reason}`);

/* Lines as BuildKit, runc, Docker and the programs print them. */
describe('failures that are known', () => {
  test.each<[line: string, expected: string]>([
    [
      'runc create failed: unable to start container process: exec: "/bin/sh": stat /bin/sh: no such file or directory: unknown',
      'no-shell-at-runtime: the image has no shell',
    ],
    [
      'OCI runtime exec failed: exec failed: unable to start container process: exec: "sh": executable file not found in $PATH: unknown',
      'no-shell-at-runtime: the image has no shell',
    ],
    [
      'Error: unable to start container "1": crun: executable file `/bin/sh` not found: No such file or directory: OCI runtime attempted to invoke a command that was not found',
      'no-shell-at-runtime: the image has no shell',
    ],
    [
      'Error: crun: executable file `gunicorn` not found in $PATH: No such file or directory: OCI runtime attempted to invoke a command that was not found',
      'entry-point: gunicorn is not in the image',
    ],
    [
      'exec container process (missing dynamic library?) `/app/server`: No such file or directory',
      'missing-interpreter: /app/server, its interpreter or its loader is not in the image',
    ],
    [
      'exec container process `/app/server`: Exec format error',
      'program-format: the program is neither a binary for this machine nor a script with #!',
    ],
    ['exec: "gunicorn": executable file not found in $PATH', 'entry-point: gunicorn is not in the image'],
    [
      'exec: "./start.sh": permission denied: unknown',
      'program-not-executable: the user of the image may not execute ./start.sh',
    ],
    [
      'exec /app/run.sh: no such file or directory',
      'missing-interpreter: /app/run.sh, its interpreter or its loader is not in the image',
    ],
    [
      'exec ./run.sh: no such file or directory',
      'missing-interpreter: ./run.sh, its interpreter or its loader is not in the image',
    ],
    [
      'exec /app/run.sh: exec format error',
      'program-format: the program is neither a binary for this machine nor a script with #!',
    ],
    [
      'unable to find user app: no matching entries in passwd file',
      'nonroot-user: app is not in /etc/passwd or /etc/group of the image',
    ],
    [
      'ImportError: libpq.so.5: cannot open shared object file: No such file or directory',
      'missing-library: libpq.so.5 is not in the image',
    ],
    [
      '/app/x: error while loading shared libraries: libssl.so.3: cannot open shared object file: No such file or directory',
      'missing-library: libssl.so.3 is not in the image',
    ],
    [
      'Error loading shared library libgcc_s.so.1: No such file or directory (needed by /app/x)',
      'missing-library: libgcc_s.so.1 is not in the image',
    ],
    [
      "/app/x: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by /app/x)",
      'library-too-old: the program was linked to a newer C library than the image has: it needs GLIBC_2.38',
    ],
    ['/bin/sh: 1: apt-get: not found', 'packages-only-while-building: apt-get is not in the image'],
    ['/bin/bash: line 1: npm: command not found', 'packages-only-while-building: npm is not in the image'],
    [
      'E: Unable to locate package libpq-dev',
      'package-names: the distribution of the hardened image has no package libpq-dev',
    ],
    [
      "[ERROR] connection to ('0.0.0.0', 80) failed: [Errno 13] Permission denied",
      'ports: port 80 takes rights that the migrated program does not have',
    ],
    [
      'Error: listen EACCES: permission denied 0.0.0.0:80',
      'ports: port 80 takes rights that the migrated program does not have',
    ],
    [
      'panic: listen tcp :80: bind: permission denied',
      'ports: port 80 takes rights that the migrated program does not have',
    ],
    [
      'nginx: [emerg] bind() to 0.0.0.0:80 failed (13: Permission denied)',
      'ports: port 80 takes rights that the migrated program does not have',
    ],
    [
      '(13)Permission denied: AH00072: make_sock: could not bind to address [::]:80',
      'ports: port 80 takes rights that the migrated program does not have',
    ],
    [
      "PermissionError: [Errno 13] Permission denied: '/var/log/app/app.log'",
      'writable-paths: the user of the image may not write to /var/log/app/app.log',
    ],
    [
      "Error: EACCES: permission denied, mkdir '/usr/src/app/data'",
      'writable-paths: the user of the image may not write to /usr/src/app/data',
    ],
    ['open /data/x.db: permission denied', 'writable-paths: the user of the image may not write to /data/x.db'],
    [
      'java.nio.file.AccessDeniedException: /opt/app/logs',
      'writable-paths: the user of the image may not write to /opt/app/logs',
    ],
    [
      'nginx: [emerg] mkdir() "/var/cache/nginx/client_temp" failed (13: Permission denied)',
      'writable-paths: the user of the image may not write to /var/cache/nginx/client_temp',
    ],
    [
      "OSError: [Errno 30] Read-only file system: '/app/data'",
      'read-only-root: the program writes to /app/data, which is read-only',
    ],
    [
      'chown: changing ownership of /data: Operation not permitted',
      'nonroot-user: the program calls chown, which only root may',
    ],
    [
      "ModuleNotFoundError: No module named 'flask'",
      'build-and-runtime-stages: the Python module flask is not in the image',
    ],
    ["Error: Cannot find module 'express'", 'build-and-runtime-stages: the Node.js module express is not in the image'],
    [
      "FileNotFoundError: [Errno 2] No such file or directory: '/app/config.yaml'",
      'build-and-runtime-stages: /app/config.yaml is not in the image',
    ],
    [
      'tls: failed to verify certificate: x509: certificate signed by unknown authority',
      'tls-certificates: a TLS certificate is signed by an authority that the image does not know',
    ],
    [
      "zoneinfo._common.ZoneInfoNotFoundError: 'No time zone found with key Europe/Paris'",
      'build-and-runtime-stages: the time zones are not in the image',
    ],
    ['ERROR: pull access denied for dhi.io/python', 'undefined: the registry wants to know who asks'],
    ['write /x: no space left on device', 'undefined: the disk is full'],
  ])('%s', (line, expected) => {
    expect(told(`first line\n${line}\n`)).toEqual([expected]);
  });

  test('a line that says nothing bad explains nothing', () => {
    expect(told('Listening on 0.0.0.0:8080\nGET /health 200\nstarted server in 3 ms\n')).toEqual([]);
  });

  test('the last is told first, each once', () => {
    const [one, other] = ["Error: Cannot find module 'a'", "Error: Cannot find module 'b'"];
    expect(told([one, other, one].join('\n'))).toEqual([
      'build-and-runtime-stages: the Node.js module a is not in the image',
      'build-and-runtime-stages: the Node.js module b is not in the image',
    ]);
  });

  test('hostile lines take no time', () => {
    const start = Date.now();
    for (const piece of [
      'exec: "',
      "bind ' ",
      'a.so',
      'mkdir /',
      '/',
      'Permission denied ',
      'EACCES: permission denied ',
    ])
      explain(`${piece.repeat(20_000)}\n`.repeat(3));
    explain('x\n'.repeat(1_000_000));
    expect(Date.now() - start).toBeLessThan(4000);
  });

  test('every rule that is named has its page', () => {
    const source = readFileSync(new URL('src/engine/explain.ts', root), 'utf8');
    const inspect = readFileSync(new URL('docs/inspect.md', root), 'utf8');
    const own = readFileSync(new URL('docs/prove.md', root), 'utf8');
    const rules = new Set([...source.matchAll(/rule: '([^']+)'/g)].map(([, rule]) => rule!));
    expect(rules.size).toBeGreaterThan(10);
    const unknown = [...rules].filter(
      (rule) =>
        !existsSync(new URL(`src/rules/${rule}.md`, root)) &&
        !inspect.includes(`\`${rule}\``) &&
        !own.includes(`\`${rule}\``),
    );
    expect(unknown).toEqual([]);
  });
});
