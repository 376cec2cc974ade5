import type { BuildView, Ecosystem, Launch, Settled } from '../ecosystems/ecosystem.ts';
import { absolutePath, projectFileAt } from '../ecosystems/recognise.ts';
import type { BuildFacts } from '../facts/build-facts.ts';
import { finalItems } from '../facts/build-facts.ts';
import { baseName, isWithin, resolvePath } from '../facts/paths.ts';
import {
  type Deferred,
  deferStart,
  type StartCommand,
  type StartPart,
  startsItsArguments,
} from '../facts/start-command.ts';
import { toExec } from '../shell/exec-form.ts';
import { parseShell } from '../shell/parse.ts';
import type { Range } from '../text/range.ts';

/** How the program is started afterwards. */
export interface StartDecision {
  /** new arguments; undefined where the instruction stays as it is, `drop` where it goes */
  readonly entrypoint: readonly string[] | 'drop' | undefined;
  readonly cmd: readonly string[] | 'drop' | undefined;
  /** variables that the start command set before the program */
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly workdir: string | undefined;
  /** reasons of the changes, one clause each */
  readonly why: readonly string[];
  /** what forces a shell at run time, and where */
  readonly shell: { readonly reason: string; readonly range: Range } | undefined;
  /** why it cannot be said what is started */
  readonly refusal: { readonly message: string; readonly range: Range } | undefined;
  /** variables whose value of today is fixed by the rewriting */
  readonly expanded: readonly string[];
  /** variables that a shell would have split at white space, and that stay one argument now */
  readonly unsplit: readonly string[];
  /** what a person has to know of words that a shell saw to */
  readonly reviews: Settled['reviews'];
  /** changes elsewhere that the new start command relies on */
  readonly edits: Settled['edits'];
  /** everything the container starts afterwards, as far as known */
  readonly argv: readonly string[] | undefined;
  /** programs in front of the real one that have to be carried: `tini`, `dumb-init` */
  readonly wrappers: readonly string[];
  /** the hardened image's own entrypoint starts it */
  readonly throughImage: boolean;
}

const inits = new Set(['tini', 'dumb-init', 'catatonit', 'tini-static']);

/** Resolves the start command to something that exists without a shell (design decision 7). */
export function decideStart(
  facts: BuildFacts,
  start: StartCommand,
  ecosystem: Ecosystem,
  view: BuildView,
): StartDecision {
  const open = deferStart(start);
  const settled = open === undefined ? undefined : settle(open.deferred, ecosystem, view);
  if (open !== undefined && settled !== undefined) return decideSettled(facts, open, settled, ecosystem, view);
  if (
    open === undefined ||
    open.deferred.patterns ||
    ecosystem.expand === undefined ||
    (start.argv !== undefined &&
      open.deferred.unquoted.length === 0 &&
      (start.entrypoint ?? start.cmd)!.expanded.length === 0)
  )
    return decide(facts, start, ecosystem, view);
  const decided = decide(facts, open, ecosystem, view);
  if (decided.refusal !== undefined || decided.shell !== undefined) return decide(facts, start, ecosystem, view);
  const expand = (argv: StartDecision['cmd']): StartDecision['cmd'] =>
    argv === undefined || argv === 'drop' ? argv : ecosystem.expand!(argv);
  const own = (part: StartPart | undefined, argv: StartDecision['cmd']): StartDecision['cmd'] =>
    part === undefined ? argv : expand(argv ?? part.argv);
  return {
    ...decided,
    entrypoint: own(open.entrypoint, decided.entrypoint),
    cmd: own(open.cmd, decided.cmd),
    environment: [
      ...decided.environment,
      ...open.deferred.defaults.filter(({ name }) => facts.environment.get(name) === undefined),
    ],
    why: [
      'its variables are expanded when the container starts, without a shell',
      ...decided.why.filter((each) => !each.startsWith('exec form')),
    ],
    unsplit: open.deferred.unquoted.filter((name) => !plainVariable.test(name)),
  };
}

function settle(deferred: Deferred, ecosystem: Ecosystem, view: BuildView): Settled | undefined {
  const defaults = new Map(deferred.defaults.map(({ name, value }) => [name, value]));
  return ecosystem.settle?.({ ...deferred, defaults }, view);
}

/** The start command whose variables and patterns the language takes care of. */
function decideSettled(
  facts: BuildFacts,
  open: StartCommand,
  settled: Settled,
  ecosystem: Ecosystem,
  view: BuildView,
): StartDecision {
  const part = (own: StartPart | undefined): StartPart | undefined =>
    own === undefined ? undefined : { ...own, argv: settled.argv, expanded: settled.expanded, shellForm: true };
  const start = { ...open, entrypoint: part(open.entrypoint), cmd: part(open.cmd), argv: settled.argv };
  const decided = decide(facts, start, ecosystem, { ...view, start: settled.argv });
  return {
    ...decided,
    environment: [...decided.environment, ...settled.environment],
    reviews: settled.reviews,
    edits: settled.edits,
  };
}

