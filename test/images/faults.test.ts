import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { imageRules } from '../../src/images/image-finding.ts';
import { elf } from './elf.ts';
import { folder, type Image, inspected, type Layer, link, told } from './saved-image.ts';
import { config, glibc, ground, musl, sound, without } from './sound-image.ts';

type Config = Readonly<Record<string, unknown>>;

const image = (layer: Layer, changed: Config = {}): Image => ({ layers: [layer], config: { ...config, ...changed } });
const more = (layer: Layer, changed: Config = {}): Image => image({ ...sound, ...layer }, changed);
const python = { 'usr/bin/python3.13': sound['usr/bin/server']!, 'usr/bin/python3': link('python3.13') };
const node = { 'usr/bin/node': sound['usr/bin/server']! };
const venv = (target: string): Layer => ({
  'opt/venv/pyvenv.cfg': 'home = /usr/bin\n',
  'opt/venv/bin/python': link(target),
  'opt/venv/lib/python3.13/site-packages/a.py': '',
});
const addon = 'app/node_modules/bcrypt/lib/bcrypt.node';
const gem = 'usr/local/bundle/gems/pg-1.5.6/lib/pg_ext.so';
const ruby: Layer = {
  'usr/local/bin/ruby': elf({ interpreter: glibc, needed: ['libruby.so.3.3'], runpath: '/opt/ruby' }),
  'opt/ruby/libruby.so.3.3': elf({ soname: 'libruby.so.3.3' }),
};
const extension = 'usr/lib/python3/dist-packages/fast.cpython-313-x86_64-linux-gnu.so';

describe('nothing is found in a sound image', () => {
  test.each<[name: string, image: Image]>([
    ['with libraries at two depths', image(sound)],
    ['of one static binary', image({ ...ground, server: elf({}) }, { Entrypoint: ['/server'] })],
    ['with a number for a user', image(sound, { User: '65532:65532' })],
    ['with a program of PATH', image(sound, { Entrypoint: ['server'], Env: ['PATH=/bin:/usr/bin'] })],
    [
      'with a library beside the program',
      image({
        ...without('usr/lib/libtwo.so.1'),
        'usr/lib/libone.so.1': elf({ needed: ['libtwo.so.1'], runpath: '$ORIGIN/own' }),
        'usr/lib/own/libtwo.so.1': elf({}),
      }),
    ],
    [
      'with LD_LIBRARY_PATH',
      image(
        { ...without('usr/lib/libtwo.so.1'), 'opt/lib/libtwo.so.1': elf({}) },
        { Env: ['LD_LIBRARY_PATH=/opt/lib'] },
      ),
    ],
    [
      'with links on the way',
      image({
        ...without('usr/lib/libtwo.so.1'),
        'usr/lib/libtwo.so.1': link('../../opt/libtwo.so.1.0'),
        'opt/libtwo.so.1.0': elf({}),
      }),
    ],
    ['with a script and its interpreter', more({ 'app/run': '#!/usr/bin/server\n' }, { Entrypoint: ['/app/run'] })],
    [
      'with env',
      more(
        { 'app/run': '#!/usr/bin/env server\n', 'usr/bin/env': sound['usr/bin/server']! },
        { Entrypoint: ['/app/run'] },
      ),
    ],
    [
      'with a flag of PHP that takes a value',
      more({ 'usr/bin/php': sound['usr/bin/server']! }, { Entrypoint: ['php', '-S', '0.0.0.0:8080', 'index.php'] }),
    ],
    ['with a virtual environment', more({ ...python, ...venv('/usr/bin/python3') })],
    ['with a health check in exec form', more({}, { Healthcheck: { Test: ['CMD', '/usr/bin/server', 'ping'] } })],
    ['with a volume of its user', more({ data: folder(0o700, 65532) }, { Volumes: { '/data': {} } })],
    ['with a native module', more({ ...node, [addon]: elf({ needed: ['libc.so.6'] }) })],
    [
      'with a gem, for which its interpreter has the library',
      more({ ...ruby, [gem]: elf({ needed: ['libruby.so.3.3'] }) }),
    ],
    [
      'with modules for both C libraries',
      more({
        ...node,
        'app/node_modules/a/prebuilds/linux-x64/a.glibc.node': elf({ needed: ['libc.so.6'] }),
        'app/node_modules/a/prebuilds/linux-x64/a.musl.node': elf({ needed: ['libc.musl-x86_64.so.1'] }),
      }),
    ],
    [
      'of musl',
      image(
        {
          ...ground,
          'lib/ld-musl-x86_64.so.1': elf({}),
          server: elf({ interpreter: musl, needed: ['libc.musl-x86_64.so.1'] }),
          'lib/libc.musl-x86_64.so.1': link('ld-musl-x86_64.so.1'),
        },
        { Entrypoint: ['/server'] },
      ),
    ],
  ])('%s', async (_, given) => {
    expect((await inspected(given)).findings).toEqual([]);
  });
});

