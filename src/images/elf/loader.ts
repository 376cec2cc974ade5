import { posix } from 'node:path';
import { reaches, type User } from '../accounts.ts';
import { ImageRefused } from '../image-refused.ts';
import type { ImageTree } from '../image-tree.ts';
import { type LoaderCache, readLoaderCache } from './loader-cache.ts';
import { loadsWith } from './machine.ts';
import type { ElfFile } from './read-elf.ts';

export type Libc = 'glibc' | 'musl';

/** A binary in the memory of a process. */
export interface Loaded {
  /** where it was found */
  readonly path: string;
  readonly elf: ElfFile;
  /** which one asked for it; undefined for the program */
  readonly by: Loaded | undefined;
}

/** A library that a binary needs and does not get. */
export interface Missing {
  readonly library: string;
  readonly by: Loaded;
  /** a file of this name where the loader looks, that it cannot use, and why */
  readonly unusable:
    | { readonly path: string; readonly why: 'architecture' | 'permission' | 'not a library' }
    | undefined;
}

/** A library that is there but too old: it lacks versions that a binary was linked against. */
export interface TooOld {
  readonly library: Loaded;
  readonly by: Loaded;
  readonly versions: readonly string[];
}

export interface Closure {
  readonly loaded: readonly Loaded[];
  readonly missing: readonly Missing[];
  readonly tooOld: readonly TooOld[];
}

/** What the loader of one program knows: the C library's rules, its cache, its directories, the environment. */
export interface Loader {
  readonly libc: Libc;
  readonly program: Loaded;
  /** the loader's own binary, which is in every process */
  readonly itself: Loaded | undefined;
  readonly libraryPath: readonly string[];
  readonly cache: LoaderCache;
  readonly lastPaths: readonly string[];
}

const muslLoader = /(?:^|\/)ld-musl-([\w-]+)\.so\.\d+$/;
/** Names that musl takes for itself, whatever stands behind the dot (musl, ldso/dynlink.c). */
const muslItself = /^lib(?:c|pthread|rt|m|dl|util|xnet)\./;
const mostLoaded = 5000;
/** Images with a few thousand binaries take some 100,000. */
const mostLookups = 5_000_000;

export function libcOf(interpreter: string): Libc {
  return muslLoader.test(interpreter) ? 'musl' : 'glibc';
}

/** The loader that the kernel starts for a program. `program.path` is the real path: `$ORIGIN` of a program means that. */
export function loaderFor(
  program: Loaded,
  interpreter: string,
  tree: ImageTree,
  environment: ReadonlyMap<string, string>,
): Loader {
  const libc = libcOf(interpreter);
  const searched = environment.get('LD_LIBRARY_PATH') ?? '';
  const elf = tree.file(interpreter)?.entry.facts.elf;
  return {
    libc,
    program,
    itself: elf && { path: interpreter, elf, by: undefined },
    // an empty part means the working directory, which nobody means
    libraryPath: searched.split(libc === 'glibc' ? /[:;]/ : ':').filter((path) => path !== ''),
    cache: libc === 'glibc' ? loaderCache(tree) : new Map(),
    lastPaths: libc === 'glibc' ? glibcPaths(interpreter, tree) : muslPaths(interpreter, tree),
  };
}

const caches = new WeakMap<ImageTree, LoaderCache>();

function loaderCache(tree: ImageTree): LoaderCache {
  let cache = caches.get(tree);
  if (cache === undefined) {
    cache = readLoaderCache(tree.file('/etc/ld.so.cache')?.entry.facts.content ?? Buffer.alloc(0));
    caches.set(tree, cache);
  }
  return cache;
}

/** The directories that a glibc was built with: it holds them itself. */
function glibcPaths(interpreter: string, tree: ImageTree): readonly string[] {
  const built = tree.file(interpreter)?.entry.facts.loaderPaths ?? [];
  return built.length > 0 ? built : ['/lib64', '/usr/lib64', '/lib', '/usr/lib'];
}

function muslPaths(interpreter: string, tree: ImageTree): readonly string[] {
  const architecture = muslLoader.exec(interpreter)?.[1] ?? '';
  const written = tree.text(`/etc/ld-musl-${architecture}.path`);
  return (written ?? '/lib:/usr/local/lib:/usr/lib').split(/[:\n]/).filter((path) => path !== '');
}

/**
 * Everything that is loaded with a binary, breadth first as loaders do, and what is not found. `around` is what the
 * process holds already: a library of its name is not looked for again.
 */
