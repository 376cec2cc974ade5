import fs from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import type { TagList } from '../catalog/enterprise-tag.ts';
import type { HardenedHome } from '../catalog/reference.ts';
import type { CompileInput, CompileOptions } from '../compile.ts';
import { noProject } from '../context/project-reader.ts';
import type { Dockerfile } from '../syntax/tree.ts';
import { decode } from '../text/encoding.ts';
import { type Config, findConfig, readConfig } from './config.ts';
import { contextSources, FolderNames, guessContext } from './context.ts';
import { assertText, type DockerfileSource, readDockerfile } from './dockerfile-source.ts';
import { InputError, inputError } from './input-error.ts';
import { gitRoot } from './project-root.ts';
import type { ProveSection } from './prove-section.ts';
import { contextReader } from './reader.ts';
import { readTagList } from './tag-list.ts';
import { findDockerfiles } from './walk.ts';

/** What a person asked for; it goes before what a `rehull.yaml` says. Paths as given. */
export interface Settings {
  readonly options: CompileOptions;
  readonly context?: string | undefined;
  readonly catalog?: string | undefined;
  readonly tags?: string | undefined;
  readonly config?: string | undefined;
}

/** A Dockerfile with all that compiling it takes. */
export interface LoadedDockerfile {
  readonly source: DockerfileSource;
  readonly input: CompileInput;
  readonly options: CompileOptions;
  /** file of the catalog's snapshot; undefined for the one that ships with rehull */
  readonly catalog: string | undefined;
  /** the build context's folder, absolute; undefined where there is no project */
  readonly context: string | undefined;
  /** what the configuration says of proving it */
  readonly prove: ProveSection | undefined;
}

/** Where a Dockerfile was asked for: itself, or a folder that it was found in. */
export interface Place {
  readonly path: string;
  /** absolute; nothing above it is taken for the project unless a git repository reaches further */
  readonly root: string;
}

/** A folder that was asked for: the project that is migrated as one. */
export interface ProjectFolder {
  /** as given */
  readonly path: string;
  readonly absolute: string;
  /** files that may follow its Dockerfiles, relative to it */
  readonly others: readonly string[];
}

/** The Dockerfiles that paths name, each once, the folders among the paths, and what could not be searched. */
export function findPlaces(
  paths: readonly string[],
  cwd: string,
  mayFollow?: (path: string) => boolean,
  entered?: (path: string) => void,
): { places: Place[]; folders: ProjectFolder[]; problems: InputError[] } {
  const folders: ProjectFolder[] = [];
  const places = new Map<string, Place>();
  const problems: InputError[] = [];
  const add = (path: string, root: string) => {
    const absolute = resolve(cwd, path);
    if (!places.has(absolute)) places.set(absolute, { path, root });
  };
  for (const path of paths) {
    const absolute = resolve(cwd, path);
    try {
      if (fs.statSync(absolute).isDirectory()) {
        const found = findDockerfiles(path, absolute, mayFollow, entered);
        folders.push({ path, absolute, others: found.others });
        problems.push(...found.problems);
        for (const file of found.files) add(file, absolute);
      } else add(path, isBelow(absolute, cwd) ? cwd : dirname(absolute));
    } catch (error) {
      problems.push(inputError('read', path, error));
    }
  }
  return { places: [...places.values()], folders, problems };
}

/** Loads Dockerfiles of one run; remembers configurations and folders between them. */
export class Loader {
  private readonly cwd: string;
  private readonly settings: Settings;
  private readonly parse: (text: string) => Dockerfile;
  private readonly configs = new Map<string, Promise<Config>>();
  private readonly tagLists = new Map<string, TagList>();
  private readonly names = new FolderNames();

  constructor(cwd: string, settings: Settings, parse: (text: string) => Dockerfile) {
    this.cwd = cwd;
    this.settings = settings;
    this.parse = parse;
  }

  /** Throws an InputError for what cannot be read. */
  async load({ path, root }: Place): Promise<LoadedDockerfile> {
    const absolute = resolve(this.cwd, path);
    const source = { path, bytes: readDockerfile(absolute, path).bytes };
    assertText(path, source.bytes);
    const { text } = decode(source.bytes);
    const config = await this.config(dirname(absolute), root);
    const context = this.context(config) ?? guessContext(absolute, contextSources(this.parse(text)), root, this.names);
    return this.loaded(source, { text, project: contextReader(context) }, config, context);
  }

  /** Loads what came on standard input; the project around it is `--context`, or none. Throws an InputError. */
  async loadStdin(bytes: Uint8Array): Promise<LoadedDockerfile> {
    assertText('standard input', bytes);
    const folder = this.settings.context === undefined ? this.cwd : resolve(this.cwd, this.settings.context);
    const config = await this.config(folder, folder);
    const context = this.context(config);
    const project = context === undefined ? noProject : contextReader(context);
    return this.loaded({ path: '-', bytes }, { text: decode(bytes).text, project }, config, context);
  }

  /** Loads a Dockerfile that stands in another file; `folder` is its context, below `root`. Throws an InputError. */
  async loadInline(text: string, path: string, folder: string, root: string): Promise<LoadedDockerfile> {
    const config = await this.config(folder, root);
    const source = { path, bytes: new TextEncoder().encode(text) };
    return this.loaded(source, { text, project: contextReader(folder) }, config, folder);
  }

  private loaded(
    source: DockerfileSource,
    input: CompileInput,
    config: Config | undefined,
    context: string | undefined,
  ): LoadedDockerfile {
    const given = Object.entries(this.settings.options).filter(([, value]) => value !== undefined);
    const merged: CompileOptions = { ...config?.options, ...Object.fromEntries(given) };
    const options: CompileOptions = { ...merged, tags: this.tags(config, merged) };
    const { catalog } = this.settings;
    const snapshot = catalog === undefined ? config?.catalog : resolve(this.cwd, catalog);
    return { source, input, options, catalog: snapshot, context, prove: config?.prove };
  }

  /** The context that a person or the configuration names; undefined where it must be guessed. */
  private context(config: Config | undefined): string | undefined {
    const { context } = this.settings;
    const folder = context === undefined ? config?.context : resolve(this.cwd, context);
    if (folder === undefined) return undefined;
    try {
      if (fs.statSync(folder).isDirectory()) return folder;
    } catch (error) {
      throw inputError('read the context', context ?? folder, error);
    }
    throw new InputError(`cannot read the context ${context ?? folder}: it is not a directory`);
  }

  /** The organisation's tags. Throws an InputError for a file that is no tag list. */
  private tags(config: Config | undefined, home: HardenedHome): TagList | undefined {
    const { tags } = this.settings;
    const path = tags === undefined ? config?.tags : resolve(this.cwd, tags);
    if (path === undefined) return undefined;
    const key = JSON.stringify([path, home.org, home.registry]);
    let known = this.tagLists.get(key);
    if (known === undefined) {
      known = readTagList(path, tags ?? path, home);
      this.tagLists.set(key, known);
    }
    return known;
  }

  private async config(folder: string, root: string): Promise<Config | undefined> {
    const { config } = this.settings;
    const path = config === undefined ? findConfig(folder, gitRoot(folder) ?? root) : resolve(this.cwd, config);
    if (path === undefined) return undefined;
    let known = this.configs.get(path);
    if (known === undefined) {
      known = readConfig(path);
      this.configs.set(path, known);
    }
    return known;
  }
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
