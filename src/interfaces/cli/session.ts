import { join, resolve } from 'node:path';
import type { Catalog } from '../../catalog/catalog.ts';
import type { CompileResult } from '../../compile-result.ts';
import { compileTargets } from '../../project/compile-targets.ts';
import { type ReadFile, readFollowers } from '../../project/deployments.ts';
import { InputError } from '../../project/input-error.ts';
import {
  findPlaces,
  type LoadedDockerfile,
  Loader,
  type Place,
  type ProjectFolder,
  type Settings,
} from '../../project/load.ts';
import { visible } from '../../reports/clean-text.ts';
import { colored, plain, type Style } from '../../reports/style.ts';
import type { Core, Deployments, OpenedCatalog } from './core.ts';
import type { Io, Output } from './io.ts';
import { Progress, Whereabouts } from './progress.ts';

/** The options that every command over Dockerfiles has, as commander gives them. */
export interface CommonFlags {
  readonly distro?: 'debian' | 'alpine';
  readonly org?: string;
  readonly registry?: string;
  readonly context?: string;
  readonly target?: string;
  readonly catalog?: string;
  readonly tags?: string;
  readonly config?: string;
  readonly arbitraryUser?: boolean;
  readonly readOnlyRoot?: boolean;
  readonly buildArg?: Readonly<Record<string, string>>;
  readonly quiet?: boolean;
  readonly color: boolean;
  readonly debug?: boolean;
}

/** One file of a run, compiled. */
export interface Compiled {
  readonly place: Place;
  readonly loaded: LoadedDockerfile;
  readonly text: string;
  readonly result: CompileResult;
}

/** What other files of a project say of a Dockerfile. */
interface BuildHints {
  /** folders of its containers that volumes are mounted on */
  readonly mounts: string[];
  /** stages that are built of it; undefined for the last one */
  readonly targets: (string | undefined)[];
  /** programs that are started in its containers */
  readonly started: string[];
}

/** as many programs as are looked up for every Dockerfile */
const mostStarted = 50;

/** One run of a command: its surroundings, its flags, and what went wrong so far. */
export class Session {
  readonly io: Io;
  readonly core: Core;
  readonly flags: CommonFlags;
  readonly version: string;
  readonly errors: string[] = [];
  /** the folders among the paths of the run with their other files, once they were searched */
  folders: readonly { readonly folder: ProjectFolder; readonly files: readonly ReadFile[] }[] = [];
  /** programs that are started in containers of images that are not known yet */
  private startedAnywhere: readonly string[] = [];
  private readonly catalogs = new Map<string | undefined, Promise<OpenedCatalog>>();

  constructor(io: Io, core: Core, flags: CommonFlags, version: string) {
    this.io = io;
    this.core = core;
    this.flags = flags;
    this.version = version;
  }

  style(output: Output): Style {
    const { NO_COLOR, TERM } = this.io.environment;
    return this.flags.color && output.isTerminal && !NO_COLOR && TERM !== 'dumb' ? colored : plain;
  }

  /** Notes what cannot be used and goes on. Anything but an InputError is a defect of ours, and said to be one. */
  fail(error: unknown, path?: string): void {
    const message =
      error instanceof InputError
        ? error.message
        : `${path === undefined ? '' : `${path}: `}internal error, please report it: ${String(error)}`;
    const line = visible(message.replace(/\s*[\r\n]+\s*/g, ' '));
    this.errors.push(line);
    this.io.stderr.write(`rehull: ${line}\n`);
    if (this.flags.debug && error instanceof Error) this.io.stderr.write(`${error.stack}\n`);
  }

  warn(message: string): void {
    if (!this.flags.quiet) this.io.stderr.write(`rehull: ${visible(message)}\n`);
  }

  /** The catalog in a file, else the newest that there is. */
  async catalog(file: string | undefined): Promise<Catalog> {
    return (await this.openCatalog(file)).catalog;
  }

  /** Opens a catalog once, and says where one is passed over. */
  openCatalog(file: string | undefined): Promise<OpenedCatalog> {
    const path = file === undefined ? undefined : resolve(this.io.cwd, file);
    let known = this.catalogs.get(path);
    if (known === undefined) {
      known = this.core.openCatalog(path).then((opened) => {
        if (opened.warning !== undefined) this.warn(opened.warning);
        return opened;
      });
      this.catalogs.set(path, known);
    }
    return known;
  }

