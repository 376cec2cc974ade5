import { chmodSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inspectImage } from '../../src/images/inspect-image.ts';
import { IMAGE_LIMITS, type Limits } from '../../src/images/limits.ts';
import { readChallenge } from '../../src/images/registry/challenge.ts';
import { credentialsFor } from '../../src/images/registry/credentials.ts';
import { folderOf } from '../project/folder.ts';
import { Contents, serve } from './loopback-registry.ts';
import { told } from './saved-image.ts';
import { sound } from './sound-image.ts';

interface Asked {
  readonly environment?: Record<string, string>;
  readonly platform?: string;
  readonly limits?: Partial<Limits>;
}

const open = (image: string, { environment = {}, platform = 'linux/amd64', limits = {} }: Asked = {}) =>
  inspectImage(image, { platform }, { cwd: '/', environment, limits: { ...IMAGE_LIMITS, ...limits }, fetch });

/** A registry with one sound image, `team/app:1`. */
async function soundRegistry(): Promise<Contents> {
  const contents = new Contents();
  contents.tag('1', await contents.image());
  return contents;
}

const dockerConfig = (config: object) => ({ DOCKER_CONFIG: folderOf({ 'config.json': JSON.stringify(config) }) });
const login = (host: string, pair: string) =>
  dockerConfig({ auths: { [host]: { auth: Buffer.from(pair).toString('base64') } } });

describe('an image in a registry', () => {
  test('is opened by its tag, and by its digest', async () => {
    const contents = await soundRegistry();
    const headers: IncomingMessage['headers'][] = [];
    const host = await serve((request, response) => {
      headers.push(request.headers);
      contents.answer(request, response);
    });
    const inspection = await open(`docker://${host}/team/app:1`);
    expect(inspection).toMatchObject({ findings: [], origin: 'registry', platform: 'linux/amd64' });
    expect(contents.at.has(`manifests/${inspection.digest}`)).toBe(true);
    expect(inspection.layers[0]).toMatchObject({ files: Object.values(sound).length - 2 });
    expect(await open(`docker://${host}/team/app@${inspection.digest}`)).toMatchObject({ digest: inspection.digest });
    expect(headers.every((one) => one['accept-encoding'] === 'identity' && one.authorization === undefined)).toBe(true);
    expect(headers[0]?.accept).toContain('application/vnd.oci.image.index.v1+json');
  });

  test('is asked for where the local Docker has none of its name, and only there', async () => {
    const contents = await soundRegistry();
    const host = await serve(contents.answer);
    const bin = folderOf({ docker: '#!/bin/sh\necho "Error: No such image: x" >&2\nexit 1\n' });
    chmodSync(join(bin, 'docker'), 0o755);
    const environment = { PATH: `${bin}:/usr/bin:/bin` };
    expect(await open(`${host}/team/app:1`, { environment })).toMatchObject({ origin: 'registry' });
    await expect(open(`${host}/team/app:2`, { environment })).rejects.toThrow(
      `${host}/team/app:2 cannot be inspected: docker has no such image, and ${host} has no such image; check its name and tag`,
    );
    await expect(
      inspectImage(`${host}/team/app:1`, {}, { cwd: '/', environment, limits: IMAGE_LIMITS }),
    ).rejects.toThrow('docker has no such image; name an archive');
  });

  test('is the one of the platform that is asked for', async () => {
    const contents = new Contents();
    const platform = (architecture: string) => ({ platform: { os: 'linux', architecture } });
    const manifests = [
      { ...(await contents.image('amd64')), ...platform('amd64') },
      { ...(await contents.image('arm64')), ...platform('arm64') },
      { ...contents.document({}, 'manifest.v1+json'), platform: { os: 'unknown', architecture: 'unknown' } },
    ];
    contents.tag('1', contents.document({ schemaVersion: 2, manifests }, 'index.v1+json'));
    const image = `docker://${await serve(contents.answer)}/team/app:1`;
    expect(await open(image)).toMatchObject({ findings: [], digest: manifests[0]!.digest });
    expect(told(await open(image, { platform: 'linux/arm64' }))).toEqual(['error wrong-architecture']);
    await expect(open(image, { platform: 'linux/s390x' })).rejects.toThrow(
      'the image is not made for linux/s390x; choose with --platform: linux/amd64, linux/arm64',
    );
  });

  test('is refused where it is made for another platform than the one that is asked for', async () => {
    const contents = await soundRegistry();
    const image = `docker://${await serve(contents.answer)}/team/app:1`;
    await expect(open(image, { platform: 'linux/arm64' })).rejects.toThrow('made for linux/amd64, not for linux/arm64');
  });
});

