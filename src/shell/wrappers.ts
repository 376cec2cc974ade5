import { fixedTo, shiftedBy } from './offset-map.ts';
import { type OptionSyntax, optionValue, readOptions } from './options.ts';
import { parseMapped } from './parse.ts';
import type { Assignment, Command, Script, Word } from './tree.ts';
import { type CommandContext, commandsOf } from './walk.ts';
import { textOf, wordFrom } from './word.ts';

/** A command without what stands around it: who runs it, in which environment, how. */
export interface UnwrappedCommand {
  /** the program and its arguments; the program without a path to a `bin` directory. Empty with a `script` */
  readonly words: readonly Word[];
  /** the program as written: `/opt/venv/bin/pip` */
  readonly path: Word | undefined;
  /** those of the command and of `env` */
  readonly assignments: readonly Assignment[];
  /** the user it runs as, if a wrapper says so */
  readonly user: Word | undefined;
  /** the directory it runs in, if a wrapper says so (`env -C`) */
  readonly directory: Word | undefined;
  /** names of the wrappers, outermost first */
  readonly wrappers: readonly string[];
  /** what `sh -c TEXT` and its like run; variables of a double-quoted text are left to the inner shell */
  readonly script: Script | undefined;
  readonly command: Command;
}

interface Peeled {
  readonly rest: readonly Word[];
  readonly user?: Word | undefined;
  readonly directory?: Word | undefined;
  readonly assignments?: readonly Assignment[];
  readonly script?: Script;
}

type Peel = (words: readonly Word[]) => Peeled | undefined;

const syntax = (...values: string[]): OptionSyntax => ({ values: new Set(values), stopAtOperand: true });

/** A wrapper whose first operand is the program; `skip` operands (a duration, a directory) come before it. */
function simple(options: OptionSyntax, skip = 0): Peel {
  return (words) => {
    const { operands } = readOptions(words, options);
    return operands.length > skip ? { rest: operands.slice(skip) } : undefined;
  };
}

/** `gosu USER PROGRAM`, `su-exec USER[:GROUP] PROGRAM` */
const userFirst: Peel = (words) => (words.length > 1 ? { rest: words.slice(1), user: words[0] } : undefined);

const envSyntax = syntax('-u', '--unset', '-C', '--chdir', '-S', '--split-string');
const sudoSyntax = syntax('-u', '--user', '-g', '--group', '-h', '--host', '-p', '--prompt', '-C', '-D', '-r', '-t');
const suSyntax: OptionSyntax = { values: new Set(['-c', '--command', '-s', '--shell', '-g', '-G', '-w']) };
const runuserSyntax = syntax('-u', '--user', '-c', '--command', '-s', '--shell', '-g', '-G');
const setprivSyntax = syntax('--reuid', '--regid', '--groups', '--inh-caps', '--ambient-caps', '--bounding-set');
const shellSyntax = syntax('-o', '-O', '--rcfile', '--init-file');

const env: Peel = (words) => {
  const { options, operands } = readOptions(words, envSyntax);
  const { assignments, rest } = splitAssignments(operands);
  if (rest.length === 0) return undefined;
  return { rest, assignments, directory: optionValue(options, '-C', '--chdir') };
};

const sudo: Peel = (words) => {
  const { options, operands } = readOptions(words, sudoSyntax);
  const { assignments, rest } = splitAssignments(operands);
  if (rest.length === 0) return undefined;
  return { rest, assignments, user: optionValue(options, '-u', '--user') };
};

const su: Peel = (words) => {
  const { options, operands } = readOptions(words, suSyntax);
  const text = optionValue(options, '-c', '--command');
  if (text === undefined) return undefined;
  return { rest: [], script: innerScript(text), user: operands.find((word) => word.value !== '-') };
};

const runuser: Peel = (words) => {
  const { options, operands } = readOptions(words, runuserSyntax);
  const user = optionValue(options, '-u', '--user');
  if (user === undefined) return su(words);
  return operands.length > 0 ? { rest: operands, user } : undefined;
};

