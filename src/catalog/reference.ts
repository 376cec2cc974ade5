/**
 * An image reference as a person writes it, taken apart. Nothing is normalised away: `raw` is the text.
 * Grammar: distribution/reference of the OCI world; the first component is a registry if it has a dot, a colon or
 * is `localhost`.
 */
export interface Reference {
  readonly raw: string;
  /** `docker.io` where none is written */
  readonly registry: string;
  /** path without registry; `library/` is added for one-component names on docker.io */
  readonly repository: string;
  readonly tag: string | undefined;
  /** `sha256:…` */
  readonly digest: string | undefined;
}

/** Why a text is no image reference; one sentence without a full stop. */
export interface ReferenceProblem {
  readonly problem: string;
}

const MAX_NAME = 255;
const MAX_TEXT = MAX_NAME + 1 + 128 + 1 + 160;
const PATH_COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const HOST_COMPONENT = /^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$/;
const IPV6_HOST = /^\[[0-9a-fA-F:]+\]$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const DIGEST = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;
/** hex digits that the algorithms of the OCI image specification have */
const DIGEST_LENGTH = new Map([
  ['sha256', 64],
  ['sha384', 96],
  ['sha512', 128],
]);

/** Takes an image reference apart, or says what is wrong with it. */
export function parseReference(text: string): Reference | ReferenceProblem {
  if (text === '') return { problem: 'the image reference is empty' };
  if (text.length > MAX_TEXT) return { problem: 'the image reference is too long' };

  let rest = text;
  let digest: string | undefined;
  const at = rest.indexOf('@');
  if (at !== -1) {
    digest = rest.slice(at + 1);
    rest = rest.slice(0, at);
    const problem = digestProblem(digest);
    if (problem !== undefined) return { problem };
  }

  let tag: string | undefined;
  const colon = rest.lastIndexOf(':');
  if (colon > rest.lastIndexOf('/') && !rest.endsWith(']')) {
    tag = rest.slice(colon + 1);
    rest = rest.slice(0, colon);
    if (!TAG.test(tag)) return { problem: `"${tag}" is not a valid tag` };
  }

  const { registry, path } = splitRegistry(rest);
  if (registry !== undefined && !isHost(registry)) return { problem: `"${registry}" is not a valid registry host` };
  if (path === '') return { problem: 'the repository name is missing' };
  for (const component of path.split('/')) {
    if (PATH_COMPONENT.test(component)) continue;
    if (PATH_COMPONENT.test(component.toLowerCase())) return { problem: `repository name "${path}" must be lowercase` };
    return { problem: `"${path}" is not a valid repository name` };
  }
  if (rest.length > MAX_NAME) return { problem: `the repository name is longer than ${MAX_NAME} characters` };
  if (registry === undefined && /^[0-9a-f]{64}$/.test(path)) {
    return { problem: '64 hexadecimal digits are an image id, not a repository name' };
  }

  const onDockerHub = registry === undefined || registry === 'docker.io' || registry === 'index.docker.io';
  return {
    raw: text,
    registry: onDockerHub ? 'docker.io' : registry,
    repository: onDockerHub && !path.includes('/') ? `library/${path}` : path,
    tag,
    digest,
  };
}

/** The first component is a registry if it could not be a path component, as the Docker client decides it. */
function splitRegistry(name: string): { registry: string | undefined; path: string } {
  const slash = name.indexOf('/');
  if (slash === -1) return { registry: undefined, path: name };
  const first = name.slice(0, slash);
  const isRegistry = /[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase();
  return isRegistry ? { registry: first, path: name.slice(slash + 1) } : { registry: undefined, path: name };
}

function isHost(registry: string): boolean {
  const port = /:([0-9]+)$/.exec(registry);
  const host = port ? registry.slice(0, port.index) : registry;
  return IPV6_HOST.test(host) || host.split('.').every((component) => HOST_COMPONENT.test(component));
}

function digestProblem(digest: string): string | undefined {
  if (!DIGEST.test(digest)) return `"${digest}" is not a valid digest`;
  const colon = digest.indexOf(':');
  const length = DIGEST_LENGTH.get(digest.slice(0, colon));
  if (length !== undefined && digest.length - colon - 1 !== length)
    return `"${digest}" has not the length of its algorithm`;
  return undefined;
}

/** Where a company keeps its hardened images; without both they come from dhi.io. */
export interface HardenedHome {
  /** organisation that mirrors hardened images as `docker.io/<org>/dhi-<image>` */
  readonly org?: string | undefined;
  /** a company's mirror of `dhi.io`: host with optional path, `registry.example.com/dhi`; outranks `org` */
  readonly registry?: string | undefined;
}

/** A hardened image, by the name it has in the catalog. */
export interface HardenedName {
  readonly image: string;
  readonly tag: string | undefined;
}

/**
 * The catalog's name of an image that is hardened already: on `dhi.io`, in an organisation's mirror
 * (`<any namespace>/dhi-<image>` on docker.io, the form in which Docker mirrors) or in the given company mirror.
 * Undefined for everything else. Whether the catalog has the image is not asked.
 */
export function hardenedName(reference: Reference, home: HardenedHome = {}): HardenedName | undefined {
  const { registry, repository, tag } = reference;
  const full = `${registry}/${repository}`;
  for (const prefix of ['dhi.io/', home.registry === undefined ? undefined : `${home.registry}/`]) {
    if (prefix === undefined || !full.startsWith(prefix)) continue;
    const image = full.slice(prefix.length);
    if (!image.includes('/')) return { image, tag };
  }
  if (registry !== 'docker.io') return undefined;
  const mirrored = /^(?!library\/)[^/]+\/dhi-([^/]+)$/.exec(repository);
  return mirrored ? { image: mirrored[1]!, tag } : undefined;
}

/** The reference to write for a hardened image: `dhi.io/python:3.13-debian13` or its place in the company's home. */
export function formatHardened(image: string, tag: string, home: HardenedHome = {}): string {
  if (home.registry !== undefined) return `${home.registry}/${image}:${tag}`;
  if (home.org !== undefined) return `docker.io/${home.org}/dhi-${image}:${tag}`;
  return `dhi.io/${image}:${tag}`;
}