describe('a login', () => {
  const secret = 's3cret:with:colons';

  /** A registry behind a token server, which wants this authorization. */
  async function guarded(accepts: (request: IncomingMessage, body: string) => boolean) {
    const contents = await soundRegistry();
    const seen: string[] = [];
    const tokens = await serve(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      seen.push(`${request.method} ${request.url}`);
      if (accepts(request, body)) response.end(JSON.stringify({ token: 'abc.def' }));
      else response.writeHead(401).end();
    });
    const host = await serve((request, response) => {
      if (request.headers.authorization === 'Bearer abc.def') contents.answer(request, response);
      else {
        const challenge = `Bearer realm="http://${tokens}/token",service="registry.example",scope="repository:team/app:pull"`;
        response.writeHead(401, { 'www-authenticate': challenge }).end();
      }
    });
    return { host, image: `docker://${host}/team/app:1`, seen };
  }

  test('is not needed where a token is given to all', async () => {
    const { image, seen } = await guarded(({ headers }) => headers.authorization === undefined);
    expect(await open(image)).toMatchObject({ findings: [] });
    expect(seen).toEqual(['GET /token?service=registry.example&scope=repository%3Ateam%2Fapp%3Apull']);
  });

  test("is taken from Docker's configuration, and goes to the token server", async () => {
    const expected = `Basic ${Buffer.from(`me:${secret}`).toString('base64')}`;
    const { host, image } = await guarded(({ headers }) => headers.authorization === expected);
    expect(await open(image, { environment: login(host, `me:${secret}`) })).toMatchObject({ findings: [] });
    expect(await open(image, { environment: login(`https://${host}/v1/`, `me:${secret}`) })).toMatchObject({});
    const home = {
      HOME: folderOf({
        '.docker/config.json': JSON.stringify({ auths: { [host]: { username: 'me', password: secret } } }),
      }),
    };
    expect(await open(image, { environment: home })).toMatchObject({ findings: [] });
    const wrong = await open(image, { environment: login(host, `me:other-${secret}`) }).catch((error: Error) => error);
    expect(String(wrong)).toContain(`${host} does not accept your login (401); log in again with docker login ${host}`);
    expect(String(wrong)).not.toContain('s3cret');
    await expect(open(image, { environment: login('other.example', `me:${secret}`) })).rejects.toThrow(
      `${host} gives nobody a token without a login; log in with docker login ${host}`,
    );
  });

  test('of an identity token is renewed', async () => {
    const { host, image, seen } = await guarded((request, body) => {
      const form = new URLSearchParams(body);
      return (
        request.method === 'POST' && form.get('refresh_token') === secret && form.get('grant_type') === 'refresh_token'
      );
    });
    const environment = dockerConfig({ auths: { [host]: { identitytoken: secret } } });
    expect(await open(image, { environment })).toMatchObject({ findings: [] });
    expect(seen).toEqual(['POST /token']);
  });

  test('is asked of the helper that keeps it', async () => {
    const expected = `Basic ${Buffer.from(`me:${secret}`).toString('base64')}`;
    const { host, image } = await guarded(({ headers }) => headers.authorization === expected);
    const bin = folderOf({
      'docker-credential-safe': `#!/bin/sh\nread -r key\n[ "$1" = get ] && [ "$key" = ${host} ] && { echo '{"ServerURL":"x","Username":"me","Secret":"${secret}"}'; exit 0; }\necho credentials not found in native keychain\nexit 1\n`,
      'docker-credential-broken': `#!/bin/sh\necho '{"Secret": "${secret}'\n`,
    });
    for (const name of ['safe', 'broken']) chmodSync(join(bin, `docker-credential-${name}`), 0o755);
    const asked = (config: object) =>
      open(image, { environment: { ...dockerConfig(config), PATH: `${bin}:/usr/bin:/bin` } });
    expect(await asked({ credsStore: 'safe' })).toMatchObject({ findings: [] });
    expect(await asked({ credsStore: 'broken', credHelpers: { [host]: 'safe' } })).toMatchObject({ findings: [] });
    await expect(asked({ credsStore: 'absent' })).rejects.toThrow(
      'docker-credential-absent, which keeps the logins of Docker, is not installed',
    );
    const broken = await asked({ credsStore: 'broken' }).catch(String);
    expect(broken).toContain(`docker-credential-broken gives no login for ${host}`);
    expect(broken).not.toContain('s3cret');
    await expect(asked({ credsStore: '../../bin/sh' })).rejects.toThrow('has no usable name');
  });

  test('goes to the registry itself where that asks for it', async () => {
    const contents = await soundRegistry();
    const expected = `Basic ${Buffer.from(`me:${secret}`).toString('base64')}`;
    const host = await serve((request, response) => {
      if (request.headers.authorization === expected) contents.answer(request, response);
      else response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
    });
    expect(await open(`docker://${host}/team/app:1`, { environment: login(host, `me:${secret}`) })).toMatchObject({});
    await expect(open(`docker://${host}/team/app:1`)).rejects.toThrow(`it needs docker login ${host}`);
  });

  test.each<[name: string, config: object, expected: object | undefined]>([
    [
      'as Docker stores it',
      { auths: { 'https://index.docker.io/v1/': { auth: 'bWU6eA==' } } },
      { user: 'me', password: 'x' },
    ],
    ['by its short name', { auths: { 'docker.io': { auth: 'bWU6eA==' } } }, { user: 'me', password: 'x' }],
    ['with an empty entry, as helpers leave it', { auths: { 'https://index.docker.io/v1/': {} } }, undefined],
    ['with something that is none', { auths: { 'https://index.docker.io/v1/': { auth: 'bWU=' } } }, undefined],
    ['of another registry', { auths: { 'registry.example': { auth: 'bWU6eA==' } } }, undefined],
    ['nowhere', {}, undefined],
  ])('to Docker Hub is found: %s', async (_, config, expected) => {
    expect(await credentialsFor('docker.io', dockerConfig(config))).toEqual(expected);
  });

  test('that cannot be read is said where one is needed, without a piece of it', async () => {
    const { image } = await guarded(() => false);
    const environment = { DOCKER_CONFIG: folderOf({ 'config.json': `{"auths": "${secret}` }) };
    const message = await open(image, { environment }).catch(String);
    expect(message).toContain('config.json cannot be read: it is not JSON');
    expect(message).not.toContain('s3cret');
    const forAll = await guarded(({ headers }) => headers.authorization === undefined);
    expect(await open(forAll.image, { environment })).toMatchObject({ findings: [] });
    expect(await open(forAll.image, { environment: dockerConfig({ credsStore: 'absent' }) })).toMatchObject({});
  });

  test('never goes to another host, whether that is led to or asks for it', async () => {
    const contents = await soundRegistry();
    const elsewhere: (string | undefined)[] = [];
    let asks = false;
    const storage = await serve((request, response) => {
      elsewhere.push(request.headers.authorization);
      if (asks) response.writeHead(401, { 'www-authenticate': `Basic realm="x"` }).end();
      else contents.answer(request, response);
    });
    const host = await serve((request, response) => {
      if (request.headers.authorization === undefined)
        response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
      else if (request.url?.includes('/blobs/'))
        response.writeHead(307, { location: `http://${storage}${request.url}` }).end();
      else contents.answer(request, response);
    });
    const environment = login(host, `me:${secret}`);
    expect(await open(`docker://${host}/team/app:1`, { environment })).toMatchObject({ findings: [] });
    asks = true;
    await expect(open(`docker://${host}/team/app:1`, { environment })).rejects.toThrow('does not let you read');
    expect(elsewhere).toEqual([undefined, undefined, undefined]);
  });
});

