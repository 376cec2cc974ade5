import type { Reference } from '../catalog/reference.ts';

/** Where a repository stands among those we know. */
export interface Repository {
  /** `official` names stand alone (`python`), `hub` paths are docker.io's, `other` begins with the registry */
  readonly kind: 'official' | 'hub' | 'other' | 'hardened' | 'scratch';
  readonly path: string;
  /** of Docker Hub's namespaces for one architecture, where no hardened image is built for it */
  readonly architecture?: string;
}

const DOCKER_HUB = new Set([
  'docker.io',
  'index.docker.io',
  'registry-1.docker.io',
  'registry.hub.docker.com',
  'mirror.gcr.io',
]);
/** docker.io's namespaces of official images for one architecture: those that hardened images are built for, and others */
const ARCHITECTURES = new Set(['amd64', 'arm64v8']);
const OTHER_ARCHITECTURES = new Set([
  'arm32v5',
  'arm32v6',
  'arm32v7',
  'i386',
  'mips64le',
  'ppc64le',
  'riscv64',
  's390x',
  'winamd64',
]);

/** A path of Docker Hub, `library/` and architecture namespaces taken off. */
function hub(path: string): Repository {
  const slash = path.indexOf('/');
  if (slash < 0) return { kind: path === 'scratch' ? 'scratch' : 'official', path };
  const namespace = path.slice(0, slash);
  const name = path.slice(slash + 1);
  if ((namespace === 'library' || ARCHITECTURES.has(namespace)) && !name.includes('/')) return hub(name);
  if (OTHER_ARCHITECTURES.has(namespace) && !name.includes('/')) return { ...hub(name), architecture: namespace };
  // a mirrored hardened image: docker.io/<organisation>/dhi-<image>
  if (name.startsWith('dhi-') && !name.includes('/')) return { kind: 'hardened', path: name.slice(4) };
  return { kind: 'hub', path };
}

/**
 * Finds out which repository a reference means, whatever mirror it is pulled through: the official images through
 * `library/` on any registry, Docker Hub through its aliases and through GitLab's dependency proxy.
 */
export function repositoryOf(reference: Reference): Repository {
  const registry = reference.registry.toLowerCase();
  const path = reference.repository;
  if (registry === 'dhi.io') return { kind: 'hardened', path };
  if (DOCKER_HUB.has(registry)) return hub(path);
  if (registry === 'quay.io' && path.startsWith('lib/')) return hub(path.slice(4));
  const proxy = path.indexOf('/dependency_proxy/containers/');
  if (proxy >= 0) return hub(path.slice(proxy + '/dependency_proxy/containers/'.length));
  const library = path.startsWith('library/') ? 8 : path.lastIndexOf('/library/') + 9;
  if (library >= 9 || path.startsWith('library/')) {
    const name = path.slice(library);
    if (name !== '' && !name.includes('/')) return hub(name);
  }
  return { kind: 'other', path: `${registry}/${path}` };
}
