import type { LogicalText } from '../syntax/tree.ts';
import type { Range } from '../text/range.ts';
import { joinedFrom } from './offset-map.ts';
import type { Command, Node, Redirect, Script, Word } from './tree.ts';
import { literalWord, variableValue } from './word.ts';

/** A start command without a shell. */
export interface ExecForm {
  readonly argv: readonly string[];
  /** `A=b program` */
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  /** DIRECTORY of `cd DIRECTORY && program`, relative to the working directory if it is so */
  readonly workdir: string | undefined;
  /** what meant nothing and is gone: redirections to the container's own output, `set -e` */
  readonly dropped: readonly string[];
  /** variables that were replaced by their values: what the container's start would have decided is now decided */
  readonly expanded: readonly string[];
}

/** Why a command cannot do without a shell; `reason` completes "it …". */
export interface ShellNeed {
  readonly reason: string;
  readonly range: Range;
}

/**
 * The exec form of a shell form, given only where it starts the same program with the same arguments. `variables` holds
 * what is known of the environment: a name without a value is unset, a name that is absent is unknown. With `patterns`,
 * file patterns stay as they are written, for whoever can tell what they stand for.
 */
export function toExec(
  script: Script,
  variables: ReadonlyMap<string, string | undefined>,
  patterns: 'refused' | 'kept' = 'refused',
): ExecForm | ShellNeed {
  const { range } = script;
  if (script.problem !== undefined)
    return { reason: `is not a command that a shell accepts: ${script.problem}`, range };
  const dropped: string[] = [];
  const expanded = new Set<string>();
  const statements = [...script.statements];
  while (statements.length > 1 && isHarmlessSet(statements[0]!.node)) dropped.push(sourceOf(statements.shift()!.node));
  const statement = statements[0];
  if (statement === undefined) return { reason: 'starts no program', range };
  if (statements.length > 1) return { reason: 'runs several commands in turn', range: statements[1]!.range };
  if (statement.background) return { reason: 'starts a program in the background', range: statement.range };
  const { node } = statement;
  if (node.kind === 'command') return commandForm(node, variables, undefined, dropped, expanded, patterns);
  if (node.kind === 'and-or' && node.nodes.length === 2 && node.operators[0] === '&&') {
    const [change, program] = node.nodes as [Node, Node];
    const directory = changeOfDirectory(change, variables, expanded);
    if (directory !== undefined && program.kind === 'command') {
      return commandForm(program, variables, directory, dropped, expanded, patterns);
    }
  }
  return { reason: reasonOf(node), range: node.range };
}

/** Why a command cannot do without a shell, nothing being known of its variables; undefined if it can. */
export function needsShell(script: Script): ShellNeed | undefined {
  const form = toExec(script, new Map());
  return 'reason' in form ? form : undefined;
}

/** An exec form as people write it: `["a", "b"]`. */
export function quoteJson(argv: readonly string[]): string {
  return `[${argv.map((argument) => JSON.stringify(argument)).join(', ')}]`;
}

/**
 * An exec form as a command, to be read by whatever reads commands. `args` are its decoded elements; their places are
 * found in the instruction's text.
 */
export function readExecForm(body: LogicalText, args: readonly string[]): Command {
  const map = joinedFrom(body.segments);
  const words: Word[] = [];
  let at = 0;
  for (const argument of args) {
    const start = body.text.indexOf('"', at);
    let end = start + 1;
    while (end < body.text.length && body.text[end] !== '"') end += body.text[end] === '\\' ? 2 : 1;
    at = Math.min(end + 1, body.text.length);
    const range = start === -1 ? map.range(0, body.text.length) : map.range(start, at);
    words.push(literalWord(argument, range, start === -1 ? argument : body.text.slice(start, at)));
  }
  const range = map.range(0, body.text.length);
  return { kind: 'command', assignments: [], words, redirects: [], range };
}

/** What only the shell itself can do, or does in its own way although a program of that name may exist. */
export const shellBuiltins: ReadonlySet<string> = new Set(
  (
    '. : [ alias bg break cd chdir command continue echo eval exec exit export false fc fg getopts hash jobs kill let ' +
    'local printf pwd read readonly return set shift source test times trap true type ulimit umask unalias unset wait'
  ).split(' '),
);

