import { CURL_PACKAGES, CURL_TOOLS, FULL_PACKAGES, FULL_TOOLS, SCM_PACKAGES, SCM_TOOLS } from '../buildpack-deps.ts';
import { debianCodename, ubuntuCodename } from '../distribution-word.ts';
import type { TagMeaning } from '../read-tag.ts';
import type { Brings, Family } from '../source-image.ts';
import type { BuiltTag, KnownImage } from './known-image.ts';

/** Bare distributions. Source: the official images' tag lists and the distributions' own release pages. */

/** Debian's suites by name, as they stand on the day of the official tag lists. */
const SUITES = new Map<string, string>([
  ['oldoldstable', 'bullseye'],
  ['oldstable', 'bookworm'],
  ['stable', 'trixie'],
  ['testing', 'forky'],
  ['unstable', 'sid'],
  ['', 'trixie'],
]);

/** The release of a Debian tag: its codename, number or suite. */
function debianRelease(tag: TagMeaning): string | undefined {
  if (tag.release !== undefined) return tag.release;
  if (tag.version !== undefined) return debianCodename(tag.version);
  for (const word of tag.words) {
    const release = SUITES.get(word);
    if (release !== undefined) return release;
  }
  return SUITES.get('');
}

const UBUNTU_TODAY = 'resolute';
const ALPINE_TODAY = '3.24';

function alpineRelease(tag: TagMeaning): string | undefined {
  const version = tag.version ?? tag.release;
  if (version === undefined) return tag.words.includes('edge') ? 'edge' : ALPINE_TODAY;
  if (version === '3') return ALPINE_TODAY;
  return /^\d+\.\d+/.exec(version)?.[0] ?? (/^20\d{6}$/.test(version) ? 'edge' : undefined);
}

const base = (name: string, family: Family, hardened: string, more: Partial<KnownImage> = {}): KnownImage => ({
  name,
  family,
  hardened,
  distribution: true,
  ...more,
});

const rpm = (name: string, more: Partial<KnownImage> = {}): KnownImage =>
  base(name, 'rpm', 'debian-base', {
    substitute: true,
    reason: 'packages come from RPM repositories; the hardened image is Debian, so installs become apt-get',
    ...more,
    refine: (tag) => {
      const release = tag.release ?? (tag.version === undefined ? undefined : `${name}${tag.version}`);
      return release === undefined ? {} : { release };
    },
  });

function buildpackDeps(tag: BuiltTag): Partial<Brings> {
  if (tag.has('curl')) return { tools: CURL_TOOLS, packages: CURL_PACKAGES };
  if (tag.has('scm')) return { tools: SCM_TOOLS, packages: SCM_PACKAGES };
  return { tools: FULL_TOOLS, packages: FULL_PACKAGES };
}

const otherDistribution = 'another distribution: packages have other names or versions on Debian';

const debianRefine = (tag: TagMeaning): Partial<KnownImage> => {
  const release = debianRelease(tag);
  return release === undefined ? {} : { release };
};

const ubuntuRefine = (tag: TagMeaning): Partial<KnownImage> => {
  const release = tag.release ?? (tag.version === undefined ? UBUNTU_TODAY : ubuntuCodename(tag.version));
  return release === undefined ? {} : { release };
};

const ubuntu = (name: string, more: Partial<KnownImage> = {}): KnownImage =>
  base(name, 'ubuntu', 'debian-base', { substitute: true, reason: otherDistribution, ...more, refine: ubuntuRefine });

const alpine = (name: string, more: Partial<KnownImage> = {}): KnownImage =>
  base(name, 'alpine', 'alpine-base', {
    ...more,
    refine: (tag) => {
      const release = alpineRelease(tag);
      return release === undefined ? {} : { release };
    },
  });