export function loadClosure(
  start: Loaded,
  loader: Loader,
  tree: ImageTree,
  user: User,
  around: readonly Loaded[] = [],
): Closure {
  const known = new Map<string, Loaded>();
  const note = (name: string, library: Loaded) => {
    if (!known.has(name)) known.set(name, library);
    const { soname } = library.elf;
    if (soname !== undefined && !known.has(soname)) known.set(soname, library);
  };
  for (const library of loader.itself === undefined ? around : [loader.itself, ...around])
    note(posix.basename(library.path), library);
  const loaded: Loaded[] = [start];
  const missing: Missing[] = [];
  const tooOld: TooOld[] = [];
  for (let index = 0; index < loaded.length && index < mostLoaded; index++) {
    const by = loaded[index]!;
    for (const library of by.elf.needed) {
      if (loader.libc === 'musl' && muslItself.test(library)) continue;
      let found = known.get(library);
      if (found === undefined) {
        const answer = findLibrary(library, by, loader, tree, user);
        if ('missing' in answer) {
          if (!missing.some((one) => one.library === library)) missing.push(answer.missing);
          continue;
        }
        found = loaded.find(({ path }) => path === answer.path) ?? answer;
        if (found === answer) loaded.push(answer);
        note(library, found);
      }
      const lacking = loader.libc === 'glibc' ? lackingVersions(by.elf, library, found.elf) : [];
      if (lacking.length > 0) tooOld.push({ library: found, by, versions: lacking });
    }
  }
  return { loaded, missing, tooOld };
}

/** A library that defines no versions at all is taken with a warning. */
function lackingVersions(by: ElfFile, name: string, library: ElfFile): string[] {
  if (library.versionsDefined.length === 0) return [];
  return (by.versionsNeeded.get(name) ?? []).filter((version) => !library.versionsDefined.includes(version));
}

function findLibrary(
  library: string,
  by: Loaded,
  loader: Loader,
  tree: ImageTree,
  user: User,
): Loaded | { readonly missing: Missing } {
  let unusable: Missing['unusable'];
  const places = library.includes('/') ? [expand(library, by)] : searchPlaces(library, by, loader);
  for (const place of places) {
    spend(tree);
    const found = tree.find(place);
    if (found === undefined || found.entry.kind === 'directory') continue;
    if (!reaches(user, found, 'read')) unusable ??= { path: place, why: 'permission' };
    else if (found.entry.kind !== 'file' || found.entry.facts.elf === undefined) {
      // a file with holes was not read, and is taken for what it is named
      if (found.entry.kind === 'file' && found.entry.facts.unread) return { path: place, elf: nothing(by.elf), by };
      unusable ??= { path: place, why: 'not a library' };
    } else if (loadsWith(found.entry.facts.elf, by.elf)) return { path: place, elf: found.entry.facts.elf, by };
    else unusable ??= { path: place, why: 'architecture' };
  }
  return { missing: { library, by, unusable } };
}

const lookups = new WeakMap<ImageTree, number>();

/** Binaries may name thousands of libraries and paths: that ends somewhere. */
function spend(tree: ImageTree): void {
  const spent = (lookups.get(tree) ?? 0) + 1;
  if (spent > mostLookups)
    throw new ImageRefused('the binaries of the image name more libraries and paths than are looked up');
  lookups.set(tree, spent);
}

function nothing(like: ElfFile): ElfFile {
  return { ...like, needed: [], versionsNeeded: new Map(), versionsDefined: [], rpath: undefined, runpath: undefined };
}

/** The paths at which a loader looks for a library, in its order (ld.so(8); musl's ldso/dynlink.c). */
function* searchPlaces(library: string, by: Loaded, loader: Loader): Generator<string> {
  const inside = (directories: readonly string[]) =>
    directories.map((directory) => posix.join('/', directory, library));
  if (loader.libc === 'musl') {
    yield* inside(loader.libraryPath);
    for (let one: Loaded | undefined = by; one !== undefined; one = one.by) {
      yield* inside(runPaths(one.elf.runpath ?? one.elf.rpath, one));
    }
    yield* inside(loader.lastPaths);
    return;
  }
  if (by.elf.runpath === undefined) {
    const chain: Loaded[] = [];
    for (let one: Loaded | undefined = by; one !== undefined; one = one.by) chain.push(one);
    if (!chain.includes(loader.program)) chain.push(loader.program);
    for (const one of chain) if (one.elf.runpath === undefined) yield* inside(runPaths(one.elf.rpath, one));
  }
  yield* inside(loader.libraryPath);
  yield* inside(runPaths(by.elf.runpath, by));
  if (by.elf.noDefaultPaths) return;
  yield* loader.cache.get(library) ?? [];
  yield* inside(loader.lastPaths);
}

function runPaths(paths: string | undefined, of: Loaded): string[] {
  if (paths === undefined) return [];
  return paths
    .split(':')
    .filter((path) => path !== '')
    .slice(0, 256)
    .map((path) => expand(path, of));
}

/** Debian's multiarch folders by machine, which `$LIB` stands for there. */
const multiarch: Readonly<Record<number, string>> = { 62: 'x86_64-linux-gnu', 183: 'aarch64-linux-gnu' };

function expand(path: string, of: Loaded): string {
  return path
    .replace(/\$(?:ORIGIN\b|\{ORIGIN\})/g, () => posix.dirname(of.path))
    .replace(/\$(?:LIB\b|\{LIB\})/g, () => `lib/${multiarch[of.elf.machine] ?? ''}`)
    .replace(/\$(?:PLATFORM\b|\{PLATFORM\})/g, () => (of.elf.machine === 62 ? 'x86_64' : 'aarch64'));
}
