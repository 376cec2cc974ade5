import { posix } from 'node:path';
import { type Closure, type Loaded, type Loader, loadClosure } from '../elf/loader.ts';
import { loadsWith } from '../elf/machine.ts';
import type { ElfFile } from '../elf/read-elf.ts';
import { execute, lookUp, type Process } from '../execute.ts';
import type { ImageContext } from '../image-context.ts';
import type { ImageFinding } from '../image-finding.ts';
import { type LibraryPlaces, libraryFindings } from './libraries.ts';

/** How a language loads binaries into its interpreter. */
interface Language {
  readonly name: string;
  readonly interpreters: readonly string[];
  readonly interpreter: RegExp;
  /** modules that the language loads itself */
  readonly module: RegExp;
  /** of these, those that a program can well do without */
  readonly optional: RegExp;
}

const languages: readonly Language[] = [
  {
    name: 'Python',
    interpreters: ['python3', 'python'],
    interpreter: /^python[\d.]*$/,
    module:
      /\/(?:site-packages|dist-packages|lib-dynload)\/(?:.*\/)?(?:[^/]+\.(?:cpython-[\w-]+|abi3|pypy[\w-]+)\.so|(?!lib)[^/.]+\.so)$/,
    optional: /\/lib-dynload\//,
  },
  {
    name: 'Node.js',
    interpreters: ['node', 'nodejs'],
    interpreter: /^node(?:js)?$/,
    module: /\.node$/,
    optional: /\/(?:tests?|examples?|fixtures)\//,
  },
  {
    name: 'Ruby',
    interpreters: ['ruby'],
    interpreter: /^ruby[\d.]*$/,
    module:
      /\/(?:gems\/[^/]+|extensions\/[^/]+-linux[^/]*|ruby\/(?:vendor_ruby\/)?\d+\.\d+\.\d+)\/(?:.*\/)?(?!lib)[^/]+\.so$/,
    // the standard library has modules that most programs never load
    optional: /\/ruby\/(?:vendor_ruby\/)?\d+\.\d+\.\d+\/|\/(?:tests?|spec|examples?|fixtures)\//,
  },
  {
    name: 'PHP',
    interpreters: ['php', 'php-fpm', 'frankenphp'],
    interpreter: /^(?:php(?:-fpm)?[\d.]*|frankenphp)$/,
    module: /\/(?:no-debug-(?:non-)?zts-\d+|php\/\d{8}(?:-zts)?|php\d*\/modules)\/[^/]+\.so$/,
    // only those that its configuration names
    optional: /./,
  },
  {
    name: 'Perl',
    interpreters: ['perl'],
    interpreter: /^perl[\d.]*$/,
    module: /\/auto\/(?:[\w.-]+\/)+[\w.-]+\.so$/,
    optional: /\/perl(?:-base)?\/5[\d.]*\/(?:[\w-]+\/)?auto\//,
  },
];

/** The standard library has a module for Tk, which servers never load. */
const desktop = /\/_tkinter\./;

interface Module {
  readonly path: string;
  readonly elf: ElfFile;
}

/** Checks every native module of the languages in the image: its libraries are found when the interpreter loads it. */
export function checkNativeModules(
  processes: readonly Process[],
  context: ImageContext,
  places: LibraryPlaces,
): ImageFinding[] {
  const modules = modulesByLanguage(context);
  return [...modules].flatMap(([language, found]) => {
    const host = hostOf(language, processes, context);
    return host === undefined ? [] : checkLanguage(language, found, host, context, places);
  });
}

function modulesByLanguage({ tree }: ImageContext): Map<Language, Module[]> {
  const found = new Map<Language, Module[]>();
  for (const { path, entry } of tree.all()) {
    if (entry.kind !== 'file' || entry.facts.elf === undefined || desktop.test(path)) continue;
    if (entry.facts.elf.interpreter !== undefined) continue;
    const language = languages.find(({ module }) => module.test(path));
    if (language === undefined) continue;
    const known = found.get(language);
    if (known === undefined) found.set(language, [{ path, elf: entry.facts.elf }]);
    else known.push({ path, elf: entry.facts.elf });
  }
  return found;
}

/** The interpreter: the one that is started, else the one that PATH leads to. */
function hostOf(
  { interpreter, interpreters }: Language,
  processes: readonly Process[],
  context: ImageContext,
): Host | undefined {
  const started = processes.find(({ program }) => interpreter.test(posix.basename(program.path)));
  const process = started ?? fromPath(interpreters, context);
  return process?.loader === undefined || process.closure === undefined
    ? undefined
    : { program: process.program, loader: process.loader, closure: process.closure };
}

