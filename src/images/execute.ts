import { reaches } from './accounts.ts';
import { type Closure, type Loaded, type Loader, loadClosure, loaderFor } from './elf/loader.ts';
import { architectureOf, runsOn } from './elf/machine.ts';
import { type ImageContext, ownership, userName } from './image-context.ts';
import type { ImageFinding } from './image-finding.ts';
import type { Found, RegularFile } from './image-tree.ts';
import { formatPlatform } from './sources/platform.ts';

/** What the kernel would do with a program. */
export interface Execution {
  /** each file that is executed in turn: a script, its interpreter, … */
  readonly steps: readonly Step[];
  /** the binary at the end of it, as far as one is reached */
  readonly process: Process | undefined;
  /** why it does not start; empty where it does */
  readonly findings: readonly ImageFinding[];
}

export interface Step {
  /** as it was asked for */
  readonly asked: string;
  /** where it lies, without links */
  readonly path: string;
}

/** A binary in execution; one that is linked statically has no loader. */
export interface Process {
  readonly program: Loaded;
  readonly loader: Loader | undefined;
  readonly closure: Closure | undefined;
}

/** Interpreters of interpreters beyond this number the kernel refuses (BINPRM recursion). */
const mostScripts = 4;

/** Follows what executing a program does, `what` says for a person who asks for it: `ENTRYPOINT`. */
export function execute(name: string, what: string, context: ImageContext): Execution {
  return follow(name, what, context, [], 'program-not-found');
}

type NotFound = 'program-not-found' | 'missing-interpreter';

function follow(
  name: string,
  what: string,
  context: ImageContext,
  before: readonly Step[],
  notFound: NotFound,
): Execution {
  const stop = (finding: Omit<ImageFinding, 'severity' | 'layer'>, found?: Found): Execution => ({
    steps: before,
    process: undefined,
    findings: [{ severity: 'error', layer: found?.entry.layer, ...finding }],
  });
  const found = lookUp(name, context);
  if (found === undefined) {
    const searched = name.includes('/') ? undefined : `PATH is ${context.path.join(':')}`;
    const fix =
      notFound === 'missing-interpreter'
        ? 'start the file with a program that the image has, or copy the interpreter into it'
        : 'copy the program into the image, or name one that it has';
    const last = before.at(-1)?.path;
    return stop({
      rule: notFound,
      path: last ?? (name.startsWith('/') ? name : undefined),
      message: `${what} needs ${name}, which is not in the image`,
      why: searched,
      fix,
    });
  }
  const { entry, path } = found;
  if (entry.kind === 'directory') {
    return stop(
      {
        rule: 'program-not-executable',
        path,
        message: `${what} is the folder ${path}`,
        why: undefined,
        fix: 'name a program',
      },
      found,
    );
  }
  if (!reaches(context.user, found, 'execute')) {
    return stop(
      {
        rule: 'program-not-executable',
        path,
        message: `${userName(context.user)} may not execute ${path}, which ${what} starts`,
        why: blocker(found, context),
        fix: 'copy it with --chmod=755, or set the bits in the build stage',
      },
      found,
    );
  }
  const steps = [...before, { asked: name, path }];
  if (entry.kind !== 'file' || entry.facts.unread) return { steps, process: undefined, findings: [] };
  const { elf, interpreterLine } = entry.facts;
  if (elf !== undefined) return load({ path, elf, by: undefined }, entry, what, context, steps);
  if (interpreterLine === undefined) {
    return stop(
      {
        rule: 'program-format',
        path,
        message: `${path}, which ${what} starts, is neither a binary nor a script`,
        why:
          entry.size === 0
            ? 'the file is empty'
            : 'it begins neither with an ELF header nor with #!; the kernel answers: exec format error',
        fix: 'give the script a first line such as #!/bin/sh, or start it with its interpreter',
      },
      found,
    );
  }
  return followScript(interpreterLine, { ...found, entry }, what, context, steps);
}

function followScript(
  line: string,
  script: Found & { readonly entry: RegularFile },
  what: string,
  context: ImageContext,
  steps: readonly Step[],
): Execution {
  const end = (rule: ImageFinding['rule'], message: string, fix: string): Execution => ({
    steps,
    process: undefined,
    findings: [
      {
        rule,
        severity: 'error',
        path: script.path,
        layer: script.entry.layer,
        message,
        why: `its first line is ${JSON.stringify(`#!${line}`)}`,
        fix,
      },
    ],
  });
  if (line.endsWith('\r')) {
    return end(
      'script-line-ends',
      `${script.path}, which ${what} starts, has Windows line ends: its interpreter is looked for with a carriage return in its name`,
      'save it with LF line ends (.gitattributes: *.sh text eol=lf)',
    );
  }
  const [interpreter, ...rest] = line.trim().split(/[ \t]+/);
  if (!interpreter)
    return end('missing-interpreter', `${script.path} names no interpreter`, 'write the interpreter behind #!');
  if (steps.length > mostScripts)
    return end('program-format', `${script.path} is interpreted by scripts without end`, 'name a binary behind #!');
  const started = follow(interpreter, script.path, context, steps, 'missing-interpreter');
  const program = interpreter.endsWith('/env') ? envProgram(rest) : undefined;
  if (program === undefined || started.findings.length > 0) return started;
  const second = follow(program, script.path, context, started.steps, 'missing-interpreter');
  return { ...second, findings: [...started.findings, ...second.findings] };
}