/** Variables that hold one word by their nature. */
const plainVariable =
  /(^|_)(PORT|WORKERS?|THREADS|TIMEOUT|CONCURRENCY|HOST|ADDRESS|LEVEL|INTERVAL|SIZE|COUNT|ENV|MODE|DIR|PATH|FILE|HOME)$/i;

function decide(facts: BuildFacts, start: StartCommand, ecosystem: Ecosystem, view: BuildView): StartDecision {
  const range =
    (start.entrypoint ?? start.cmd)?.instruction?.range ?? facts.graph.stages[facts.graph.final]!.instruction.range;
  const none: StartDecision = {
    entrypoint: undefined,
    cmd: undefined,
    environment: [],
    workdir: undefined,
    why: [],
    shell: undefined,
    refusal: undefined,
    expanded: [],
    unsplit: [],
    reviews: [],
    edits: [],
    argv: start.argv,
    wrappers: [],
    throughImage: false,
  };
  const forced =
    start.entrypoint?.shell ??
    (start.cmd?.argv.length === 0 || start.entrypoint === undefined ? start.cmd?.shell : undefined) ??
    start.cmd?.shell;
  if (forced !== undefined) return { ...none, shell: forced };
  if (start.argv === undefined) {
    return {
      ...none,
      refusal: {
        message: 'the file has no CMD or ENTRYPOINT, so what the image is for and what it needs to run cannot be told',
        range,
      },
    };
  }
  if (start.argv[0]?.startsWith('[')) {
    return { ...none, refusal: { message: `${start.argv[0]} is no program: an exec form takes double quotes`, range } };
  }
  const { base } = facts.graph.stages[facts.graph.roots[facts.graph.final]!]!;
  if (base.kind === 'hardened' && start.entrypoint === undefined && start.cmd === undefined) return none;
  const front = withoutImageEntrypoint(start, ecosystem);
  const resolved = resolve(front.argv, facts, ecosystem, view, 0);
  if (resolved.refusal !== undefined) return { ...none, refusal: { message: resolved.refusal, range } };
  if (resolved.shell !== undefined) {
    const shell = { reason: resolved.shell, range };
    if (resolved.argv === front.argv) return { ...none, shell };
    return { ...none, entrypoint: resolved.argv, cmd: 'drop', why: resolved.why, argv: resolved.argv, shell };
  }
  const parts = [start.entrypoint, start.cmd];
  const environment = [...parts.flatMap((part) => part?.environment ?? []), ...resolved.environment];
  const why = [...front.why, ...resolved.why];
  const expanded = parts.flatMap((part) => part?.expanded ?? []);
  const workdir = resolved.workdir ?? start.entrypoint?.workdir ?? start.cmd?.workdir;
  const out = { ...none, environment, why, expanded, workdir, argv: resolved.argv, wrappers: resolved.wrappers };
  const same = why.length === 0 && resolved.argv.join('\0') === start.argv.join('\0');
  const shellForms = { entrypoint: start.entrypoint?.shellForm === true, cmd: start.cmd?.shellForm === true };
  if (same) {
    if (shellForms.entrypoint)
      return {
        ...out,
        entrypoint: start.entrypoint!.argv,
        cmd: start.cmd === undefined ? undefined : 'drop',
        why: ['exec form starts the same program without a shell'],
      };
    if (shellForms.cmd)
      return { ...out, cmd: start.cmd!.argv, why: ['exec form starts the same program without a shell'] };
    return out;
  }
  if (resolved.entrypoint !== undefined && start.entrypoint !== undefined && start.cmd !== undefined)
    return {
      ...out,
      entrypoint: resolved.argv.slice(0, resolved.entrypoint),
      cmd: resolved.argv.slice(resolved.entrypoint),
    };
  // the part of the file that names the program is the one to rewrite
  const entry = start.entrypoint?.argv ?? [];
  const keepsEntry =
    entry.length > 0 && entry.every((word, index) => resolved.argv[index] === word) && !shellForms.entrypoint;
  if (start.entrypoint === undefined || entry.length === 0) return { ...out, cmd: resolved.argv };
  if (keepsEntry && start.cmd !== undefined) return { ...out, cmd: resolved.argv.slice(entry.length) };
  const args = start.cmd?.argv ?? [];
  const tail =
    args.length > 0 && args.every((word, index) => resolved.argv[resolved.argv.length - args.length + index] === word);
  if (start.cmd === undefined) return { ...out, entrypoint: resolved.argv };
  if (tail) return { ...out, entrypoint: resolved.argv.slice(0, resolved.argv.length - args.length) };
  return { ...out, entrypoint: resolved.argv, cmd: 'drop' };
}