/** Distributions by the key under which `repository.ts` finds them. */
export const DISTRIBUTIONS: ReadonlyMap<string, KnownImage> = new Map<string, KnownImage>([
  ['debian', base('debian', 'debian', 'debian-base', { refine: debianRefine })],
  ['ubuntu', ubuntu('ubuntu')],
  ['alpine', alpine('alpine')],
  [
    'buildpack-deps',
    base('buildpack-deps', 'debian', 'debian-base', {
      substitute: true,
      reason: 'compilers and headers that it holds are installed on debian-base',
      refine: (tag) =>
        tag.family === 'ubuntu' || tag.version?.includes('.') === true
          ? { family: 'ubuntu', ...ubuntuRefine(tag) }
          : debianRefine(tag),
      brings: buildpackDeps,
    }),
  ],
  ...[
    'fedora',
    'centos',
    'rockylinux',
    'almalinux',
    'oraclelinux',
    'amazonlinux',
    'photon',
    'mageia',
    'clefos',
    'sl',
  ].map((name): [string, KnownImage] => [name, rpm(name)]),
  ...['archlinux', 'opensuse', 'clearlinux'].map((name): [string, KnownImage] => [
    name,
    base(name, name === 'archlinux' ? 'unknown' : 'rpm', 'debian-base', {
      substitute: true,
      reason: otherDistribution,
    }),
  ]),
  [
    'scratch',
    {
      name: 'scratch',
      family: 'scratch',
      hardened: 'static',
      substitute: true,
      reason: 'may be kept as it is; static adds certificates, time zones and a nonroot user',
    },
  ],
  // other publishers' builds of the same distributions
  [
    'phusion/baseimage',
    ubuntu('phusion/baseimage', { reason: 'its init system and services are not in the hardened image' }),
  ],
  ['rockylinux/rockylinux', rpm('rockylinux')],
  ['opensuse/leap', rpm('opensuse')],
  ['opensuse/tumbleweed', rpm('opensuse')],
  ['openeuler/openeuler', rpm('openeuler')],
  ['redhat/ubi8', rpm('ubi', { version: '8' })],
  ['redhat/ubi9', rpm('ubi', { version: '9' })],
  ['amazon/amazonlinux', rpm('amazonlinux')],
  ['public.ecr.aws/amazonlinux/amazonlinux', rpm('amazonlinux')],
  ['public.ecr.aws/ubuntu/ubuntu', ubuntu('ubuntu')],
  ['public.ecr.aws/debian/debian', base('debian', 'debian', 'debian-base', { refine: debianRefine })],
  ['ghcr.io/oracle/oraclelinux', rpm('oraclelinux')],
  ['container-registry.oracle.com/os/oraclelinux', rpm('oraclelinux')],
  ['registry.fedoraproject.org/fedora', rpm('fedora')],
  ['registry.fedoraproject.org/fedora-minimal', rpm('fedora')],
  ['quay.io/fedora/fedora', rpm('fedora')],
  ['quay.io/centos/centos', rpm('centos')],
  ['quay.io/rockylinux/rockylinux', rpm('rockylinux')],
  ['quay.io/almalinuxorg/almalinux', rpm('almalinux')],
  ['mcr.microsoft.com/azurelinux/base/core', rpm('azurelinux')],
  ['mcr.microsoft.com/azurelinux-beta/base/core', rpm('azurelinux')],
  ['mcr.microsoft.com/cbl-mariner/base/core', rpm('mariner')],
  ['registry.k8s.io/build-image/debian-base', base('debian', 'debian', 'debian-base', {})],
  ['bitnami/minideb', base('bitnami/minideb', 'debian', 'debian-base', { substitute: true, refine: debianRefine })],
  [
    'chainguard/wolfi-base',
    base('wolfi-base', 'wolfi', 'alpine-base', {
      substitute: true,
      reason: 'packages are built for glibc; the hardened image is Alpine with musl',
    }),
  ],
  [
    'chainguard/chainguard-base',
    base('wolfi-base', 'wolfi', 'alpine-base', {
      substitute: true,
      reason: 'packages are built for glibc; the hardened image is Alpine with musl',
    }),
  ],
  [
    'frolvlad/alpine-glibc',
    alpine('frolvlad/alpine-glibc', { substitute: true, reason: 'glibc beside musl is not in the hardened image' }),
  ],
]);
