import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { imageRules } from '../../../src/images/image-finding.ts';
import { elf } from '../../images/elf.ts';
import { type Image, link, save } from '../../images/saved-image.ts';
import { config, ground, sound, without } from '../../images/sound-image.ts';
import { rehull } from './terminal.ts';

const schema = JSON.parse(readFileSync(new URL('../../../rehull.schema.json', import.meta.url), 'utf8'));

const inspect = async (image: Image, ...flags: readonly string[]) =>
  rehull(['inspect', await save(image), ...flags], { cwd: '/' });

describe('rehull inspect', () => {
  test('ends with 0 for an image that holds', async () => {
    const { code, stdout, stderr } = await inspect({ layers: [sound], config });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('(archive, linux/amd64)\n');
    expect(stdout).toContain('\nruns        /usr/bin/server\n');
    expect(stdout).toContain('\nuser        nonroot (65532)\n');
    expect(stdout).toMatch(/\n\nNothing was found that keeps the image from starting\.\n$/);
  });

  test('tells layers and packages by their size', async () => {
    const packages = 'Package: a\nVersion: 1\nInstalled-Size: 3000\n\nPackage: b\nVersion: 2\nInstalled-Size: 4000\n\n';
    const module = 'app/node_modules/c/package.json';
    const { stdout } = await inspect({
      layers: [
        {
          ...sound,
          'var/lib/dpkg/status': packages,
          'var/lib/dpkg/info/a.list': '',
          [module]: '{"name":"c","version":"3"}',
        },
        { 'opt/large': Buffer.alloc(2_000_000) },
        { 'opt/.wh.large': '' },
      ],
      config,
      history: [{ created_by: 'ADD rootfs /' }, { created_by: 'COPY large /opt # --token=abcdefgh' }, {}],
    });
    expect(stdout).toContain('\npackages    2 of the distribution, 1 of node\n');
    expect(stdout).toContain(
      '\nlayers\n' +
        '   1     0.0 MB  ADD rootfs /\n' +
        '   2     2.0 MB  COPY large /opt # --token=********, 2.0 MB of it replaced or removed later\n' +
        '   3     0.0 MB\n\n' +
        'largest packages\n' +
        '         4.1 MB  b 2\n' +
        '         3.1 MB  a 1 (layer 1)\n' +
        '         0.0 MB  c 3 (node, layer 1)\n\n',
    );
  });

  test('ends with 0 where there is only something to know', async () => {
    const { code, stdout } = await inspect({ layers: [{ ...sound, 'usr/bin/bash': elf({}) }], config });
    expect(code).toBe(0);
    expect(stdout).toContain('\ninfo[shell] a shell is in the image: bash (layer 1)\n');
  });

  test('ends with 1 and says what is wrong, why, and what to do', async () => {
    const { code, stdout } = await inspect({ layers: [without('usr/lib/libtwo.so.1')], config });
    expect(code).toBe(1);
    expect(stdout).toContain(
      'error[missing-library] libtwo.so.1 is missing: /usr/lib/libone.so.1 needs it, and it is nowhere the loader looks (layer 1)\n' +
        '  why: a container starts it; /usr/bin/server needs /usr/lib/libone.so.1 needs libtwo.so.1\n' +
        '  fix: copy the library, and what it needs in turn, from the build stage\n\n' +
        '1 error, 0 to review\n',
    );
    expect((await inspect({ layers: [sound], config: { ...config, User: 'root' } })).code).toBe(1);
  });

  test('prints JSON without anything left out', async () => {
    const { code, stdout } = await inspect({ layers: [sound], config: { ...config, User: 'app' } }, '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      platform: 'linux/amd64',
      digest: null,
      start: { argv: ['/usr/bin/server'], libc: 'glibc', uid: null, healthCheck: null },
      findings: [{ rule: 'unknown-user', severity: 'error', path: '/etc/passwd', layer: null }],
    });
  });

  describe('prints JSON as the schema says', () => {
    const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);

    test.each<[name: string, image: Image]>([
      ['a sound image', { layers: [sound], config }],
      ['an image of nothing', { layers: [{}] }],
      [
        'an image with much in it',
        {
          layers: [
            {
              ...without('usr/lib/libtwo.so.1'),
              'etc/os-release': 'PRETTY_NAME="Debian"\n',
              'etc/ssl/certs/ca-certificates.crt': 'x',
              'bin/sh': elf({}),
              'usr/bin/apt-get': { content: elf({}), mode: 0o4755 },
              'var/lib/dpkg/status': 'Package: a\nStatus: install ok installed\nVersion: 1\n\n',
              'app/.npmrc': '//registry.example/:_authToken=x',
            },
            { 'app/.wh..npmrc': '', 'usr/share/zoneinfo/UTC': 'x', 'usr/share/zoneinfo/Zulu': 'x' },
          ],
          config: {
            ...config,
            Env: ['API_KEY=0123456789'],
            ExposedPorts: { '80/tcp': {} },
            Volumes: { '/data': {} },
            Healthcheck: { Test: ['CMD-SHELL', 'curl localhost'] },
          },
        },
      ],
      ['an image that cannot start', { layers: [{ ...ground, a: link('b') }], config: { User: 'x', Cmd: ['/a'] } }],
    ])('%s', async (_, image) => {
      const { stdout } = await inspect(image, '--json');
      validate(JSON.parse(stdout));
      expect(validate.errors).toBeNull();
    });

    test('and would not with a member too many or too few', async () => {
      const object = JSON.parse((await inspect({ layers: [sound], config }, '--json')).stdout);
      expect(validate({ ...object, extra: 1 })).toBe(false);
      delete object.start.libc;
      expect(validate(object)).toBe(false);
    });

    test('which knows every rule', () => {
      expect(schema.definitions.imageFinding.properties.rule.enum).toEqual([...imageRules]);
    });
  });

  test('does not hand a terminal what a name of the image holds', async () => {
    const { stdout } = await inspect({ layers: [sound], config: { ...config, Entrypoint: ['/a\u001b]0;x\u0007'] } });
    expect(stdout).not.toMatch(/[\u001b\u0007]/);
  });

  test('ends with 2 and one line for what cannot be read', async () => {
    const missing = await rehull(['inspect', './none.tar'], { cwd: '/' });
    expect(missing).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'rehull: there is no file or folder ./none.tar; check the path\n',
    });
    const hostile = await inspect({ layers: [{ '../a': 'x' }] });
    expect(hostile.code).toBe(2);
    expect(hostile.stderr).toMatch(
      /^rehull: layer 1 of 1 has an entry outside of the image: .*; do not use this image\n$/,
    );
    const unreachable = await rehull(['inspect', 'docker://127.0.0.1:1/team/app'], { cwd: '/' });
    expect(unreachable.stderr).toMatch(/^rehull: 127\.0\.0\.1:1 cannot be reached: [^\n]+\n$/);
    expect((await inspect({ layers: [sound] }, '--platform', 'a/b/c/d')).stderr).toMatch(
      /is no platform; write it like linux\/arm64\n$/,
    );
  });
});