/** The source image's own entrypoint is not in the hardened image: what it starts goes into CMD. */
function withoutImageEntrypoint(start: StartCommand, ecosystem: Ecosystem): { argv: readonly string[]; why: string[] } {
  const argv = start.argv!;
  const entry = start.imageEntrypoint;
  if (entry === undefined || start.entrypoint !== undefined) return { argv, why: [] };
  if (startsItsArguments(entry)) {
    if (
      ecosystem.name === 'node' &&
      baseName(entry[0]!) === 'docker-entrypoint.sh' &&
      /^-|\.(m|c)?[jt]s$/.test(argv[0] ?? '')
    )
      return { argv: ['node', ...argv], why: ['the source image puts node in front, the hardened one does not'] };
    return { argv, why: [] };
  }
  return {
    argv: [baseName(argv[0]!), ...argv.slice(1)],
    why: [`the source image starts ${entry.join(' ')} by itself, the hardened one does not`],
  };
}

interface Resolved {
  readonly argv: readonly string[];
  readonly environment: Launch['environment'];
  readonly why: readonly string[];
  readonly wrappers: readonly string[];
  readonly workdir?: string;
  readonly entrypoint?: number;
  readonly shell?: string;
  readonly refusal?: string;
}

function resolve(
  argv: readonly string[],
  facts: BuildFacts,
  ecosystem: Ecosystem,
  view: BuildView,
  depth: number,
): Resolved {
  const plain: Resolved = { argv, environment: [], why: [], wrappers: [] };
  const program = baseName(argv[0] ?? '');
  if (depth > 5 || argv.length === 0) return plain;
  if (inits.has(program)) {
    let at = 1;
    while (argv[at]?.startsWith('-') && argv[at] !== '--') at += /^-[ep]$|^--rewrite$|^-r$/.test(argv[at]!) ? 2 : 1;
    if (argv[at] === '--') at++;
    const inner = resolve(argv.slice(at), facts, ecosystem, view, depth + 1);
    return { ...inner, argv: [...argv.slice(0, at), ...inner.argv], wrappers: [argv[0]!, ...inner.wrappers] };
  }
  const changed = userChange(program, argv);
  if (changed !== undefined) {
    const inner = resolve(changed, facts, ecosystem, view, depth + 1);
    return {
      ...inner,
      why: [`${program} changed from root to another user, and the container no longer starts as root`, ...inner.why],
    };
  }
  if (program === 'env' && argv.length > 1 && !argv[1]!.startsWith('-')) {
    const at = argv.findIndex((word, index) => index > 0 && !/^[A-Za-z_]\w*=/.test(word));
    if (at > 0) {
      const pairs = argv
        .slice(1, at)
        .map((word) => ({ name: word.slice(0, word.indexOf('=')), value: word.slice(word.indexOf('=') + 1) }));
      const inner = resolve(argv.slice(at), facts, ecosystem, view, depth + 1);
      return {
        ...inner,
        environment: [...pairs, ...inner.environment],
        why: ['env is not in the runtime image; ENV sets the same', ...inner.why],
      };
    }
  }
  const script = scriptAt(argv[0]!, view) ?? scriptOf(argv[0]!, facts);
  if (script !== undefined) {
    const own = ecosystem.script?.(script, argv, view);
    if (own !== undefined) return { ...own, why: [own.why], wrappers: [] };
    const inner = inlineScript(script, argv);
    if (inner === undefined) {
      const root = /(^|[\s;&|(])(gosu|su-exec|chown|setpriv|su|usermod|groupmod|useradd|adduser|apt-get|apk)\s/m.exec(
        script.replace(/^\s*#.*$/gm, ''),
      );
      if (root !== null)
        return {
          ...plain,
          refusal: `${argv[0]} calls ${root[2]}, which only root may; move that to the build and start the program itself`,
        };
      return { ...plain, shell: `${argv[0]} is a shell script` };
    }
    const next = resolve(inner.argv, facts, ecosystem, view, depth + 1);
    return {
      ...next,
      environment: [...inner.environment, ...next.environment],
      why: [`${argv[0]} only starts \`${inner.argv.join(' ')}\``, ...next.why],
    };
  }
  const launched = ecosystem.launch(argv, view);
  if (launched === undefined) return plain;
  if ('refusal' in launched)
    return launched.needsShell === true
      ? { ...plain, shell: launched.refusal }
      : { ...plain, refusal: launched.refusal };
  return { ...launched, why: [launched.why], wrappers: [] };
}

/** What `gosu USER program`, `su USER -c program` and their like start; undefined for other programs. */
function userChange(program: string, argv: readonly string[]): readonly string[] | undefined {
  if ((program === 'gosu' || program === 'su-exec') && argv.length > 2) return argv.slice(2);
  if (program === 'sudo' || program === 'setpriv' || program === 'runuser') {
    let at = 1;
    while (argv[at]?.startsWith('-') && argv[at] !== '--') at += /^(-u|-g|--user|--group)$/.test(argv[at]!) ? 2 : 1;
    if (argv[at] === '--') at++;
    return argv.length > at ? argv.slice(at) : undefined;
  }
  if (program === 'su') {
    const flag = argv.findIndex((word) => word === '-c' || word === '--command');
    const script = flag === -1 ? undefined : argv[flag + 1];
    const exec = script === undefined ? undefined : toExec(parseShell(script), new Map());
    return exec === undefined || 'reason' in exec || exec.environment.length > 0 || exec.workdir !== undefined
      ? undefined
      : exec.argv;
  }
  return undefined;
}

/** The text of a shell script of the project that came into the image by way of another stage. */
function scriptAt(program: string, view: BuildView): string | undefined {
  const file = program.includes('/') ? projectFileAt(view, absolutePath(view.workdir, program)) : undefined;
  return file !== undefined && shellScript.test(file.text) ? file.text : undefined;
}

const shellScript = /^#!.*\b(ba|da|a|z|k)?sh\b/;

/** The text of a shell script of the project that a path of the image names; '' where it is one, but cannot be read. */
export function scriptOf(program: string, facts: BuildFacts): string | undefined {
  const searched = program.includes('/')
    ? []
    : ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
  for (const folder of searched) {
    const found = scriptOf(`${folder}/${program}`, facts);
    if (found !== undefined && found !== '') return found;
  }
  const path = resolvePath(facts.contract.workdir, program);
  for (const { copy } of [...finalItems(facts)].reverse()) {
    if (copy === undefined || copy.from !== undefined) continue;
    for (const source of copy.sources) {
      const clean = source.replace(/^\.?\/+/, '').replace(/\/+$/, '');
      const candidates: string[] = [];
      if (copy.destination === path) candidates.push(clean);
      if (isWithin(path, copy.destination) && path !== copy.destination) {
        const rest = path.slice(copy.destination === '/' ? 1 : copy.destination.length + 1);
        candidates.push(clean === '.' || clean === '' ? rest : `${clean}/${rest}`);
        if (baseName(clean) === baseName(path)) candidates.push(clean);
      }
      for (const candidate of candidates) {
        const text = facts.project.read(candidate);
        if (text !== undefined) return shellScript.test(text) ? text : undefined;
      }
    }
  }
  return /\.(sh|bash)$/.test(program) ? '' : undefined;
}

/** A script that only prepares nothing and execs: `set -e; exec app "$@"`. */
function inlineScript(
  text: string,
  argv: readonly string[],
): { argv: readonly string[]; environment: Launch['environment'] } | undefined {
  if (text === '') return undefined;
  const rest = argv
    .slice(1)
    .map((word) => `'${word.replaceAll("'", "'\\''")}'`)
    .join(' ');
  const body = text.replace(/^#!.*\n/, '').replaceAll('"$@"', rest);
  if (/\$[@*#\d]/.test(body)) return undefined;
  const script = parseShell(body);
  const environment: { name: string; value: string }[] = [];
  let at = 0;
  for (; at < script.statements.length - 1; at++) {
    const { node } = script.statements[at]!;
    if (node.kind !== 'command' || node.redirects.length > 0) return undefined;
    const [first, ...words] = node.words.map(({ value }) => value);
    if (first === 'set' && words.every((word) => /^-[eux]+$|^-o$|^pipefail$/.test(word ?? ''))) continue;
    const pairs = first === 'export' && node.assignments.length === 0 ? words : undefined;
    if (pairs === undefined || pairs.length === 0) return undefined;
    for (const pair of pairs) {
      const match = /^([A-Za-z_]\w*)=(.*)$/s.exec(pair ?? '');
      if (match === null) return undefined;
      environment.push({ name: match[1]!, value: match[2]! });
    }
  }
  const last = script.statements[at];
  if (script.problem !== undefined || last === undefined) return undefined;
  const exec = toExec({ ...script, statements: [last] }, new Map(environment.map(({ name, value }) => [name, value])));
  if ('reason' in exec || exec.workdir !== undefined) return undefined;
  return { argv: exec.argv, environment: [...environment, ...exec.environment] };
}
