import type { BuildView, Ecosystem, Launcher } from '../ecosystems/ecosystem.ts';
import {
  type Action,
  type Argument,
  allActions,
  type Call,
  type Condition,
  constantOf,
  mapProgram,
  type Program,
  textValue,
  type Value,
} from '../entrypoints/program.ts';
import { specialise } from '../entrypoints/specialise.ts';
import { writeInline } from '../entrypoints/write-launcher.ts';
import type { BuildFacts } from '../facts/build-facts.ts';
import { isWithin, parentOf, resolvePath } from '../facts/paths.ts';

/** A launcher that takes a script's place. */
export interface LauncherDecision {
  readonly program: Program;
  readonly launcher: Launcher;
  /** the code as it stands in the argument list, or a file: in the image, in the build context, and what it replaces */
  readonly place:
    | { readonly code: string }
    | { readonly path: string; readonly file: string; readonly replaces: string };
}

/** Something that the container's start no longer does, and who does it then. */
export interface HandedOver {
  readonly message: string;
  readonly why: string;
  readonly fix: string;
}

/** What takes a script's place. */
export interface ScriptAnswer {
  /** what the file names instead of the script, the script's arguments at the end */
  readonly argv: readonly string[];
  /** how many words of `argv` take the script's place, in front of its arguments; undefined where it takes none */
  readonly own?: number;
  /** the program that it ends up starting, as far as known */
  readonly program: readonly string[];
  /** whether `program` may be looked up further, because `argv` is the same */
  readonly final: boolean;
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  /** folders of the image that the script made or gave to the program's user */
  readonly folders: readonly string[];
  readonly why: string;
  readonly launcher: LauncherDecision | undefined;
  readonly reviews: readonly HandedOver[];
}

/** Why a script needs its shell; completes "the start command …". */
export interface ScriptNeed {
  readonly shell: string;
}

/** The script as the decision sees it. */
export interface ScriptToAnswer {
  readonly program: Program;
  readonly args: readonly string[];
  /** as the file names it */
  readonly name: string;
  /** the launcher's place, without its ending, in the image and in the build context */
  readonly path: string;
  readonly file: string;
}

/** What a program call really starts: launchers looked up, `undefined` as it says. */
type Lookup = (argv: readonly string[]) => readonly string[] | { readonly reason: string } | undefined;

/** Answers a script that is understood: with ENV and the program itself, or with a launcher, or with its need of a shell. */
export function answerScript(
  script: ScriptToAnswer,
  facts: BuildFacts,
  ecosystem: Ecosystem,
  view: BuildView,
  isMissing: (program: string) => boolean,
): ScriptAnswer | ScriptNeed {
  const folders = foldersOf(script.program, facts);
  const lookup: Lookup = (argv) => {
    const launched = ecosystem.launch(argv, view);
    if (launched === undefined)
      return isMissing(argv[0]!) && !isInterpreter(argv[0]!, ecosystem) ? { reason: `calls ${argv[0]}` } : undefined;
    if ('refusal' in launched) return { reason: launched.refusal };
    if (launched.environment.length > 0 || launched.workdir !== undefined)
      return { reason: `starts ${argv[0]}, which prepares its program` };
    // a file that only the adaptation of the start command brings
    if (launched.argv.some((word) => word.startsWith('/') && !argv.includes(word)))
      return { reason: `starts ${argv[0]}, which is installed for the whole system` };
    return launched.argv;
  };
  const plain = asEnvironment(script, facts, ecosystem.launcher === undefined);
  const owners = ownersHandedOver(script, facts);
  if (plain !== undefined) return { ...plain, folders, reviews: [...plain.reviews, ...owners] };
  const { launcher } = ecosystem;
  if (launcher === undefined) return { shell: needOf(script) };
  const found = lookUp(script.program, lookup);
  if ('reason' in found) return { shell: `${script.name} ${found.reason}` };
  const { program } = found;
  const start = startOf(specialise(program.actions, script.args));
  const passesOn = [...allActions(program.actions)].some((action) => usesArguments(action));
  const written = writtenBy(program, facts);
  const common = {
    program: start ?? [],
    final: true,
    environment: [],
    folders: [...folders, ...written.folders],
    reviews: [
      ...owners,
      ...written.unsure.map((file) => ({
        message: `${script.name} changes ${file} when the container starts`,
        why: 'only root may write there, and the container does not start as root',
        fix: `change it in the build, or let the program read it below ${facts.contract.workdir}`,
      })),
    ],
  };
  const args = passesOn ? lookedUpArguments(program, script.args, lookup) : [];
  if ('reason' in args) return { shell: `${script.name} ${args.reason}` };
  const code = writeInline(program, launcher.dialect, isSeen(facts));
  if (code !== undefined && launcher.inline !== undefined)
    return {
      ...common,
      argv: [...launcher.inline(code), ...args],
      own: launcher.inline(code).length,
      why: `${script.name} needs a shell; ${launcher.interpreter} does the same`,
      launcher: { program, launcher, place: { code } },
    };
  const taken = (ending: string): boolean => facts.project.read(`${script.file}${ending}`) !== undefined;
  const ending = taken(`.${launcher.extension}`) ? `-launcher.${launcher.extension}` : `.${launcher.extension}`;
  const path = `${script.path}${ending}`;
  return {
    ...common,
    argv: [launcher.interpreter, path, ...args],
    own: 2,
    why: `${script.name} needs a shell; ${path} does the same in ${ecosystem.title}`,
    launcher: { program, launcher, place: { path, file: `${script.file}${ending}`, replaces: script.name } },
  };
}