const setpriv: Peel = (words) => {
  const { options, operands } = readOptions(words, setprivSyntax);
  return operands.length > 0 ? { rest: operands, user: optionValue(options, '--reuid') } : undefined;
};

const shell: Peel = (words) => {
  const { options, operands } = readOptions(words, shellSyntax);
  if (!options.some((option) => option.name === '-c') || operands[0] === undefined) return undefined;
  return { rest: [], script: innerScript(operands[0]) };
};

const wrappers: ReadonlyMap<string, Peel> = new Map<string, Peel>([
  ['sudo', sudo],
  ['doas', sudo],
  ['env', env],
  ['exec', simple(syntax('-a'))],
  ['command', (words) => (words[0]?.value?.startsWith('-') ? undefined : simple(syntax())(words))],
  ['builtin', simple(syntax())],
  ['eval', (words) => (words.length === 1 ? { rest: [], script: innerScript(words[0]!) } : { rest: words })],
  ['nice', simple(syntax('-n', '--adjustment'))],
  ['ionice', simple(syntax('-c', '--class', '-n', '--classdata'))],
  ['time', simple(syntax('-o', '-f', '--output', '--format'))],
  ['nohup', simple(syntax())],
  ['setsid', simple(syntax())],
  ['stdbuf', simple(syntax('-i', '-o', '-e'))],
  ['timeout', simple(syntax('-s', '--signal', '-k', '--kill-after'), 1)],
  ['chronic', simple(syntax())],
  ['fakeroot', simple(syntax())],
  ['catchsegv', simple(syntax())],
  ['unbuffer', simple(syntax())],
  ['eatmydata', simple(syntax())],
  ['xvfb-run', simple(syntax('-n', '-s', '--server-num', '--server-args', '-e', '--error-file', '-f', '-w'))],
  ['tini', simple(syntax('-p', '-e'))],
  ['tini-static', simple(syntax('-p', '-e'))],
  ['docker-init', simple(syntax('-p', '-e'))],
  ['dumb-init', simple(syntax('-r', '--rewrite'))],
  ['catatonit', simple(syntax())],
  ['xargs', simple(syntax('-a', '-d', '-E', '-I', '-L', '-n', '-P', '-s', '--max-args', '--max-procs', '--delimiter'))],
  ['gosu', userFirst],
  ['su-exec', userFirst],
  ['s6-setuidgid', userFirst],
  ['chpst', (words) => setuser(words)],
  ['setpriv', setpriv],
  ['runuser', runuser],
  ['su', su],
  ['sh', shell],
  ['bash', shell],
  ['dash', shell],
  ['ash', shell],
  ['zsh', shell],
  ['ksh', shell],
  ['busybox', (words) => (words[0]?.value === undefined ? undefined : { rest: words })],
]);

function setuser(words: readonly Word[]): Peeled | undefined {
  const { options, operands } = readOptions(words, syntax('-u', '-U', '-e', '-n', '-l', '-b'));
  return operands.length > 0 ? { rest: operands, user: optionValue(options, '-u') } : undefined;
}

/** Wrappers within wrappers beyond this number are arguments of the last. */
const mostWrappers = 16;

/**
 * Takes wrappers off a command: `sudo -E`, `env A=b`, `exec`, `nice`, `gosu USER`, `tini --`, `xargs`, `sh -c TEXT`,
 * paths such as `/usr/bin/apt-get`. What is no wrapper after all (`sudo` alone) stays as it is.
 */
export function unwrap(command: Command): UnwrappedCommand {
  let words = command.words;
  let assignments = command.assignments;
  let user: Word | undefined;
  let directory: Word | undefined;
  const names: string[] = [];
  for (;;) {
    const path = words[0];
    if (path === undefined) break;
    const program = programName(path);
    const peel = program === undefined || names.length === mostWrappers ? undefined : wrappers.get(program);
    const peeled = peel?.(words.slice(1));
    if (program === undefined || peeled === undefined) {
      const first = program === undefined || program === path.value ? path : { ...path, value: program };
      words = first === path ? words : [first, ...words.slice(1)];
      return { words, path, assignments, user, directory, wrappers: names, script: undefined, command };
    }
    names.push(program);
    user = peeled.user ?? user;
    directory = peeled.directory ?? directory;
    if (peeled.assignments !== undefined && peeled.assignments.length > 0) {
      assignments = [...assignments, ...peeled.assignments];
    }
    if (peeled.script !== undefined) {
      const script = peeled.script;
      return { words: [], path: undefined, assignments, user, directory, wrappers: names, script, command };
    }
    words = peeled.rest;
  }
  return { words, path: undefined, assignments, user, directory, wrappers: names, script: undefined, command };
}

