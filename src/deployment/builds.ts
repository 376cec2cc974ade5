import type { ImageContract } from '../compile-result.ts';
import type { MigratedDockerfile } from './deployment.ts';

/** A build of the project, as something that runs its image names it. */
export interface Build {
  readonly dockerfile: MigratedDockerfile;
  /** undefined where the build asks for another stage than the last: what becomes of that one is not known here */
  readonly contract: ImageContract | undefined;
}

/** How a service of Compose is built; what several files say of it adds up. */
interface ServiceBuild {
  readonly context: string;
  readonly dockerfile: string | undefined;
  readonly target: string | undefined;
}

/** The builds of a project, to be found by their place, by the names of their images, or by a service that runs them. */
export class Builds {
  readonly #byPath: ReadonlyMap<string, MigratedDockerfile>;
  readonly #byImage = new Map<string, Build | undefined>();
  readonly #byService = new Map<string, ServiceBuild>();
  readonly #rootName: string;

  /** `rootName`: name of the project's folder, which images are often called after. */
  constructor(dockerfiles: readonly MigratedDockerfile[], rootName: string) {
    this.#byPath = new Map(dockerfiles.map((dockerfile) => [dockerfile.path, dockerfile]));
    this.#rootName = rootName;
  }

  get dockerfiles(): readonly MigratedDockerfile[] {
    return [...this.#byPath.values()];
  }

  /** The build of a context; `dockerfile` is relative to it, as Compose, Bake and `docker build` mean it. */
  at(context: string, dockerfile: string | undefined, target: string | undefined): Build | undefined {
    const path = joinPath(context, dockerfile ?? 'Dockerfile');
    const found =
      this.#byPath.get(path) ?? (dockerfile === undefined ? undefined : this.#byPath.get(joinPath('', dockerfile)));
    return found === undefined ? undefined : { dockerfile: found, contract: contractFor(found, target) };
  }

  /** Notes that an image of this name is built so. A name that two builds claim belongs to none. */
  nameImage(reference: string, build: Build): void {
    const name = repositoryOf(reference);
    if (name === undefined) return;
    const known = this.#byImage.get(name);
    const clash = this.#byImage.has(name) && known?.dockerfile !== build.dockerfile;
    this.#byImage.set(name, clash ? undefined : build);
  }

  /** The build whose image a reference names: as the project's own files call it, else by the name of its folder. */
  ofImage(reference: string): Build | undefined {
    const name = repositoryOf(reference);
    if (name === undefined) return undefined;
    if (this.#byImage.has(name)) return this.#byImage.get(name);
    const last = name.slice(name.lastIndexOf('/') + 1);
    const named = [...this.#byImage].filter(([other]) => other.slice(other.lastIndexOf('/') + 1) === last);
    if (named.length === 1) return named[0]![1];
    const inFolder = this.dockerfiles.filter(({ context }) => folderName(context, this.#rootName) === last);
    return inFolder.length === 1
      ? { dockerfile: inFolder[0]!, contract: contractFor(inFolder[0]!, undefined) }
      : undefined;
  }

  /** Notes how a Compose file of a folder builds a service. */
  nameService(folder: string, service: string, build: ServiceBuild): void {
    const key = `${folder}\n${service}`;
    if (!this.#byService.has(key)) this.#byService.set(key, build);
  }

  /** The build of a service that another Compose file of the same folder says how to build. */
  ofService(folder: string, service: string): Build | undefined {
    const known = this.#byService.get(`${folder}\n${service}`);
    return known === undefined ? undefined : this.at(known.context, known.dockerfile, known.target);
  }
}

/** What the image promises: nothing is known where a build asks for another stage than the last one. */
function contractFor({ result }: MigratedDockerfile, target: string | undefined): ImageContract | undefined {
  const last = result.stages.find(({ role }) => role === 'runtime');
  return target === undefined || last?.name?.toLowerCase() === target.toLowerCase() ? result.contract : undefined;
}

/** Repository of a reference without registry host, tag and digest; undefined where a variable decides it. */
function repositoryOf(reference: string): string | undefined {
  const parts = reference
    .replace(/^(\$\{[^}]*\}|\$\w+)\/?/, '')
    .replace(/@.*$/, '')
    .split('/');
  if (parts.length > 1 && (/[.:]/.test(parts[0]!) || parts[0] === 'localhost')) parts.shift();
  const name = parts
    .join('/')
    .replace(/:[^/]*$/, '')
    .toLowerCase();
  return /^[a-z0-9][a-z0-9._/-]*$/.test(name) ? name : undefined;
}

function folderName(context: string, rootName: string): string {
  return (context === '' ? rootName : context.slice(context.lastIndexOf('/') + 1)).toLowerCase();
}

/** A path from a folder, both relative to the root; undefined parts above the root stay away. */
export function joinPath(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${folder}/${path}`).split('/')) {
    if (part === '..') {
      if (parts.length === 0) return '..';
      parts.pop();
    } else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** The folder of a path; `` for the root. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