function isInterpreter(program: string, { programs }: Ecosystem): boolean {
  return programs.includes(program.replace(/(?<=^python)[23](\.\d+)?$/, '')) && !/^(npm|npx|yarn|pnpm)$/.test(program);
}

/** Folders that the script makes or gives away, where their paths are known: the build makes them owned. */
function foldersOf({ actions }: Program, facts: BuildFacts): string[] {
  const found = new Set<string>();
  for (const action of allActions(actions)) {
    if (action.kind !== 'make-folders' && action.kind !== 'own') continue;
    for (const value of action.paths) {
      const path = knownText(value, facts, true);
      if (path !== undefined && path !== '' && !/[*?]|\.(sh|py|m?js|pem|key|crt|conf)$/.test(path))
        found.add(resolvePath(facts.contract.workdir, path));
    }
  }
  return [...found].filter((path) => path !== '/' && !/^\/(dev|proc|sys|tmp|run|etc|usr|bin|lib)(\/|$)/.test(path));
}

/** What a volume that is mounted later would need: the image's own folders have their owner from the build. */
function ownersHandedOver({ program, name }: ScriptToAnswer, facts: BuildFacts): HandedOver[] {
  const given = [...allActions(program.actions)].flatMap((action) =>
    action.kind === 'own' && action.gives ? action.paths.map((path) => knownText(path, facts, true)) : [],
  );
  if (given.length === 0) return [];
  const paths = [...new Set(given.map((path) => path ?? 'what it was told'))].join(', ');
  return [
    {
      message: `${name} no longer changes the owner of ${paths} when the container starts`,
      why: 'only root may, and the container does not start as root; the image has it with the right owner',
      fix: "a volume from the host has to belong to the image's user: chown it there, or say fsGroup in Kubernetes",
    },
  ];
}