export interface UnwrappedInContext {
  readonly unwrapped: UnwrappedCommand;
  readonly context: CommandContext;
}

/** Texts of `sh -c` within one another beyond this depth are left unread. */
const deepest = 8;

/** Every command of a script without its wrappers, the scripts of `sh -c` included in their place. */
export function unwrappedCommandsOf(script: Script): readonly UnwrappedInContext[] {
  const found: UnwrappedInContext[] = [];
  collect(script, undefined, 0, found);
  return found;
}

function collect(script: Script, outer: CommandContext | undefined, depth: number, found: UnwrappedInContext[]): void {
  for (const { command, context } of commandsOf(script, outer)) {
    const unwrapped = unwrap(command);
    if (unwrapped.script === undefined || depth === deepest) found.push({ unwrapped, context });
    else collect(unwrapped.script, { ...context, subshell: true }, depth + 1, found);
  }
}

/** A program's name without the directory, where that is a `bin` one or the program is a build wrapper (`./mvnw`). */
export function programName(word: Word): string | undefined {
  const text = textOf(word) ?? lastComponent(word);
  if (text === undefined) return undefined;
  const slash = text.lastIndexOf('/');
  if (slash === -1) return text;
  const name = text.slice(slash + 1);
  return /s?bin\/$/.test(text.slice(0, slash + 1)) || name === 'mvnw' || name === 'gradlew' ? name : text;
}

/** `$VENV/bin/pip`: what follows the last variable, if a directory ends there. */
function lastComponent(word: Word): string | undefined {
  const last = word.parts.at(-1);
  return last?.kind === 'text' && last.text.includes('/bin/') ? last.text : undefined;
}

function splitAssignments(operands: readonly Word[]): { assignments: Assignment[]; rest: readonly Word[] } {
  const assignments: Assignment[] = [];
  for (let i = 0; i < operands.length; i += 1) {
    const word = operands[i]!;
    const first = word.parts[0];
    const match = first?.kind === 'text' ? /^([A-Za-z_]\w*)=/.exec(first.text) : null;
    if (match === null) return { assignments, rest: operands.slice(i) };
    const value = wordFrom(word, match[0].length);
    assignments.push({ name: match[1]!, append: false, value, range: word.range });
  }
  return { assignments, rest: [] };
}

/** The script in a word: read where it stands if it stands there in one piece, else as a text at the word's place. */
function innerScript(word: Word): Script {
  const { raw, range } = word;
  const quote = raw[0];
  const inner = raw.slice(1, -1);
  const contiguous = range.end - range.start === raw.length;
  if (contiguous && raw.length >= 2 && quote === raw.at(-1)) {
    if ((quote === "'" && !inner.includes("'")) || (quote === '"' && !/["\\`]/.test(inner))) {
      return parseMapped(inner, shiftedBy(range.start + 1));
    }
  }
  if (word.value !== undefined) return parseMapped(word.value, fixedTo(range));
  return parseMapped(word.parts.map(partSource).join(''), fixedTo(range));
}

function partSource(part: Word['parts'][number]): string {
  switch (part.kind) {
    case 'text':
    case 'arithmetic':
      return part.text;
    case 'variable':
      if (part.operator === undefined) return `\${${part.name}}`;
      if (part.operator === 'length') return `\${#${part.name}}`;
      if (part.operator === 'indirect') return `\${!${part.name}${part.operand ?? ''}}`;
      return `\${${part.name}${part.operator}${part.operand ?? ''}}`;
    default:
      return '$(:)';
  }
}
