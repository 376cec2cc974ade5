import { describe, expect, test } from 'vitest';
import type { Contents } from '../../src/images/checks/contents.ts';
import { elf } from './elf.ts';
import { folder, inspected, type Layer, link, type Member, told } from './saved-image.ts';
import { config, ground, sound } from './sound-image.ts';

const contentsOf = async (...layers: readonly Layer[]): Promise<Contents> =>
  (await inspected({ layers: [ground, ...layers] })).contents;

describe('packages of the distribution', () => {
  test('of dpkg, with what they take and the layer that brought them', async () => {
    const stanza = (name: string, version: string, status = 'install ok installed') =>
      `Package: ${name}\nStatus: ${status}\nInstalled-Size: 100\nArchitecture: amd64\nVersion: ${version}\nDescription: x\n Version: 9\n\n`;
    const first: Layer = {
      'var/lib/dpkg/status': stanza('libc6', '2.36-9') + stanza('curl', '7'),
      'var/lib/dpkg/info/libc6:amd64.list': '/lib\n',
      'var/lib/dpkg/info/curl.list': '/usr\n',
    };
    const second: Layer = {
      'var/lib/dpkg/status':
        stanza('libc6', '2.36-9') + stanza('curl', '8') + stanza('old', '1', 'deinstall ok config-files'),
      'var/lib/dpkg/info/curl.list': '/usr\n',
    };
    expect((await contentsOf(first, second)).packages).toEqual([
      { name: 'curl', version: '8', bytes: 102_400, layer: 2 },
      { name: 'libc6', version: '2.36-9', bytes: 102_400, layer: 1 },
    ]);
  });

  test('of images without dpkg, which have a file for each', async () => {
    const { packages } = await contentsOf(
      { 'var/lib/dpkg/status.d/tzdata': 'Package: tzdata\nVersion: 2026a\nInstalled-Size: 1\n' },
      { 'var/lib/dpkg/status.d/base': 'Package: base-files\nVersion: 12\n', 'var/lib/dpkg/status.d/base.md5sums': 'x' },
    );
    expect(packages).toEqual([
      { name: 'base-files', version: '12', bytes: undefined, layer: 2 },
      { name: 'tzdata', version: '2026a', bytes: 1024, layer: 1 },
    ]);
  });

  test.each(['lib/apk/db/installed', 'usr/lib/apk/db/installed'])('of apk, in /%s', async (path) => {
    const installed =
      'C:Q1x=\nP:musl\nV:1.2.5-r1\nI:667648\nF:lib\nR:ld-musl-x86_64.so.1\na:0:0:755\n\nP:zlib\nV:1.3-r0\nI:1\nF:usr\nF:usr/lib\nM:0:0:755\nR:libz.so.1\n\n';
    const { packages } = await contentsOf(
      { [path]: installed, 'lib/ld-musl-x86_64.so.1': elf({}) },
      { 'usr/lib/libz.so.1': elf({}) },
    );
    expect(packages).toEqual([
      { name: 'musl', version: '1.2.5-r1', bytes: 667_648, layer: 1 },
      { name: 'zlib', version: '1.3-r0', bytes: 1, layer: 2 },
    ]);
  });
});