/** The program that `env [-S] [NAME=VALUE] PROGRAM` runs. */
function envProgram(words: readonly string[]): string | undefined {
  return words.find((word) => !word.startsWith('-') && !word.includes('='));
}

function load(
  program: Loaded,
  entry: RegularFile,
  what: string,
  context: ImageContext,
  steps: readonly Step[],
): Execution {
  const { tree, config, user } = context;
  const { elf, path } = program;
  const end = (finding: Pick<ImageFinding, 'rule' | 'message' | 'why' | 'fix'>): Execution => ({
    steps,
    process: undefined,
    findings: [{ severity: 'error', path, layer: entry.layer, ...finding }],
  });
  const { architecture } = config.platform;
  if (!runsOn(elf, architecture)) {
    return end({
      rule: 'wrong-architecture',
      message: `${path}, which ${what} starts, is built for ${architectureOf(elf)}, the image for ${formatPlatform(config.platform)}`,
      why: undefined,
      fix: 'build it for the platform of the image (TARGETARCH), or build the image for another',
    });
  }
  const { interpreter } = elf;
  if (interpreter === undefined)
    return { steps, process: { program, loader: undefined, closure: undefined }, findings: [] };
  const found = tree.file(interpreter);
  if (found === undefined || !reaches(user, found, 'execute')) {
    const other = found === undefined ? otherLibc(interpreter, context) : undefined;
    return end({
      rule: other === undefined ? 'missing-interpreter' : 'wrong-c-library',
      message: `${path}, which ${what} starts, needs the loader ${interpreter}, ${found === undefined ? 'which is not in the image' : `which ${userName(user)} may not execute`}`,
      why: other ?? 'the kernel answers: no such file or directory, though the program is there',
      fix:
        other === undefined
          ? 'link it statically, or take an image with a C library'
          : 'build it for the C library of the image, or take an image of the other family',
    });
  }
  const loader = loaderFor(program, interpreter, tree, config.environment);
  return { steps, process: { program, loader, closure: loadClosure(program, loader, tree, user) }, findings: [] };
}

/** Which C library the image has, where a loader of the other one is asked for. */
function otherLibc(interpreter: string, { tree }: ImageContext): string | undefined {
  const wantsMusl = /ld-musl-/.test(interpreter);
  const has = [...loaders(tree)];
  if (wantsMusl && has.some((path) => /ld-linux|ld64/.test(path)))
    return 'it is built for musl (Alpine), the image has glibc';
  if (!wantsMusl && has.some((path) => /ld-musl-/.test(path)))
    return 'it is built for glibc (Debian, Ubuntu), the image has musl';
  return undefined;
}

/** The dynamic loaders in an image. */
export function* loaders(tree: ImageContext['tree']): Generator<string> {
  for (const folder of ['/lib64', '/lib', '/usr/lib', '/usr/lib64']) {
    const directory = tree.directory(folder)?.entry;
    for (const name of directory?.children.keys() ?? []) {
      if (/^(?:ld-linux|ld-musl|ld64)[\w.-]*\.so\.\d+$/.test(name)) yield `${folder}/${name}`;
    }
  }
}

/** Finds a program as execvp and engines do: by its path, else in PATH, passing over what may not be executed. */
export function lookUp(name: string, { tree, path, config, user }: ImageContext): Found | undefined {
  if (name.includes('/')) return tree.find(name, config.workdir);
  let second: Found | undefined;
  for (const folder of path) {
    const found = tree.find(`${folder}/${name}`, config.workdir);
    if (found === undefined || found.entry.kind === 'directory') continue;
    if (reaches(user, found, 'execute')) return found;
    second ??= found;
  }
  return second;
}

/** The entry on the way that does not let the user through. */
function blocker(found: Found, { user }: ImageContext): string {
  const closed = found.way.find(
    (_, index) => !reaches(user, { ...found, way: found.way.slice(0, index), entry: found.way[index]! }, 'execute'),
  );
  return closed === undefined ? ownership(found.entry) : `a folder above it is closed: ${ownership(closed)}`;
}