/** Where the script writes files, beyond the working directory: folders to own, and files that the user may not change. */
function writtenBy({ actions }: Program, facts: BuildFacts): { folders: string[]; unsure: string[] } {
  const folders = new Set<string>();
  const unsure = new Set<string>();
  const { workdir } = facts.contract;
  for (const action of allActions(actions)) {
    const values =
      action.kind === 'remove'
        ? action.paths
        : action.kind === 'write' || action.kind === 'replace'
          ? [action.path]
          : action.kind === 'fill'
            ? [action.to]
            : [];
    for (const value of values) {
      const text = knownText(value, facts, true);
      const path = text === undefined ? undefined : resolvePath(workdir, text);
      if (path === undefined || /^\/(tmp|dev|proc)\//.test(path) || (workdir !== '/' && isWithin(path, workdir)))
        continue;
      const folder = parentOf(path);
      if (action.kind === 'replace' || folder === '/' || /^\/(etc|usr|bin|lib|run|var)(\/|$)/.test(folder))
        unsure.add(path);
      else folders.add(folder);
    }
  }
  return { folders: [...folders], unsure: [...unsure] };
}

/** The text of a value under the file's own environment and the script's defaults. */
function knownText(value: Value, facts: BuildFacts, withDefaults: boolean): string | undefined {
  let text = '';
  for (const piece of value) {
    if (piece.kind === 'text') text += piece.text;
    else if (piece.kind === 'variable') {
      const own = facts.environment.get(piece.name);
      const fallback = piece.fallback === undefined || !withDefaults ? undefined : constantOf(piece.fallback);
      const known = typeof own === 'string' && own !== '' ? own : fallback;
      if (known === undefined) return undefined;
      text += known;
    } else return undefined;
  }
  return text;
}

/** A script that only sets variables, and perhaps prints and makes folders, before the program: ENV says the same. */
function asEnvironment(
  { program, args, name }: ScriptToAnswer,
  facts: BuildFacts,
  alone: boolean,
): Omit<ScriptAnswer, 'folders'> | undefined {
  const environment: { name: string; value: string }[] = [];
  const local = new Map<string, Value>();
  const reviews: HandedOver[] = [];
  const actions = alone ? specialise(program.actions, args) : program.actions;
  const branched = alone && program.actions.some(({ kind }) => kind === 'if' || kind === 'arguments');
  for (const action of actions) {
    switch (action.kind) {
      case 'print':
      case 'own':
        break;
      case 'make-folders':
        if (action.paths.some((path) => !isMadeByBuild(path, facts))) return undefined;
        break;
      case 'set': {
        const constant = constantOf(action.value);
        const own = action.value.length === 1 ? action.value[0] : undefined;
        const fallback =
          own?.kind === 'variable' && own.name === action.name && own.fallback !== undefined
            ? constantOf(own.fallback)
            : undefined;
        if (constant !== undefined) {
          local.set(action.name, textValue(constant));
          if (program.exported.has(action.name)) environment.push({ name: action.name, value: constant });
        } else if (fallback !== undefined) {
          const known = facts.environment.get(action.name);
          if (known === undefined || known === '') environment.push({ name: action.name, value: fallback });
        } else return undefined;
        break;
      }
      case 'until':
        if (!alone) return undefined;
        reviews.push(waitHandedOver(action.condition, facts));
        break;
      case 'exec': {
        const argv = constantWords(action.call, args, local);
        if (argv === undefined || action.call.quiet) return undefined;
        for (const pair of action.call.environment) {
          const value = constantOf(pair.value);
          if (value === undefined) return undefined;
          environment.push({ name: pair.name, value });
        }
        if (branched && argv.length > 0)
          reviews.push({
            message: `${name} no longer decides by the arguments of the container what to start`,
            why: 'the runtime image has no shell to run it',
            fix: `check that it is always started as \`${[name, ...args].join(' ')}\``,
          });
        return {
          argv,
          program: argv,
          final: false,
          environment,
          why: `${name} only starts \`${argv.join(' ')}\``,
          launcher: undefined,
          reviews,
        };
      }
      default:
        return undefined;
    }
  }
  return undefined;
}

/** A folder that the image can hold from the start; below a volume the container may find another one. */
function isMadeByBuild(path: Value, facts: BuildFacts): boolean {
  return knownText(path, facts, true) !== undefined;
}

function waitHandedOver(condition: Condition, facts: BuildFacts): HandedOver {
  const asked = condition.kind === 'answers' ? condition : undefined;
  const host = asked === undefined ? 'the server' : (knownText(asked.host, facts, true) ?? 'the server');
  return {
    message: `the container no longer waits for ${host} before it starts`,
    why: 'the runtime image has neither a shell nor an interpreter that could wait',
    fix: `in Compose say \`depends_on: {${host === 'the server' ? 'NAME' : host}: {condition: service_healthy}}\`; in Kubernetes let an init container wait, or let the program try again`,
  };
}

/** The arguments of a call that nothing but the script's own arguments and plain settings decide. */
function constantWords(
  { words }: Call,
  args: readonly string[],
  local: ReadonlyMap<string, Value>,
): readonly string[] | undefined {
  const argv: string[] = [];
  for (const word of words) {
    if (word.kind === 'rest') argv.push(...args.slice(word.from));
    else {
      const value = word.value.flatMap((piece) =>
        piece.kind === 'variable' && piece.fallback === undefined ? (local.get(piece.name) ?? [piece]) : [piece],
      );
      const text = constantOf(value);
      if (text === undefined || word.kind === 'fields') return undefined;
      argv.push(text);
    }
  }
  return argv.length > 0 ? argv : undefined;
}

/** The program that is started in the end, unknown words left as `${NAME}`. */
function startOf(actions: readonly Action[]): readonly string[] | undefined {
  const last = [...allActions(actions)].findLast((action) => action.kind === 'exec');
  if (last?.kind !== 'exec') return undefined;
  return shownWords(last.call);
}

function shown(value: Value): string {
  return value
    .map((piece) => {
      if (piece.kind === 'text') return piece.text;
      const fallback =
        piece.kind === 'variable' && piece.fallback !== undefined ? constantOf(piece.fallback) : undefined;
      return piece.kind === 'variable' ? (fallback ?? `\${${piece.name}}`) : '$';
    })
    .join('');
}

function usesArguments(action: Action): boolean {
  const inValue = (value: Value): boolean =>
    value.some(({ kind }) => kind === 'argument' || kind === 'argument-count' || kind === 'all-arguments');
  const inWords = (words: readonly Argument[]): boolean =>
    words.some((word) => word.kind === 'rest' || inValue(word.value));
  switch (action.kind) {
    case 'run':
    case 'exec':
      return inWords(action.call.words);
    case 'arguments':
      return true;
    case 'set':
      return inValue(action.value);
    default:
      return false;
  }
}

/** The script's arguments, with the program among them looked up where the script only passes them on. */
function lookedUpArguments(
  { actions }: Program,
  args: readonly string[],
  lookup: Lookup,
): readonly string[] | { readonly reason: string } {
  const last = specialise(actions, args).at(-1);
  const passes = [...allActions(actions)].some(
    (action) => action.kind === 'exec' && action.call.words[0]?.kind === 'rest' && action.call.words[0].from === 0,
  );
  if (!passes || args.length === 0 || last?.kind !== 'exec') return args;
  const words = last.call.words.map((word) => (word.kind === 'value' ? constantOf(word.value) : undefined));
  // another branch takes these arguments apart
  if (words.length !== args.length || words.some((word, index) => word !== args[index])) return args;
  const found = lookup(args);
  return found === undefined ? args : found;
}

/** Marks a word that is no constant while a call is looked up. */
const mark = '\u0001';

/** The program with each call looked up. */
function lookUp(program: Program, lookup: Lookup): { readonly program: Program } | { readonly reason: string } {
  let reason: string | undefined;
  const call = (each: Call): Call => {
    const [first] = each.words;
    if (first?.kind !== 'value' || constantOf(first.value) === undefined) return each;
    const held: Argument[] = [];
    const argv = each.words.map((word) => {
      const text = word.kind === 'value' ? constantOf(word.value) : undefined;
      if (text !== undefined) return text;
      held.push(word);
      return `${mark}${held.length - 1}`;
    });
    const found = lookup(argv);
    if (found === undefined) return each;
    if ('reason' in found) {
      reason ??= found.reason;
      return each;
    }
    const words = found.map((text): Argument => {
      const at = text.startsWith(mark) ? Number(text.slice(1)) : undefined;
      return at === undefined ? { kind: 'value', value: textValue(text) } : held[at]!;
    });
    return { ...each, words };
  };
  const list = (actions: readonly Action[]): Action[] =>
    actions.map((action) => {
      switch (action.kind) {
        case 'run':
        case 'exec':
          return { ...action, call: call(action.call) };
        case 'if':
          return {
            ...action,
            branches: action.branches.map((branch) => ({
              condition: asked(branch.condition),
              actions: list(branch.actions),
            })),
            otherwise: list(action.otherwise),
          };
        case 'until':
          return { ...action, condition: asked(action.condition) };
        default:
          return action;
      }
    });
  const asked = (condition: Condition): Condition => {
    if (condition.kind === 'succeeds') return { ...condition, call: call(condition.call) };
    if (condition.kind === 'not') return { ...condition, condition: asked(condition.condition) };
    if (condition.kind === 'all' || condition.kind === 'any')
      return { ...condition, conditions: condition.conditions.map(asked) };
    return condition;
  };
  const actions = list(program.actions);
  return reason === undefined ? { program: { ...program, actions } } : { reason };
}

/** What of a script only a shell can do where the image has no interpreter. */
function needOf({ program, name, args }: ScriptToAnswer): string {
  const actions = specialise(program.actions, args);
  const run = actions.find((action) => action.kind === 'run');
  if (run?.kind === 'run') {
    const word = run.call.words[0];
    return `${name} runs \`${word?.kind === 'value' ? shown(word.value) : '$@'}\` before the program`;
  }
  const what: Partial<Record<Action['kind'], string>> = {
    if: 'decides by its environment what to start',
    set: 'sets variables from others',
    'make-folders': 'makes folders that only the environment names',
    fill: 'fills in a template',
    replace: 'fills in a file',
    write: 'writes a file',
    remove: 'removes a file',
    exec: 'puts variables into the start command',
  };
  const found = actions.find(({ kind }) => what[kind] !== undefined && kind !== 'exec' && kind !== 'set');
  return `${name} ${what[(found ?? actions.find(({ kind }) => what[kind] !== undefined))?.kind ?? 'exec'] ?? 'is a shell script'}`;
}

/** The launcher with the ports that moved. */
export function withPorts(
  decision: LauncherDecision,
  facts: BuildFacts,
  word: (text: string, previous: string | undefined) => string,
  setting: (name: string, text: string) => string,
): LauncherDecision {
  const { launcher, place } = decision;
  const program = mapProgram(decision.program, word, setting);
  const code = 'code' in place ? writeInline(program, launcher.dialect, isSeen(facts)) : undefined;
  return { launcher, program, place: code === undefined ? place : { code } };
}

/** The launcher as it stands in the argument list; undefined where it is a file. */
export function codeOf({ place }: LauncherDecision): string | undefined {
  return 'code' in place ? place.code : undefined;
}

/** The argument lists of all programs that may take the launcher's place, unknown words left as `${NAME}`. */
export function startsOf({ actions }: Program): readonly (readonly string[])[] {
  return [...allActions(actions)].flatMap((action) => (action.kind === 'exec' ? [shownWords(action.call)] : []));
}

function shownWords({ words }: Call): readonly string[] {
  return words.flatMap((word) => (word.kind === 'rest' ? [] : [shown(word.value)]));
}

/** Whether the image sets a variable, so that every program sees it. */
export function isSeen(facts: BuildFacts): (name: string) => boolean {
  return (name) => facts.environment.get(name) !== undefined;
}

/** Names and default values of variables in a program: what tells ports. */
export function settingsOf({ actions }: Program): readonly { readonly name: string; readonly value: string }[] {
  const found: { name: string; value: string }[] = [];
  const add = (value: Value): void => {
    for (const piece of value) {
      if (piece.kind !== 'variable' || piece.fallback === undefined) continue;
      const text = constantOf(piece.fallback);
      if (text !== undefined) found.push({ name: piece.name, value: text });
    }
  };
  for (const action of allActions(actions)) {
    if (action.kind === 'set') {
      const text = constantOf(action.value);
      if (text !== undefined) found.push({ name: action.name, value: text });
      add(action.value);
    }
    if (action.kind === 'exec' || action.kind === 'run')
      for (const word of action.call.words) if (word.kind !== 'rest') add(word.value);
  }
  return found;
}