describe('packages of languages', () => {
  const site = 'opt/venv/lib/python3.13/site-packages';
  const listed = async (...layers: readonly Layer[]) =>
    (await contentsOf(...layers)).languagePackages.map(({ language, name, version, bytes, layer }) =>
      [language, name, version, bytes ?? '?', layer].join(' '),
    );

  test('of Python', async () => {
    const record =
      'flask/__init__.py,sha256=x,2613\nflask/a.py,sha256=y,300\n"b,c.py",,50\nflask-3.1.0.dist-info/RECORD,,\n';
    expect(
      await listed({
        [`${site}/flask-3.1.0.dist-info/RECORD`]: record,
        [`${site}/flask-3.1.0.dist-info/METADATA`]: 'Name: flask\n',
        'usr/lib/python3/dist-packages/PyYAML-6.0.1.egg-info/PKG-INFO': 'x',
        'usr/lib/python3/dist-packages/six-1.16.0-py3.13.egg-info': 'x',
        'app/data/none-1.0.dist-info/RECORD': record,
      }),
    ).toEqual(['python flask 3.1.0 2963 1', 'python PyYAML 6.0.1 ? 1', 'python six 1.16.0 ? 1']);
  });

  test('of Node.js, packages within packages each for itself', async () => {
    const manifest = (name: string, version: string) => JSON.stringify({ name, version });
    const outer = manifest('outer', '1.0.0');
    expect(
      await listed(
        {
          'app/package.json': manifest('app', '9'),
          'app/node_modules/outer/package.json': outer,
          'app/node_modules/outer/lib/a.js': Buffer.alloc(1000),
          'app/node_modules/broken/package.json': '{"name": "broken"',
          'app/node_modules/nameless/package.json': '{"private": true}',
          'app/node_modules/list/package.json': 'null',
        },
        {
          'app/node_modules/outer/node_modules/@scope/inner/package.json': manifest('@scope/inner', '2.0.0'),
          'app/node_modules/outer/node_modules/@scope/inner/b.js': Buffer.alloc(500),
        },
      ),
    ).toEqual([
      `node outer 1.0.0 ${1000 + outer.length} 1`,
      `node @scope/inner 2.0.0 ${500 + manifest('@scope/inner', '2.0.0').length} 2`,
    ]);
  });

  test('of Ruby, PHP, Java and .NET', async () => {
    const gems = 'usr/local/bundle';
    expect(
      await listed({
        [`${gems}/specifications/nokogiri-1.16.0-x86_64-linux.gemspec`]: 'x',
        [`${gems}/gems/nokogiri-1.16.0-x86_64-linux/lib/a.rb`]: Buffer.alloc(700),
        'app/vendor/composer/installed.json': JSON.stringify({
          packages: [{ name: 'monolog/monolog', version: '3.5.0' }],
        }),
        'app/vendor/monolog/monolog/a.php': Buffer.alloc(300),
        'app/lib/spring-core-6.1.2.jar': Buffer.alloc(900),
        'app/app.jar': 'x',
        'app/Shop.deps.json': JSON.stringify({
          libraries: { 'Shop/1.0.0': { type: 'project' }, 'Npgsql/8.0.1': { type: 'package' } },
        }),
      }),
    ).toEqual([
      'dotnet Npgsql 8.0.1 ? 1',
      'java spring-core 6.1.2 900 1',
      'php monolog/monolog 3.5.0 300 1',
      'ruby nokogiri 1.16.0 700 1',
    ]);
  });
});

describe('certificates and time zones', () => {
  test.each([
    'etc/ssl/certs/ca-certificates.crt',
    'etc/ssl/cert.pem',
    'etc/pki/tls/certs/ca-bundle.crt',
    'etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  ])('/%s', async (path) => {
    expect(await contentsOf({ [path]: 'x' })).toMatchObject({ certificates: `/${path}`, timeZones: undefined });
    expect(await contentsOf({ [path]: '' })).toMatchObject({ certificates: undefined });
  });

  test('where the environment names the bundle', async () => {
    const { contents } = await inspected({
      layers: [{ ...ground, 'opt/roots.pem': 'x', 'etc/ssl/cert.pem': 'x' }],
      config: { Env: ['SSL_CERT_FILE=/opt/roots.pem'] },
    });
    expect(contents.certificates).toBe('/opt/roots.pem');
  });

  test('behind links, and time zones', async () => {
    expect(
      await contentsOf({
        'etc/ssl/certs/ca-certificates.crt': link('/usr/share/roots.pem'),
        'usr/share/roots.pem': 'x',
        'usr/share/zoneinfo/UTC': 'x',
        'usr/share/zoneinfo/Europe/Paris': 'x',
      }),
    ).toMatchObject({ certificates: '/etc/ssl/certs/ca-certificates.crt', timeZones: '/usr/share/zoneinfo' });
  });
});

describe('files that run with the rights of others', () => {
  const privileged = async (member: Member) =>
    (await contentsOf({ 'usr/bin/x': { content: 'x', ...member } })).privileged;

  test('have setuid or setgid, and may be executed', async () => {
    expect(await privileged({ mode: 0o4755 })).toEqual(['/usr/bin/x']);
    expect(await privileged({ mode: 0o2755 })).toEqual(['/usr/bin/x']);
    expect(await privileged({ mode: 0o4644 })).toEqual([]);
    expect(await privileged({ mode: 0o1755 })).toEqual([]);
  });

  test('are gone with the layer that removes them, and told with the one that brings them', async () => {
    const su: Layer = { 'usr/bin/su': { content: elf({}), mode: 0o4755 } };
    expect(told(await inspected({ layers: [sound, su, { 'usr/bin/.wh.su': '' }], config }))).toEqual([]);
    const { findings } = await inspected({ layers: [sound, { 'app/a': 'x' }, su], config });
    expect(findings).toMatchObject([{ rule: 'privileged-file', path: '/usr/bin/su', layer: 2 }]);
  });
});

