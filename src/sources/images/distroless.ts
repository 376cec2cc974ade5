import type { Brings } from '../source-image.ts';
import type { KnownImage } from './known-image.ts';

/**
 * Google's distroless images, `gcr.io/distroless/<name>[-debianNN]`. Source: their public build files, as known in
 * general. The first four have no entrypoint; the language images have, where the hardened ones have a command only.
 */

const RELEASES = new Map([
  ['debian9', 'stretch'],
  ['debian10', 'buster'],
  ['debian11', 'bullseye'],
  ['debian12', 'bookworm'],
  ['debian13', 'trixie'],
]);

const SYSTEM = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

function bare(packages: readonly string[], more: Partial<Brings> = {}): KnownImage['brings'] {
  return (tag) => ({
    packages: ['ca-certificates', 'tzdata', ...packages],
    user: tag.has('nonroot') ? '65532' : undefined,
    users: { nonroot: '65532:65532', nobody: '65534:65534' },
    environment: { PATH: SYSTEM, SSL_CERT_FILE: '/etc/ssl/certs/ca-certificates.crt' },
    shell: tag.has('debug') ? 'ash' : undefined,
    ...more,
  });
}

const GLIBC = ['libc6'];
const CC = ['libc6', 'libgcc-s1', 'libgomp1', 'libssl3', 'libstdc++6'];

/** The distroless image of a path below `gcr.io/distroless/`, undefined if there is none. */
export function distroless(path: string): KnownImage | undefined {
  const match = /^([a-z0-9-]+?)(?:-(debian\d+))?$/.exec(path);
  if (match === null) return undefined;
  const name = match[1]!;
  const release = match[2] === undefined ? undefined : RELEASES.get(match[2]);
  const known = family(name);
  return known === undefined
    ? undefined
    : { family: 'distroless', ...known, name: `distroless/${name}`, ...(release === undefined ? {} : { release }) };
}

function family(name: string): Omit<KnownImage, 'name' | 'family'> | undefined {
  switch (name) {
    case 'static':
      return { hardened: 'static', brings: bare([]) };
    case 'base-nossl':
      return { hardened: 'static', hardenedWords: ['glibc'], brings: bare(GLIBC) };
    case 'base':
      return {
        hardened: 'static',
        substitute: true,
        hardenedWords: ['glibc'],
        reason: 'the hardened image has glibc but no OpenSSL',
        brings: bare(['libc6', 'libssl3']),
      };
    case 'cc':
      return {
        hardened: 'static',
        substitute: true,
        hardenedWords: ['glibc'],
        reason: 'the hardened image has glibc but neither libgcc, libstdc++ nor OpenSSL',
        brings: bare(CC),
      };
    case 'python3':
      return {
        hardened: 'python',
        brings: bare(['libc6'], {
          entrypoint: ['/usr/bin/python3'],
          environment: { LANG: 'C.UTF-8', PATH: SYSTEM },
          tools: ['python3', 'python'],
        }),
      };
    case 'java':
    case 'java-base':
      return {
        hardened: 'eclipse-temurin',
        java: 'jre',
        brings: bare(GLIBC, name === 'java' ? { tools: ['java'], entrypoint: ['/usr/bin/java', '-jar'] } : {}),
      };
    default: {
      const language = /^(nodejs|java)(\d+)$/.exec(name);
      if (language === null) return undefined;
      const version = language[2]!;
      return language[1] === 'nodejs'
        ? { hardened: 'node', version, brings: bare(CC, { entrypoint: ['/nodejs/bin/node'], tools: ['node'] }) }
        : {
            hardened: 'eclipse-temurin',
            version,
            java: 'jre',
            brings: bare(GLIBC, {
              entrypoint: ['/usr/bin/java', '-jar'],
              tools: ['java'],
              environment: { LANG: 'C.UTF-8', PATH: SYSTEM, JAVA_VERSION: version },
            }),
          };
    }
  }
}