function commandForm(
  command: Command,
  variables: ReadonlyMap<string, string | undefined>,
  workdir: string | undefined,
  dropped: string[],
  expanded: Set<string>,
  patterns: 'refused' | 'kept',
): ExecForm | ShellNeed {
  for (const redirect of command.redirects) {
    if (!keepsToContainerOutput(redirect)) {
      return { reason: `redirects with \`${redirectSource(redirect)}\``, range: redirect.range };
    }
    dropped.push(redirectSource(redirect));
  }
  const environment: { name: string; value: string }[] = [];
  for (const { name, append, value, range } of command.assignments) {
    if (append || !/^[A-Za-z_]\w*$/.test(name)) return { reason: `sets \`${name}\` in the shell's own way`, range };
    const fields = value === undefined ? [''] : expand(value, variables, expanded, true);
    if ('reason' in fields) return fields;
    if (value?.parts.some((part) => part.kind === 'variable' && environment.some((set) => set.name === part.name))) {
      return { reason: `sets \`${name}\` from a variable set just before`, range };
    }
    environment.push({ name, value: fields.join('') });
  }
  let words = command.words;
  if (words[0]?.value === 'exec' && words[1] !== undefined && !words[1].raw.startsWith('-')) words = words.slice(1);
  const argv: string[] = [];
  for (const word of words) {
    const fields = expand(patterns === 'kept' ? { ...word, glob: false } : word, variables, expanded, false);
    if ('reason' in fields) return fields;
    for (const field of fields) argv.push(field);
  }
  if (argv[0] === 'env') {
    let count = 1;
    for (; count < argv.length; count += 1) {
      const match = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(argv[count]!);
      if (match === null) break;
      environment.push({ name: match[1]!, value: match[2]! });
    }
    if (count === argv.length || argv[count]!.startsWith('-')) return { reason: 'uses `env`', range: command.range };
    argv.splice(0, count);
  }
  const program = argv[0];
  if (program === undefined || program === '') return { reason: 'starts no program', range: command.range };
  if (shellBuiltins.has(program)) return { reason: `uses the shell's own \`${program}\``, range: command.range };
  return { argv, environment, workdir, dropped, expanded: [...expanded] };
}