describe('what is left of a build', () => {
  const large = Buffer.alloc(100_000);
  test.each([
    ['var/lib/apt/lists/x_Packages', '/var/lib/apt/lists'],
    ['var/cache/apt/archives/a.deb', '/var/cache/apt'],
    ['var/cache/apk/APKINDEX.gz', '/var/cache/apk'],
    ['root/.npm/_cacache/x', '/root/.npm'],
    ['root/.m2/repository/a.jar', '/root/.m2'],
    ['home/app/.cache/pip/x', '/home/app/.cache'],
    ['go/pkg/mod/a', '/go/pkg/mod'],
    ['usr/local/cargo/registry/a', '/usr/local/cargo/registry'],
  ])('the cache %s', async (path, cache) => {
    const { findings } = await inspected({ layers: [{ ...sound, [path]: large }], config });
    expect(findings).toMatchObject([{ rule: 'package-caches', path: cache, layer: 0 }]);
  });

  test.each(['gcc', 'make', 'go', 'cargo', 'javac', 'mvn', 'git', 'cmake'])('the tool %s', async (name) => {
    const { findings } = await inspected({ layers: [{ ...sound, [`usr/bin/${name}`]: elf({}) }], config });
    expect(findings).toMatchObject([{ rule: 'build-tools', path: `/usr/bin/${name}` }]);
  });

  test.each<[path: string, content: string, kind: string]>([
    ['root/.ssh/id_ed25519', '-----BEGIN OPENSSH PRIVATE KEY-----\n', 'a private key'],
    ['app/.netrc', 'machine example login me password x\n', 'a password'],
    ['app/.git-credentials', 'https://me:token@example\n', 'a password'],
    ['root/.pypirc', 'password = x\n', 'a password'],
    ['root/.docker/config.json', '{"auths": {"x": {"auth": "bWU6eA=="}}}', 'a registry login'],
    ['root/.aws/credentials', 'aws_secret_access_key = x\n', 'an access key'],
    ['app/.env', 'A=b\n', 'an environment file'],
    ['app/.env.production', 'A=b\n', 'an environment file'],
    ['app/.yarnrc.yml', 'npmAuthToken: x\n', 'a registry token'],
  ])('the secret %s', async (path, content, kind) => {
    const { findings } = await inspected({ layers: [{ ...sound, [path]: content }], config });
    expect(findings).toMatchObject([{ rule: 'secret-file', message: `/${path} holds ${kind}` }]);
  });

  test.each([
    ['app/.env.example', 'A=b\n'],
    ['root/.docker/config.json', '{"credsStore": "x"}'],
    ['app/.npmrc', 'registry=https://registry.example/\n'],
    ['app/certificate.pem', '-----BEGIN CERTIFICATE-----\n'],
    ['app/node_modules/tls/test/key.pem', '-----BEGIN PRIVATE KEY-----\n'],
  ])('no secret %s', async (path, content) => {
    expect(told(await inspected({ layers: [{ ...sound, [path]: content }], config }))).toEqual([]);
  });
});

test('each layer is told with its instruction, its size, and what of it is left', async () => {
  const { layers, findings } = await inspected({
    layers: [
      sound,
      { 'app/big': Buffer.alloc(5000), 'app/x.key': '-----BEGIN PRIVATE KEY-----' },
      { 'app/.wh.big': '', opt: folder(0o755) },
    ],
    config,
    history: [
      { created_by: 'ADD rootfs.tar /' },
      { created_by: 'ENV A=b', empty_layer: true },
      { created_by: 'COPY . /app' },
      { created_by: 'RUN rm /app/big' },
    ],
  });
  expect(
    layers.map(({ createdBy, fileBytes, keptBytes, removed }) => [createdBy, fileBytes - keptBytes, removed]),
  ).toEqual([
    ['ADD rootfs.tar /', 0, 0],
    ['COPY . /app', 5000, 0],
    ['RUN rm /app/big', 0, 1],
  ]);
  expect(findings).toMatchObject([{ rule: 'secret-file', path: '/app/x.key', layer: 1 }]);
});
