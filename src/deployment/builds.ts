import { parseReference } from '../catalog/reference.ts';
import type { CompileResult, ImageContract, StageSummary } from '../compile-result.ts';
import { describeSource } from '../sources/describe-source.ts';
import type { MigratedDockerfile } from './deployment.ts';

/** A build of the project, as something that runs its image names it. */
export interface Build {
  readonly dockerfile: MigratedDockerfile;
  /** undefined where the build asks for another stage than the last: what becomes of that one is not known here */
  readonly contract: ImageContract | undefined;
}

/** How a Compose file builds a service: what several files say of it adds up. Paths are relative to the root. */
export interface ServiceBuild {
  /** undefined where it is left to another file */
  readonly context: string | undefined;
  readonly dockerfile: string | undefined;
  readonly target: string | undefined;
  /** what the builds call a Dockerfile whose text stands in the Compose file */
  readonly inline: string | undefined;
}

/** A service of Compose by its place. */
export interface ServiceName {
  /** of the Compose file */
  readonly folder: string;
  readonly service: string;
}

/** What a Compose file says of what a service runs. */
interface ServiceSource {
  readonly build: ServiceBuild | undefined;
  readonly extended: ServiceName | undefined;
}

/** The builds of a project, to be found by their place, by the names of their images, or by a service that runs them. */
export class Builds {
  readonly #byPath: ReadonlyMap<string, MigratedDockerfile>;
  readonly #byImage = new Map<string, Build | undefined>();
  readonly #renamed = new Map<string, string>();
  readonly #byService = new Map<string, ServiceSource[]>();
  readonly #byFolder: ReadonlyMap<string, readonly MigratedDockerfile[]>;
  /** images by what is behind their last slash */
  #byLast: ReadonlyMap<string, readonly (readonly [string, Build | undefined])[]> | undefined;
  /** what was asked for already */
  readonly #found = new Map<string, Build | undefined>();

  /** `rootName`: name of the project's folder, which images are often called after. */
  constructor(dockerfiles: readonly MigratedDockerfile[], rootName: string) {
    this.#byPath = new Map(dockerfiles.map((dockerfile) => [dockerfile.path, dockerfile]));
    this.#byFolder = grouped(dockerfiles, ({ context }) => folderName(context, rootName));
  }

  get dockerfiles(): readonly MigratedDockerfile[] {
    return [...this.#byPath.values()];
  }

  /** The build of a context; `dockerfile` is relative to it, as Compose, Bake and `docker build` mean it. */
  at(context: string, dockerfile: string | undefined, target: string | undefined): Build | undefined {
    const path = joinPath(context, dockerfile ?? 'Dockerfile');
    const found =
      this.#byPath.get(path) ?? (dockerfile === undefined ? undefined : this.#byPath.get(joinPath('', dockerfile)));
    return this.#of(found, target);
  }

  #of(dockerfile: MigratedDockerfile | undefined, target: string | undefined): Build | undefined {
    return dockerfile && { dockerfile, contract: contractFor(dockerfile, target) };
  }

  /** Notes that an image of this name is built so. A name that two builds claim belongs to none. */
  nameImage(reference: string, build: Build): void {
    const name = repositoryOf(reference);
    if (name === undefined) return;
    const known = this.#byImage.get(name);
    const clash = this.#byImage.has(name) && known?.dockerfile !== build.dockerfile;
    this.#byImage.set(name, clash ? undefined : build);
    this.#forget();
  }