  /**
   * Compiles every Dockerfile that the paths name, in their order; `-` is standard input. `deployments` reads the
   * other files of the folders among them on the way.
   */
  async *compile(paths: readonly string[], deployments?: Deployments): AsyncGenerator<Compiled> {
    const { parse } = await this.core.syntax();
    const loader = new Loader(this.io.cwd, this.settings(), parse);
    if (paths.includes('-')) {
      yield* this.one({ path: '-', root: this.io.cwd }, async () => loader.loadStdin(await this.io.readStdin()));
      return;
    }
    const search = new Whereabouts(this.io.stderr, 'searching', this.flags.quiet === true);
    const { places, folders, problems } = findPlaces(
      paths.length === 0 ? ['.'] : paths,
      this.io.cwd,
      deployments?.mayFollow,
      (path) => search.enters(path),
    );
    search.clear();
    this.folders = folders.map((folder) => ({ folder, files: readFollowers(folder) }));
    const hints = this.hints(deployments);
    for (const problem of problems) this.fail(problem);
    const inline = this.folders.some(({ files }) => deployments !== undefined && deployments.inline(files).length > 0);
    if (places.length === 0 && problems.length === 0 && !inline) {
      this.fail(new InputError(`no Dockerfile below ${paths.join(', ') || '.'}; name a file, or - for standard input`));
    }
    const progress = new Progress(this.io.stderr, places.length, this.flags.quiet === true);
    for (const place of places) {
      progress.next(place.path);
      const own = hints.get(resolve(this.io.cwd, place.path));
      const asked = own?.targets ?? [];
      const targets = (text: string) => deployments?.shippedTargets(text, asked) ?? [undefined];
      for await (const compiled of this.one(place, () => loader.load(place), own, targets)) {
        progress.clear();
        yield compiled;
      }
    }
    progress.clear();
  }

  /** What the other files say of each Dockerfile, by its absolute path. */
  private hints(deployments: Deployments | undefined): Map<string, BuildHints> {
    const hints = new Map<string, BuildHints>();
    const anywhere = new Set<string>();
    const of = (folder: ProjectFolder, dockerfile: string) => {
      const absolute = join(folder.absolute, dockerfile);
      const known = hints.get(absolute) ?? { mounts: [], targets: [], started: [] };
      hints.set(absolute, known);
      return known;
    };
    for (const { folder, files } of deployments === undefined ? [] : this.folders) {
      for (const { dockerfile, path } of deployments!.mounts(files)) of(folder, dockerfile).mounts.push(path);
      for (const { dockerfile, target } of deployments!.asked(files)) of(folder, dockerfile).targets.push(target);
      for (const { dockerfile, program } of deployments!.started(files))
        if (dockerfile === undefined) anywhere.add(program);
        else of(folder, dockerfile).started.push(program);
    }
    this.startedAnywhere = [...anywhere].slice(0, mostStarted);
    return hints;
  }

  /** Compiles the Dockerfiles that stand in other files of the folders of this run. */
  async *compileInline(deployments: Deployments): AsyncGenerator<Compiled> {
    const { parse } = await this.core.syntax();
    const loader = new Loader(this.io.cwd, this.settings(), parse);
    const hints = this.hints(deployments);
    for (const { folder, files } of this.folders)
      for (const { path, context, text } of deployments.inline(files)) {
        const absolute = join(folder.absolute, path);
        const place = { path: absolute, root: folder.absolute };
        const load = () => loader.loadInline(text, path, join(folder.absolute, context), folder.absolute);
        yield* this.one(place, load, hints.get(absolute));
      }
  }

  private async *one(
    place: Place,
    load: () => Promise<LoadedDockerfile>,
    hints: Pick<BuildHints, 'mounts' | 'started'> = { mounts: [], started: [] },
    shipped: (text: string) => readonly (string | undefined)[] = () => [undefined],
  ): AsyncGenerator<Compiled> {
    let compiled: Compiled;
    try {
      const compile = await this.core.compiler();
      const given = await load();
      const catalog = await this.catalog(given.catalog);
      const targets = given.options.target === undefined ? shipped(given.input.text) : [given.options.target];
      const [target] = targets;
      const started = [...new Set([...hints.started, ...this.startedAnywhere])];
      const loaded = target === undefined ? given : { ...given, options: { ...given.options, target } };
      const result = compileTargets(
        { ...loaded.input, mounts: hints.mounts, started },
        given.options,
        targets,
        (input, options) => compile(input, catalog, options),
      );
      compiled = { place, loaded, text: loaded.input.text, result };
    } catch (error) {
      this.fail(error, place.path);
      return;
    }
    yield compiled;
  }

  /** What the flags say. */
  settings(): Settings {
    const { distro, org, registry, target, buildArg, context, catalog, tags, config, arbitraryUser, readOnlyRoot } =
      this.flags;
    const options = { distro, org, registry, target, buildArgs: buildArg, arbitraryUser, readOnlyRoot };
    return { options, context, catalog, tags, config };
  }
}