function fromPath(names: readonly string[], context: ImageContext): Process | undefined {
  const name = names.find((one) => lookUp(one, context) !== undefined);
  return name === undefined ? undefined : execute(name, name, context).process;
}

interface Host {
  readonly program: Loaded;
  readonly loader: Loader;
  readonly closure: Closure;
}

function checkLanguage(
  language: Language,
  modules: readonly Module[],
  host: Host,
  context: ImageContext,
  places: LibraryPlaces,
): ImageFinding[] {
  const { tree, user } = context;
  const version = /python(\d)\.(\d+)$/.exec(host.program.path);
  const findings: ImageFinding[] = [];
  for (const alternatives of groupAlternatives(modules.filter(({ path }) => fitsVersion(path, version)))) {
    const results = alternatives.map((module): { module: Module; findings: ImageFinding[] } => {
      const uses = `${language.name} loads it as a module`;
      const unfit = misfit(module, host, uses, tree.file(module.path)?.entry.layer);
      if (unfit !== undefined) return { module, findings: [unfit] };
      const start: Loaded = { ...module, by: host.program };
      const closure = loadClosure(start, host.loader, tree, user, host.closure.loaded);
      const severity = language.optional.test(module.path) ? 'review' : 'error';
      return {
        module,
        findings: libraryFindings(
          withoutPreloaded(closure, module.path, places),
          host.loader.libc,
          uses,
          severity,
          places,
          tree,
        ),
      };
    });
    // of modules for several platforms one is enough
    if (results.some((result) => result.findings.length === 0)) continue;
    const native = results.find(({ module }) => loadsWith(module.elf, host.program.elf)) ?? results[0];
    findings.push(...(native?.findings ?? []));
  }
  return findings;
}

/** A module that the interpreter cannot load whatever libraries there are. */
function misfit({ path, elf }: Module, host: Host, uses: string, layer: number | undefined): ImageFinding | undefined {
  const base = { severity: 'error', path, layer, why: `${uses}; the interpreter is ${host.program.path}` } as const;
  if (!loadsWith(elf, host.program.elf)) {
    return {
      ...base,
      rule: 'wrong-architecture',
      message: `${path} is built for another architecture than the interpreter`,
      fix: 'install the packages on the platform of the final image',
    };
  }
  const isForGlibc = elf.needed.some((name) => /^(?:libc\.so\.6|ld-linux)/.test(name));
  if (
    host.loader.libc === 'musl' &&
    isForGlibc &&
    !host.closure.loaded.some(({ path: one }) => /libgcompat/.test(one))
  ) {
    return {
      ...base,
      rule: 'wrong-c-library',
      message: `${path} is built for glibc (Debian, Ubuntu), and the interpreter for musl`,
      fix: 'install the packages on an image of the same family as the final one',
    };
  }
  return undefined;
}

/** A module for another version of Python is never imported. */
function fitsVersion(path: string, version: RegExpExecArray | null): boolean {
  const tag = /\.cpython-(\d)(\d+)[\w-]*\.so$/.exec(path);
  return tag === null || version === null || (tag[1] === version[1] && tag[2] === version[2]);
}

/** What the package itself holds elsewhere it loads by hand before the module (CUDA wheels do). */
function withoutPreloaded(closure: Closure, module: string, places: LibraryPlaces): Closure {
  const root = /^.*?\/(?:site-packages|dist-packages|node_modules)\//.exec(module)?.[0];
  if (root === undefined) return closure;
  const isInside = (library: string) => places.of(library).some((path) => path.startsWith(root));
  return { ...closure, missing: closure.missing.filter(({ library }) => !isInside(library)) };
}

const platformWords =
  /(?:linux(?:musl)?|darwin|win32|windows|freebsd|android|macos|musl(?:eabihf)?|glibc|gnu(?:eabihf)?|x64|x86[_-]64|amd64|ia32|x86|arm64|aarch64|armv?\d*\w*|i686|ppc64(?:le)?|s390x|riscv64|loong64|universal2|napi|node-v\d+|node|abi\d+|electron[\w-]*|v\d+)/g;

/** Modules that differ by nothing but the words of platforms in their paths, of which a package picks one. */
function groupAlternatives(modules: readonly Module[]): Module[][] {
  const groups = new Map<string, Module[]>();
  for (const module of modules) {
    const isNode = module.path.endsWith('.node');
    const key = isNode ? platformKey(module.path) : module.path;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [module]);
    else group.push(module);
  }
  return [...groups.values()];
}

function platformKey(path: string): string {
  return path
    .split('/')
    .map((part) => part.replace(platformWords, '').replace(/[-_.+@]+/g, '-'))
    .join('/');
}