  #forget(): void {
    this.#found.clear();
    this.#byLast = undefined;
  }

  /** Notes that manifests name an image by another name: a kustomization puts the one in the place of the other. */
  renameImage(reference: string, next: string): void {
    const name = repositoryOf(reference);
    const other = repositoryOf(next);
    if (name === undefined || other === undefined) return;
    this.#renamed.set(name, next);
    this.#forget();
    if (!this.#renamed.has(other)) this.#renamed.set(other, reference);
  }

  /** The build whose image a reference names: as the project's own files call it, else by the name of its folder. */
  ofImage(reference: string): Build | undefined {
    if (this.#found.has(reference)) return this.#found.get(reference);
    const build = this.#look(reference);
    this.#found.set(reference, build);
    return build;
  }

  #look(reference: string): Build | undefined {
    const name = repositoryOf(reference);
    if (name === undefined) return undefined;
    if (this.#byImage.has(name)) return this.#byImage.get(name);
    const renamed = this.#renamed.get(name);
    if (renamed !== undefined && repositoryOf(renamed) !== name) {
      const build = this.#buildNamed(renamed);
      if (build !== undefined) return build;
    }
    return this.#buildNamed(reference);
  }

  #buildNamed(reference: string): Build | undefined {
    const name = repositoryOf(reference);
    if (name === undefined) return undefined;
    if (this.#byImage.has(name)) return this.#byImage.get(name);
    if (isPublic(reference)) return undefined;
    const last = name.slice(name.lastIndexOf('/') + 1);
    this.#byLast ??= grouped(this.#byImage, ([other]) => other.slice(other.lastIndexOf('/') + 1));
    const named = this.#byLast.get(last) ?? [];
    if (named.length === 1) return named[0]![1];
    const [only, ...others] = this.#byFolder.get(last) ?? [];
    return others.length > 0 ? undefined : this.#of(only, undefined);
  }

  /** Notes how a Compose file of a folder builds a service, or which other one it extends. */
  nameService({ folder, service }: ServiceName, source: ServiceSource): void {
    const key = `${folder}\n${service}`;
    this.#byService.set(key, [...(this.#byService.get(key) ?? []), source]);
  }

  /**
   * The build of a service, `own` what the file at hand says of it. What it leaves open is said by other files of the same
   * folder, or by the service that it extends.
   */
  ofService(name: ServiceName, own?: ServiceBuild): Build | undefined {
    const known = this.#buildOf(name, 0);
    const inline = own?.inline ?? (own?.context === undefined ? known?.inline : undefined);
    if (inline !== undefined) return this.#of(this.#byPath.get(inline), own === undefined ? known?.target : own.target);
    const context = own?.context ?? known?.context ?? (own === undefined ? undefined : name.folder);
    if (context === undefined) return undefined;
    const dockerfile = own?.dockerfile ?? (own?.context === undefined ? known?.dockerfile : undefined);
    return this.at(context, dockerfile, own === undefined ? known?.target : own.target);
  }

  #buildOf({ folder, service }: ServiceName, depth: number): ServiceBuild | undefined {
    const sources = this.#byService.get(`${folder}\n${service}`) ?? [];
    const own = sources.map(({ build }) => build).find((build) => build?.context !== undefined);
    if (own !== undefined || depth > mostExtended) return own;
    for (const { extended } of sources) {
      const build = extended === undefined ? undefined : this.#buildOf(extended, depth + 1);
      if (build !== undefined) return build;
    }
    return undefined;
  }
}

/** as long as a chain of `extends` is followed */
const mostExtended = 8;

/** What the image promises: nothing is known where a build asks for another stage than the last one. */
function contractFor({ result }: MigratedDockerfile, target: string | undefined): ImageContract | undefined {
  const other = result.others?.find((each) => each.target.toLowerCase() === target?.toLowerCase());
  if (other !== undefined) return other.contract;
  const final = finalStage(result);
  return target === undefined || final?.name?.toLowerCase() === target.toLowerCase() ? result.contract : undefined;
}

/** The stage that a file's contract is of. */
export function finalStage({ stages, others = [] }: CompileResult): StageSummary | undefined {
  const taken = new Set(others.map(({ target }) => target.toLowerCase()));
  return stages.find(({ role, name }) => role === 'runtime' && !taken.has(name?.toLowerCase() ?? ''));
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

function grouped<Item>(items: Iterable<Item>, key: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}

/** Whether a reference is a well-known public image: a folder of that name builds another one. */
function isPublic(reference: string): boolean {
  const parsed = parseReference(reference);
  return !('problem' in parsed) && describeSource(parsed).kind !== 'unknown';
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
