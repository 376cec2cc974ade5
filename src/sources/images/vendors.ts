import type { TagMeaning } from '../read-tag.ts';
import type { Brings } from '../source-image.ts';
import { NET } from './dotnet.ts';
import type { BuiltTag, KnownImage } from './known-image.ts';

/**
 * Vendors' own repositories that need more than a line in the third-party table: Bun, Deno, uv, nginx, and
 * images that have no counterpart. Source: the vendors' public Dockerfiles, as known in general.
 */

const BUN_USER: Brings['users'] = { bun: '1000:1000' };

function uv(tag: TagMeaning): Partial<KnownImage> {
  const python = tag.words.find((word) => /^python3(?:\.\d+)*$/.test(word));
  if (python === undefined) return {};
  return {
    name: 'python',
    hardened: 'python',
    version: python.slice(6),
    family: tag.family ?? 'debian',
    alongside: [{ image: 'uv', version: tag.version }],
  };
}

function uvBrings(tag: BuiltTag): Partial<Brings> {
  const python = tag.words.some((word) => word.startsWith('python3'));
  const bare = !python && tag.family === 'distroless';
  return {
    tools: ['uv', 'uvx', ...(python ? ['python', 'python3', 'pip', 'pip3'] : [])],
    ...(bare ? { entrypoint: ['/uv'], workdir: '/io' } : { cmd: ['/usr/local/bin/uv'] }),
    ...(python ? { environment: { UV_TOOL_BIN_DIR: '/usr/local/bin' } } : {}),
  };
}

const UV: KnownImage = { name: 'uv', hardened: 'uv', family: 'distroless', refine: uv, brings: uvBrings };

const BUN: KnownImage = {
  name: 'bun',
  hardened: 'bun',
  family: 'debian',
  refine: (tag) => (tag.words.includes('distroless') ? { family: 'distroless' } : {}),
  brings: (tag) => ({
    tools: ['bun', 'bunx', 'node'],
    entrypoint: ['/usr/local/bin/docker-entrypoint.sh'],
    cmd: ['/usr/local/bin/bun'],
    workdir: '/home/bun/app',
    users: tag.family === 'distroless' ? {} : BUN_USER,
    environment: { BUN_RUNTIME_TRANSPILER_CACHE_PATH: '0', BUN_INSTALL_BIN: '/usr/local/bin' },
  }),
};

const DENO: KnownImage = {
  name: 'deno',
  hardened: 'deno',
  family: 'debian',
  refine: (tag) =>
    tag.words.includes('distroless')
      ? { family: 'distroless' }
      : tag.words.includes('bin')
        ? { family: 'scratch' }
        : {},
  brings: (tag) =>
    tag.has('bin')
      ? { tools: ['deno'] }
      : {
          tools: ['deno', 'tini'],
          entrypoint: ['/tini', '--', 'docker-entrypoint.sh'],
          cmd: ['eval', "console.log('Welcome to Deno!')"],
          users: { deno: '1993:1993' },
          environment: { DENO_DIR: '/deno-dir/', DENO_INSTALL_ROOT: '/usr/local' },
        },
};

const NGINX_UNPRIVILEGED: KnownImage = {
  name: 'nginx-unprivileged',
  hardened: 'nginx',
  family: 'debian',
  today: 'nginx',
  brings: (tag) => ({
    tools: ['nginx', 'envsubst', ...(tag.has('slim') ? [] : ['curl'])],
    entrypoint: ['/docker-entrypoint.sh'],
    cmd: ['nginx', '-g', 'daemon off;'],
    user: '101',
    exposes: ['8080/tcp'],
    users: { nginx: '101:101' },
  }),
};

/** Vendors' repositories by path (docker.io's without registry). */
export const VENDORS: ReadonlyMap<string, KnownImage> = new Map<string, KnownImage>([
  ...NET,
  ['ghcr.io/astral-sh/uv', UV],
  ['astral/uv', UV],
  ['oven/bun', BUN],
  ['ghcr.io/oven-sh/bun', BUN],
  ['denoland/deno', DENO],
  ['ghcr.io/denoland/deno', DENO],
  ['nginxinc/nginx-unprivileged', NGINX_UNPRIVILEGED],
  ['ghcr.io/nginxinc/nginx-unprivileged', NGINX_UNPRIVILEGED],
  ['nginx/nginx-unprivileged', NGINX_UNPRIVILEGED],
]);