describe('is refused', () => {
  /** What a registry that answers one path otherwise makes of the sound image. */
  async function spoilt(
    part: RegExp,
    answer: (response: ServerResponse, request: IncomingMessage) => void,
    limits: Partial<Limits> = {},
  ): Promise<string> {
    const contents = await soundRegistry();
    const host = await serve((request, response) =>
      part.test(request.url ?? '') ? answer(response, request) : contents.answer(request, response),
    );
    const message = await open(`docker://${host}/team/app:1`, { limits }).then(
      () => 'opened',
      (error: Error) => error.message,
    );
    expect(message).not.toMatch(/\n|undefined/);
    return message.replaceAll(host, 'HOST');
  }
  const endless = (response: ServerResponse) => {
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(1 << 16, ' ')));
      response.once('drain', more);
    };
    more();
  };
  const never = () => {};

  test.each<[name: string, status: number, message: string]>([
    [
      'without permission',
      403,
      'HOST does not let you read HOST/team/app: it needs docker login HOST, or there is no such image',
    ],
    ['asked too often', 429, 'HOST has been asked too often; wait, or log in with docker login'],
    ['that fails', 500, 'HOST answers 500 when it is asked for HOST/team/app'],
    ['that asks for what nobody has', 401, 'HOST asks for a login of an unknown kind'],
  ])('a registry %s', async (_, status, message) => {
    expect(await spoilt(/./, (response) => response.writeHead(status).end())).toBe(message);
  });

  test.each<[name: string, part: RegExp, body: string | Buffer, message: string]>([
    [
      'a manifest that is no JSON',
      /manifests/,
      '<html>',
      'the manifest is not JSON: the image is damaged, or no image',
    ],
    ['a manifest that is a list', /manifests/, '[]', 'the manifest is not what an image has there'],
    [
      'a manifest of schema 1',
      /manifests/,
      '{"schemaVersion":1}',
      'the manifest is of schema 1, which registries no longer write; push the image anew',
    ],
    [
      'a manifest that is an index, too',
      /manifests/,
      '{"manifests":[],"layers":[]}',
      'the manifest is an image and an index at once; do not use this image',
    ],
    [
      'more layers than any image has',
      /manifests/,
      `{"config":{},"layers":[${Array(1001).fill('{}').join()}]}`,
      'the image has 1001 layers, more than the 1000 that are read',
    ],
    ['an index of nothing', /manifests/, '{"manifests":[]}', 'the index names no images'],
    [
      'a digest that leads elsewhere',
      /manifests/,
      '{"config":{"digest":"../../x"},"layers":[]}',
      'a descriptor has no digest: the image is damaged',
    ],
  ])('%s', async (_, part, body, message) => {
    expect(await spoilt(part, (response) => response.end(body))).toBe(message);
  });

  test('a configuration and a layer that are not what their digests say', async () => {
    const other = (response: ServerResponse) => response.end(Buffer.from('{}'));
    expect(await spoilt(/blobs/, other)).toMatch(/^the image configuration is not what its digest sha256:\w+ says/);
    const contents = await soundRegistry();
    const host = await serve((request, response) => {
      const bytes = contents.at.get(request.url?.replace('/v2/team/app/', '') ?? '')!;
      // the byte that names the system on which a gzip file was written changes nothing but the digest
      if (bytes[0] === 0x1f) bytes[9] = bytes[9]! ^ 1;
      response.end(bytes);
    });
    await expect(open(`docker://${host}/team/app:1`)).rejects.toThrow(
      /^layer 1 of 1 is not what its digest sha256:\w+ says/,
    );
  });

  test('a manifest that is not what its digest says, asked for or told', async () => {
    const contents = await soundRegistry();
    const host = await serve((request, response) => {
      response.setHeader('docker-content-digest', `sha256:${'1'.repeat(64)}`);
      contents.answer(request, response);
    });
    await expect(open(`docker://${host}/team/app:1`)).rejects.toThrow('the manifest is not what its digest sha256:1');
    const [digest] = [...contents.at.keys()].filter((path) => path.startsWith('manifests/sha256:'));
    contents.at.set(digest!, Buffer.from('{}'));
    await expect(open(`docker://${host}/team/app@${digest!.slice('manifests/'.length)}`)).rejects.toThrow(
      'the manifest is not what its digest',
    );
  });

  test('a layer of another size than the manifest says', async () => {
    for (const [difference, message] of [
      [-1, /^layer 1 of 1 is longer than the \d+ bytes that the manifest says/],
      [1, /^layer 1 of 1 is shorter than the \d+ bytes that the manifest says/],
    ] as const) {
      const contents = new Contents();
      contents.tag('1', await contents.image('amd64', sound, (layer) => ({ ...layer, size: layer.size + difference })));
      const host = await serve(contents.answer);
      await expect(open(`docker://${host}/team/app:1`)).rejects.toThrow(message);
    }
    const contents = new Contents();
    contents.tag('1', await contents.image('amd64', sound, (layer) => ({ ...layer, size: undefined })));
    await expect(open(`docker://${await serve(contents.answer)}/team/app:1`)).rejects.toThrow(
      'a layer without its size',
    );
  });

  test('what has no end', async () => {
    expect(await spoilt(/manifests/, endless, { documentBytes: 1 << 20 })).toBe(
      'the manifest is larger than the 1048576 bytes that are read of such a document',
    );
    expect(await spoilt(/blobs/, endless)).toMatch(/is larger than the/);
    let blobs = 0;
    const contents = await soundRegistry();
    const host = await serve((request, response) =>
      /blobs/.test(request.url ?? '') && blobs++ > 0 ? endless(response) : contents.answer(request, response),
    );
    await expect(open(`docker://${host}/team/app:1`)).rejects.toThrow('longer than');
  });

  test('silence, before the answer and within it', async () => {
    const limits = { silentMilliseconds: 100 };
    expect(await spoilt(/manifests/, never, limits)).toBe('HOST cannot be reached: it is silent for too long');
    expect(await spoilt(/manifests/, (response) => response.write('{'), limits)).toBe(
      'HOST cannot be reached: it is silent for too long',
    );
  });

  test('an answer that breaks off', async () => {
    const broken = (response: ServerResponse) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{', () => response.destroy());
    };
    expect(await spoilt(/manifests/, broken)).toMatch(/^HOST cannot be reached: /);
  });

  test('a registry that is not there', async () => {
    await expect(open('docker://127.0.0.1:1/team/app:1')).rejects.toThrow(/^127\.0\.0\.1:1 cannot be reached: /);
  });

  test.each<[name: string, location: string, message: string]>([
    ['without end', '/v2/team/app/manifests/1', 'HOST leads from one address to another without end'],
    [
      'to plain http elsewhere',
      'http://registry.example/x',
      'HOST leads to http://registry.example, which is not followed: only https is',
    ],
    ['to a file', 'file:///etc/passwd', 'HOST leads to file://, which is not followed: only https is'],
    ['to nowhere', 'http://[', 'HOST leads to an address that is none'],
    [
      'to another user',
      'https://me@registry.example/x',
      'HOST leads to https://registry.example, which is not followed: only https is',
    ],
  ])('a redirect %s', async (_, location, message) => {
    expect(await spoilt(/manifests/, (response) => response.writeHead(302, { location }).end())).toBe(message);
  });

  test.each<[name: string, realm: string, message: string]>([
    [
      'of plain http',
      'http://tokens.example/x',
      'HOST leads to http://tokens.example, which is not followed: only https is',
    ],
    ['that is none', 'token', 'HOST names a token server that is none'],
  ])('a token server %s', async (_, realm, message) => {
    const headers = { 'www-authenticate': `Bearer realm="${realm}"` };
    expect(await spoilt(/./, (response) => response.writeHead(401, headers).end())).toBe(message);
  });

  test.each(['', 'nonsense', '{"token": 5}', '{"token": "a\\r\\nb"}'])('a token that is none: %j', async (token) => {
    const tokens = await serve((_, response) => response.end(token));
    const headers = { 'www-authenticate': `Bearer realm="http://${tokens}/"` };
    expect(await spoilt(/./, (response) => response.writeHead(401, headers).end())).toBe(
      'the token server of HOST gives no token',
    );
  });

  test('a name that is none', async () => {
    await expect(open('docker://Team/App')).rejects.toThrow('"Team/App" is no image: ');
    await expect(open('docker://')).rejects.toThrow('is no image: the image reference is empty');
  });

  test('plain http to another machine: it is never sent', async () => {
    const asked: string[] = [];
    const spy: typeof fetch = async (url) => {
      asked.push(String(url));
      return new Response(null, { status: 404 });
    };
    const around = { cwd: '/', environment: {}, limits: IMAGE_LIMITS, fetch: spy };
    for (const name of [
      'team/app',
      'registry.example:5000/team/app:2',
      'localhost:5000/team/app',
      'localhost.example/a',
    ])
      await expect(inspectImage(`docker://${name}`, {}, around)).rejects.toThrow('has no such image');
    expect(asked).toEqual([
      'https://registry-1.docker.io/v2/team/app/manifests/latest',
      'https://registry.example:5000/v2/team/app/manifests/2',
      'http://localhost:5000/v2/team/app/manifests/latest',
      'https://localhost.example/v2/a/manifests/latest',
    ]);
  });
});

test('challenges are read as they are written', () => {
  expect(readChallenge('Bearer realm="https://a/t", service="x, y",scope="repository:a/b:pull"')).toEqual({
    scheme: 'bearer',
    realm: 'https://a/t',
    service: 'x, y',
    scope: 'repository:a/b:pull',
  });
  expect(readChallenge('Negotiate, bearer REALM=https://a/t , Basic realm="z"')).toMatchObject({
    realm: 'https://a/t',
  });
  expect(readChallenge('Digest realm="x", nonce="y", Basic realm="z"')).toEqual({ scheme: 'basic' });
  expect(readChallenge('Bearer service="x"')).toBeUndefined();
  expect(readChallenge(null)).toBeUndefined();
  expect(readChallenge(`Bearer realm="${'\\'.repeat(100_000)}`)).toBeUndefined();
});