describe('is found', () => {
  test.each<[name: string, image: Image, rules: readonly string[], message: string]>([
    [
      'a library missing at depth two',
      image(without('usr/lib/libtwo.so.1')),
      ['error missing-library'],
      'libtwo.so.1 is missing: /usr/lib/libone.so.1 needs it',
    ],
    [
      'a library where the loader does not look',
      image({ ...without('usr/lib/libtwo.so.1'), 'opt/lib/libtwo.so.1': elf({}) }),
      ['error missing-library'],
      'libtwo.so.1 is missing',
    ],
    [
      'a C library that is too old',
      image({ ...sound, 'lib64/libc.so.6': elf({ defines: ['GLIBC_2.2.5', 'GLIBC_2.31'] }) }),
      ['error library-too-old'],
      '/usr/bin/server needs GLIBC_2.36 of /lib64/libc.so.6',
    ],
    [
      'a library of another architecture',
      image({ ...sound, 'usr/lib/libtwo.so.1': elf({ machine: 183 }) }),
      ['error wrong-architecture'],
      '/usr/lib/libtwo.so.1 is built for arm64',
    ],
    [
      'a missing loader',
      image(without('lib64/ld-linux-x86-64.so.2')),
      ['error missing-interpreter'],
      `needs the loader ${glibc}`,
    ],
    [
      'a program for musl on glibc',
      more({ server: elf({ interpreter: musl }) }, { Entrypoint: ['/server'] }),
      ['error wrong-c-library'],
      `needs the loader ${musl}`,
    ],
    [
      'a program for glibc on musl',
      image(
        { ...ground, 'lib/ld-musl-x86_64.so.1': elf({}), server: sound['usr/bin/server']! },
        { Entrypoint: ['/server'] },
      ),
      ['error wrong-c-library'],
      `needs the loader ${glibc}`,
    ],
    [
      'a program of another architecture',
      { ...image(sound), architecture: 'arm64' },
      ['error wrong-architecture'],
      'is built for amd64, the image for linux/arm64',
    ],
    [
      'a missing program',
      image(sound, { Entrypoint: ['gunicorn'] }),
      ['error program-not-found'],
      'ENTRYPOINT needs gunicorn',
    ],
    [
      'a program that may not be executed',
      more({ 'app/run': { content: '#!/usr/bin/server\n', mode: 0o644 } }, { Entrypoint: ['/app/run'] }),
      ['error program-not-executable'],
      'nonroot (65532) may not execute /app/run',
    ],
    [
      'a program below a closed folder',
      more({ opt: folder(0o700), 'opt/run': elf({}) }, { Entrypoint: ['/opt/run'] }),
      ['error program-not-executable'],
      'may not execute /opt/run',
    ],
    [
      'a text without an interpreter',
      more({ 'app/run': 'server\n' }, { Entrypoint: ['/app/run'] }),
      ['error program-format'],
      'neither a binary nor a script',
    ],
    [
      'a script whose interpreter is missing',
      more({ 'app/run': '#!/bin/bash\n' }, { Entrypoint: ['/app/run'] }),
      ['error missing-interpreter'],
      '/app/run needs /bin/bash',
    ],
    [
      'a program of env that is missing',
      more(
        { 'app/run': '#!/usr/bin/env python3\n', 'usr/bin/env': sound['usr/bin/server']! },
        { Entrypoint: ['/app/run'] },
      ),
      ['error missing-interpreter'],
      '/app/run needs python3',
    ],
    [
      'a script with Windows line ends',
      more({ 'app/run': '#!/usr/bin/server\r\nx\r\n' }, { Entrypoint: ['/app/run'] }),
      ['error script-line-ends'],
      '/app/run, which ENTRYPOINT starts, has Windows line ends',
    ],
    [
      'scripts without end',
      more({ 'app/run': '#!/app/run\n' }, { Entrypoint: ['/app/run'] }),
      ['error program-format'],
      'interpreted by scripts without end',
    ],
    [
      'no command at all',
      image(sound, { Entrypoint: null }),
      ['review no-start-command'],
      'neither ENTRYPOINT nor CMD',
    ],
    [
      'a shell form without a shell',
      image(sound, { Entrypoint: null, Cmd: ['/bin/sh', '-c', 'server'] }),
      ['error shell-form-without-shell'],
      'CMD is in shell form, and the image has no /bin/sh',
    ],
    [
      'a health check without a shell',
      image(sound, { Healthcheck: { Test: ['CMD-SHELL', 'curl -f localhost'] } }),
      ['error shell-form-without-shell'],
      'HEALTHCHECK is in shell form',
    ],
    [
      'a health check whose program is missing',
      image(sound, { Healthcheck: { Test: ['CMD', 'curl', '-f', 'localhost'] } }),
      ['error health-check-program'],
      'HEALTHCHECK needs curl',
    ],
    [
      'a start file that is missing',
      more(node, { Entrypoint: ['node', 'server.js'] }),
      ['error start-file-missing'],
      '/app/server.js, which is not in the image',
    ],
    [
      'a start file that may not be read',
      more({ ...node, 'app/server.js': { mode: 0o600 } }, { Entrypoint: ['node', 'server.js'] }),
      ['error start-file-missing'],
      'may not read /app/server.js',
    ],
    [
      'a user that is absent',
      image(sound, { User: 'app' }),
      ['error unknown-user'],
      'USER app names a user that is not in /etc/passwd',
    ],
    [
      'a group that is absent',
      image(sound, { User: 'nonroot:app' }),
      ['error unknown-user'],
      'names a group that is not in /etc/group',
    ],
    ['root', image(sound, { User: '' }), ['review runs-as-root'], 'the image runs as root'],
    [
      'a volume that is not there',
      image(sound, { Volumes: { '/data': {} } }),
      ['error unwritable-volume'],
      'may not write to the volume /data',
    ],
    [
      'a volume of root',
      more({ data: folder(0o755) }, { Volumes: { '/data': {} } }),
      ['error unwritable-volume'],
      'may not write to the volume /data',
    ],
    [
      'a working directory of root',
      more({ app: folder(0o755) }),
      ['info working-directory'],
      'may not write to the working directory /app',
    ],
    [
      'a working directory that is closed',
      more({ app: folder(0o700) }),
      ['error working-directory'],
      'may not enter the working directory /app',
    ],
    [
      'a working directory that is not there',
      image(sound, { WorkingDir: '/srv' }),
      ['info working-directory'],
      '/srv is not in the image',
    ],
    [
      'a temporary folder of root',
      more({ tmp: folder(0o755) }),
      ['review unwritable-temporary-folder'],
      'may not write to /tmp',
    ],
    ['no temporary folder', image(without('tmp')), ['info unwritable-temporary-folder'], 'there is no /tmp'],
    ['a low port', image(sound, { ExposedPorts: { '80/tcp': {} } }), ['review low-port'], 'may not listen on port 80'],
    [
      'a preloaded library that is missing',
      image(sound, { Env: ['LD_PRELOAD=/usr/lib/libjemalloc.so.2'] }),
      ['review preloaded-library'],
      'LD_PRELOAD names /usr/lib/libjemalloc.so.2',
    ],
    [
      'an environment whose Python is missing',
      image({ ...sound, ...venv('/usr/local/bin/python3') }),
      ['error python-environment'],
      'the Python of the environment /opt/venv is missing',
    ],
    [
      'an environment for another Python',
      more({ ...venv('/usr/bin/python3.12'), 'usr/bin/python3.12': sound['usr/bin/server']! }),
      ['error python-environment'],
      'is for Python 3.13, and its interpreter is Python 3.12',
    ],
    [
      'a Node module for musl on glibc',
      more({ ...node, [addon]: elf({ needed: ['libc.musl-x86_64.so.1'] }) }),
      ['error wrong-c-library'],
      `/${addon} is built for musl`,
    ],
    [
      'a Node module for musl under the name that musl gives itself',
      more({ ...node, [addon]: elf({ needed: ['libc.so'] }) }),
      ['error wrong-c-library'],
      `/${addon} is built for musl`,
    ],
    [
      'a Node module for another architecture',
      more({ ...node, [addon]: elf({ machine: 183 }) }),
      ['error wrong-architecture'],
      `/${addon} is built for another architecture`,
    ],
    [
      'a Python module for glibc on musl',
      image(
        {
          ...ground,
          'lib/ld-musl-x86_64.so.1': elf({}),
          'usr/bin/python3.13': elf({ interpreter: musl }),
          [extension]: elf({ needed: ['libc.so.6'] }),
        },
        { Entrypoint: ['python3.13'] },
      ),
      ['error wrong-c-library'],
      `/${extension} is built for glibc`,
    ],
    [
      'a Python module whose library is missing',
      more({ ...python, [extension]: elf({ needed: ['libpq.so.5'] }) }),
      ['error missing-library'],
      'libpq.so.5 is missing',
    ],
    [
      'a gem whose library is missing',
      more({ ...ruby, [gem]: elf({ needed: ['libpq.so.5', 'libruby.so.3.3'] }) }),
      ['error missing-library'],
      'libpq.so.5 is missing: /usr/local/bundle/gems/pg-1.5.6/lib/pg_ext.so needs it',
    ],
    [
      'a gem for glibc on musl',
      image(
        {
          ...ground,
          'lib/ld-musl-x86_64.so.1': elf({}),
          'usr/bin/ruby': elf({ interpreter: musl }),
          [gem]: elf({ needed: ['libc.so.6'] }),
        },
        { Entrypoint: ['ruby'] },
      ),
      ['error wrong-c-library'],
      'pg_ext.so is built for glibc',
    ],
    [
      'a module of the standard library of Ruby whose library is missing',
      more({ ...ruby, 'usr/local/lib/ruby/3.3.0/x86_64-linux/readline.so': elf({ needed: ['libreadline.so.8'] }) }),
      ['review missing-library'],
      'libreadline.so.8 is missing',
    ],
    [
      'an extension of PHP whose library is missing',
      more({
        'usr/local/bin/php': sound['usr/bin/server']!,
        'usr/local/lib/php/extensions/no-debug-non-zts-20230831/gd.so': elf({ needed: ['libpng16.so.16'] }),
      }),
      ['review missing-library'],
      'libpng16.so.16 is missing',
    ],
    [
      'a module of Perl whose library is missing',
      more({
        'usr/bin/perl': sound['usr/bin/server']!,
        'app/local/lib/perl5/x86_64-linux/auto/DBD/Pg/Pg.so': elf({ needed: ['libpq.so.5'] }),
      }),
      ['error missing-library'],
      'libpq.so.5 is missing',
    ],
    [
      'another program whose library is missing',
      more({ 'usr/bin/tool': elf({ interpreter: glibc, needed: ['libzip.so.5'] }) }),
      ['review missing-library'],
      'libzip.so.5 is missing',
    ],
    [
      'a private key',
      more({ 'app/tls.key': '-----BEGIN PRIVATE KEY-----\n' }),
      ['review secret-file'],
      '/app/tls.key holds a private key',
    ],
    [
      'a registry token',
      more({ 'app/.npmrc': '//example.org/:_authToken=abc\n' }),
      ['review secret-file'],
      '/app/.npmrc holds a registry token',
    ],
    [
      'a password in the environment',
      image(sound, { Env: ['DB_PASSWORD=correct-horse'] }),
      ['review secret-in-environment'],
      'sets DB_PASSWORD',
    ],
    [
      'a file with setuid',
      more({ 'usr/bin/su': { content: elf({}), mode: 0o4755 } }),
      ['review privileged-file'],
      'setuid or setgid: su',
    ],
    ['a shell', more({ 'usr/bin/bash': elf({}) }), ['info shell'], 'a shell is in the image: bash'],
    ['a package manager', more({ 'usr/bin/apt-get': elf({}) }), ['info package-manager'], 'apt-get'],
    ['build tools', more({ 'usr/bin/gcc': elf({}) }), ['info build-tools'], 'gcc'],
    [
      'a cache',
      more({ 'root/.cache/pip/a': Buffer.alloc(100_000) }),
      ['info package-caches'],
      '/root/.cache is a cache of 0.1 MB',
    ],
  ])('%s', async (_, given, rules, message) => {
    const inspection = await inspected(given);
    expect(told(inspection)).toEqual(rules);
    expect(inspection.findings[0]?.message).toContain(message);
  });
});

test('every finding has its line in the documentation', () => {
  const page = readFileSync(new URL('../../docs/inspect.md', import.meta.url), 'utf8');
  expect(imageRules.filter((rule) => !page.includes(`\`${rule}\``))).toEqual([]);
});