/** The fields that a word becomes, by the rules of POSIX shells; with `assigned` there is no splitting. */
function expand(
  word: Word,
  variables: ReadonlyMap<string, string | undefined>,
  expanded: Set<string>,
  assigned: boolean,
): string[] | ShellNeed {
  const { range } = word;
  if (word.glob) return { reason: `expands file names (\`${word.raw}\`)`, range };
  if (word.braces) return { reason: `may expand braces (\`${word.raw}\`)`, range };
  if (dollarQuotes(word.raw)) return { reason: `has quotes that shells read differently (\`${word.raw}\`)`, range };
  if (word.value !== undefined && !/^\w+=~/.test(word.raw)) return [word.value];
  if (word.tilde || /^\w+=~/.test(word.raw)) return { reason: `expands \`~\` (\`${word.raw}\`)`, range };
  const fields: string[] = [];
  let field: string | undefined;
  for (const part of word.parts) {
    if (part.kind === 'text') {
      field = (field ?? '') + part.text;
      continue;
    }
    if (part.kind !== 'variable') {
      const what = part.kind === 'arithmetic' ? 'calculates' : 'puts in the output of another command';
      return { reason: `${what} (\`${word.raw}\`)`, range };
    }
    const value = variableValue(part, variables);
    if (value === undefined) return { reason: unknownVariable(part, variables), range };
    expanded.add(part.name);
    if (part.quoted || assigned) {
      field = (field ?? '') + value;
      continue;
    }
    if (/[*?[\\]/.test(value)) {
      return { reason: `expands file names (\`${word.raw}\` is \`${value}\`)`, range };
    }
    value.split(/[ \t\n]+/).forEach((piece, index) => {
      if (index > 0 && field !== undefined) {
        fields.push(field);
        field = undefined;
      }
      if (piece !== '') field = (field ?? '') + piece;
    });
  }
  if (field !== undefined) fields.push(field);
  return fields;
}

function unknownVariable(
  part: Extract<Word['parts'][number], { kind: 'variable' }>,
  variables: ReadonlyMap<string, string | undefined>,
): string {
  if (!/^[A-Za-z_]/.test(part.name)) return `uses the shell's own \`$${part.name}\``;
  if (!variables.has(part.name)) return `expands \`$${part.name}\`, which is not known before the container starts`;
  return `expands \`\${${part.name}${part.operator ?? ''}${part.operand ?? ''}}\``;
}

/** `$'…'` and `$"…"` outside other quotes: escapes and translations for bash, a dollar for dash. */
function dollarQuotes(raw: string): boolean {
  if (!raw.includes('$')) return false;
  let quote = '';
  for (let i = 0; i < raw.length; i += 1) {
    const character = raw[i]!;
    if (character === '\\' && quote !== "'") i += 1;
    else if (quote === '') {
      if (character === '$' && (raw[i + 1] === "'" || raw[i + 1] === '"')) return true;
      if (character === "'" || character === '"') quote = character;
    } else if (character === quote) quote = '';
  }
  return false;
}

function changeOfDirectory(
  node: Node,
  variables: ReadonlyMap<string, string | undefined>,
  expanded: Set<string>,
): string | undefined {
  if (node.kind !== 'command' || node.assignments.length > 0 || node.redirects.length > 0) return undefined;
  const [cd, directory] = node.words;
  if (node.words.length !== 2 || cd?.value !== 'cd' || directory === undefined || variables.has('CDPATH')) {
    return undefined;
  }
  const fields = expand(directory, variables, expanded, false);
  if ('reason' in fields || fields.length !== 1 || fields[0] === '' || fields[0]!.startsWith('-')) return undefined;
  return fields[0];
}

/** `set -e` and its like, which say what happens after an error: of one program there is no after. */
function isHarmlessSet(node: Node): boolean {
  if (node.kind !== 'command' || node.redirects.length > 0 || node.assignments.length > 0) return false;
  const text = node.words.map((word) => word.value ?? '$').join(' ');
  return /^set (?:-e|-eo pipefail|-o (?:errexit|pipefail)|-e -o pipefail)$/.test(text);
}

function keepsToContainerOutput(redirect: Redirect): boolean {
  const target = redirect.target?.value;
  if (target === undefined || (redirect.fileDescriptor ?? 1) < 1 || (redirect.fileDescriptor ?? 1) > 2) return false;
  if (redirect.operator === '>&') return target === '1' || target === '2';
  if (redirect.operator !== '>' && redirect.operator !== '>>') return false;
  return /^\/dev\/(?:stdout|stderr|fd\/[12])$|^\/proc\/(?:1|self)\/fd\/[12]$/.test(target);
}

function redirectSource({ operator, fileDescriptor, target }: Redirect): string {
  const space = operator === '>' || operator === '>>' ? ' ' : '';
  return `${fileDescriptor ?? ''}${operator}${operator.startsWith('<<') ? '' : `${space}${target?.raw ?? ''}`}`;
}

function sourceOf(node: Node): string {
  return node.kind === 'command' ? node.words.map((word) => word.raw).join(' ') : '';
}

function reasonOf(node: Node): string {
  if (node.kind === 'pipeline') {
    if (node.nodes.length > 1) return 'pipes one program into another';
    return node.negated ? "turns a program's result around with `!`" : 'measures the time of a program';
  }
  if (node.kind === 'and-or') return `runs one command depending on another (\`${node.operators[0]}\`)`;
  if (node.kind === 'command') return 'runs a command';
  switch (node.form) {
    case 'subshell':
    case 'group':
      return 'groups commands';
    case 'function':
      return 'defines a function';
    case 'test':
    case 'arithmetic':
      return 'evaluates a condition';
    default:
      return `branches or loops with \`${node.form}\``;
  }
}
