import type { Command, Redirect, Word } from '../shell/tree.ts';
import { wordFrom } from '../shell/word.ts';
import { unwrap } from '../shell/wrappers.ts';
import type { Range } from '../text/range.ts';
import { type Action, type Argument, type Call, constantOf, textValue, type Value } from './program.ts';
import { isFilled, isUnclear, readArguments, readValue, type Unclear, type WordContext } from './read-value.ts';
import { readWaitScript } from './waits.ts';

/** What the script has said by the time of a command; a command adds to it. */
export interface CommandReader {
  /** `set -e` is in force */
  stops: boolean;
  asRoot: boolean;
  readonly exported: Set<string>;
  context: WordContext;
}

type Read = readonly Action[] | Unclear;

/** Reads one command. `ends`: nothing follows, so that a program may take the shell's place. */
export function readCommand(command: Command, reader: CommandReader, ends: boolean): Read {
  const read = readAny(command, reader, ends);
  if (isUnclear(read)) return read;
  for (const action of read) {
    if (action.kind !== 'set') continue;
    const filled = new Set(reader.context.filled);
    if (isFilled(action.value, filled)) filled.add(action.name);
    else filled.delete(action.name);
    reader.context = { ...reader.context, filled };
  }
  return read;
}

function readAny(command: Command, reader: CommandReader, ends: boolean): Read {
  const { words, assignments, range } = command;
  const name = words[0]?.value;
  if (words.length === 0) return readAssignments(command, reader);
  const builtin = assignments.length === 0 && name !== undefined ? builtins.get(name) : undefined;
  if (builtin !== undefined) return builtin(command, reader);
  if (name !== undefined && otherBuiltins.has(name)) return { reason: `uses the shell's own \`${name}\``, range };
  if (name !== undefined && writers.has(name)) {
    const written = readWriter(command, reader);
    if (written !== undefined) return written;
  }
  if (name === 'exec') return readExec(command, reader);
  const waited = readWaitScript(words, reader.context);
  if (waited !== undefined) {
    if (isUnclear(waited) || waited.rest.length === 0) return isUnclear(waited) ? waited : waited.actions;
    const rest = readCommand({ ...command, words: waited.rest }, reader, ends);
    return isUnclear(rest) ? rest : [...waited.actions, ...rest];
  }
  const call = readCall(command, reader);
  if (isUnclear(call)) return call;
  return ends && call.input === undefined ? [{ kind: 'exec', call }] : [{ kind: 'run', call, stops: reader.stops }];
}

/** What only the shell itself can do, and no launcher is taught. */
const otherBuiltins: ReadonlySet<string> = new Set(
  (
    '. alias bg break command continue eval fc fg getopts hash jobs kill let read return source times trap type ulimit ' +
    'umask unalias wait pushd popd declare typeset mapfile readarray shopt'
  ).split(' '),
);

const builtins: ReadonlyMap<string, (command: Command, reader: CommandReader) => Read> = new Map<
  string,
  (command: Command, reader: CommandReader) => Read
>([
  [':', readDefaults],
  ['set', readSet],
  ['export', readExport],
  ['local', readLocal],
  ['readonly', readLocal],
  ['unset', ({ range }) => ({ reason: 'unsets variables', range })],
  ['shift', (command) => (command.words.length === 1 ? [shifted] : unclear(command, 'shifts its arguments'))],
  [
    'cd',
    ({ words, range }, { context }) => oneOperand(words, range, context, (path) => ({ kind: 'change-folder', path })),
  ],
  [
    'sleep',
    ({ words, range }, { context }) => oneOperand(words, range, context, (seconds) => ({ kind: 'sleep', seconds })),
  ],
  ['exit', readExit],
  ['true', () => []],
  ['mkdir', readFolders],
  ['chown', readOwners],
  ['chgrp', readOwners],
  ['chmod', readOwners],
  ['rm', readRemoval],
]);

const shifted: Action = { kind: 'arguments', words: [{ kind: 'rest', from: 1 }] };

function unclear({ range }: Command, reason: string): Unclear {
  return { reason, range };
}

function oneOperand(words: readonly Word[], range: Range, context: WordContext, make: (value: Value) => Action): Read {
  if (words.length !== 2) return { reason: `uses \`${words[0]!.raw}\` in a way of its own`, range };
  const value = readValue(words[1]!, context);
  return isUnclear(value) ? value : [make(value)];
}

function readAssignments({ assignments, redirects, range }: Command, reader: CommandReader): Read {
  if (redirects.length > 0) return { reason: 'redirects the output of nothing', range };
  const actions: Action[] = [];
  for (const { name, append, value, range: place } of assignments) {
    if (append || !/^[A-Za-z_]\w*$/.test(name))
      return { reason: `sets \`${name}\` in the shell's own way`, range: place };
    if (name === 'IFS') return { reason: 'changes how words are split (`IFS`)', range: place };
    // `N=$((N-=1))` sets N once
    const counted =
      value === undefined ? null : /^"?\$\(\(\s*([A-Za-z_]\w*)\s*([+-])=\s*(\d{1,6})\s*\)\)"?$/.exec(value.raw);
    const read: Value | Unclear =
      counted?.[1] === name
        ? [{ kind: 'sum', name, by: Number(`${counted[2]}${counted[3]}`) }]
        : value === undefined
          ? []
          : readValue(value, reader.context);
    if (isUnclear(read)) return read;
    actions.push({ kind: 'set', name, value: read });
  }
  return actions;
}

/** `: "${NAME:=value}"` */
function readDefaults(command: Command, { context }: CommandReader): Read {
  const actions: Action[] = [];
  for (const word of command.words.slice(1)) {
    const value = readValue(word, context);
    if (isUnclear(value)) return value;
    for (const [index, part] of word.parts.entries()) {
      const piece = value[index];
      if (part.kind === 'variable' && piece?.kind === 'variable' && (part.operator?.endsWith('=') || piece.required))
        actions.push({ kind: 'set', name: part.name, value: [piece] });
    }
  }
  return actions;
}

function readSet(command: Command, reader: CommandReader): Read {
  const words = command.words.slice(1);
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!.value;
    if (word === '--') {
      if (reader.context.given !== undefined) return unclear(command, 'sets the arguments of a function');
      const list = readWords(words.slice(at + 1), reader.context);
      return isUnclear(list) ? list : [{ kind: 'arguments', words: list }];
    }
    if (word === undefined || !/^[-+]/.test(word)) {
      if (at === 0 && reader.context.given === undefined) {
        const list = readWords(words, reader.context);
        return isUnclear(list) ? list : [{ kind: 'arguments', words: list }];
      }
      return unclear(command, 'sets its arguments');
    }
    if (word === '-o' || word === '+o') {
      const option = words[++at]?.value;
      if (option === 'errexit') reader.stops = word === '-o';
      else if (option === 'nounset') reader.context = { ...reader.context, strict: word === '-o' };
      else if (option === 'allexport') return unclear(command, 'exports whatever it sets (`set -a`)');
      continue;
    }
    const on = word.startsWith('-');
    if (word.includes('a')) return unclear(command, 'exports whatever it sets (`set -a`)');
    if (word.includes('e')) reader.stops = on;
    if (word.includes('u')) reader.context = { ...reader.context, strict: on };
    if (word.endsWith('o')) {
      const option = words[++at]?.value;
      if (option === 'errexit') reader.stops = on;
    }
    if (/[fnm]/.test(word.slice(1))) return unclear(command, `uses \`set ${word}\``);
  }
  return [];
}

/** `export A=b C`, `local a=b` */
function readExport({ words, range }: Command, reader: CommandReader): Read {
  const actions: Action[] = [];
  for (const word of words.slice(1)) {
    const first = word.parts[0];
    const match = first?.kind === 'text' ? /^([A-Za-z_]\w*)(=?)/.exec(first.text) : null;
    if (match === null || (match[2] === '' && word.value !== match[1]))
      return { reason: `exports \`${word.raw}\``, range };
    const name = match[1]!;
    reader.exported.add(name);
    if (match[2] === '') continue;
    const value = readValue(wordFrom(word, name.length + 1), reader.context);
    if (isUnclear(value)) return value;
    // all words are expanded before any of them is set
    const earlier = word.parts.some((part) =>
      actions.some(
        (action) =>
          action.kind === 'set' &&
          part.kind === 'variable' &&
          (part.name === action.name ||
            part.operand?.includes(`$${action.name}`) ||
            part.operand?.includes(`\${${action.name}`)),
      ),
    );
    if (earlier) return { reason: `sets \`${name}\` from a variable set just before`, range };
    actions.push({ kind: 'set', name, value });
  }
  return actions;
}

function readLocal(command: Command, reader: CommandReader): Read {
  const before = new Set(reader.exported);
  const read = readExport(command, reader);
  for (const name of [...reader.exported]) if (!before.has(name)) reader.exported.delete(name);
  return read;
}

function readExit(command: Command): Read {
  const [, code] = command.words;
  if (code === undefined) return [{ kind: 'exit', status: 0 }];
  return /^\d{1,3}$/.test(code.value ?? '')
    ? [{ kind: 'exit', status: Number(code.value) }]
    : unclear(command, `ends with \`exit ${code.raw}\``);
}

/** The operands of a command of which options are of no consequence here. */
function operandsOf(command: Command, options: RegExp, context: WordContext): readonly Value[] | Unclear {
  if (command.redirects.some((redirect) => !isHarmless(redirect)))
    return unclear(command, `redirects the output of \`${command.words[0]!.raw}\``);
  const values: Value[] = [];
  for (const word of command.words.slice(1)) {
    if (word.value?.startsWith('-')) {
      if (!options.test(word.value)) return unclear(command, `uses \`${command.words[0]!.raw} ${word.value}\``);
      continue;
    }
    const value = readValue(word, context);
    if (isUnclear(value)) return value;
    values.push(value);
  }
  return values;
}

function readFolders(command: Command, { context }: CommandReader): Read {
  const paths = operandsOf(command, /^-(p|pv|vp|-parents)$/, context);
  return isUnclear(paths) ? paths : [{ kind: 'make-folders', paths }];
}

function readOwners(command: Command, reader: CommandReader): Read {
  const paths = operandsOf(command, /^-(R|f|v|h|Rf|fR|-recursive)$/, reader.context);
  if (isUnclear(paths)) return paths;
  const isMode = command.words[0]!.value === 'chmod';
  const mode = paths[0] === undefined ? undefined : constantOf(paths[0]);
  // a mode that shuts others out is meant; one that lets the program in is what owning does
  if (isMode && !/^(\+x|a\+x|u\+x|0?7[57][057]|[agou]*\+[rwxX]+)$/.test(mode ?? ''))
    return unclear(command, 'changes who may read files (`chmod`)');
  reader.asRoot = true;
  return [{ kind: 'own', paths: paths.slice(1), gives: !isMode }];
}

function readRemoval(command: Command, { context }: CommandReader): Read {
  if (command.words.some(({ value }) => /^-\w*r/i.test(value ?? ''))) return unclear(command, 'removes folders');
  const paths = operandsOf(command, /^-f$/, context);
  return isUnclear(paths) ? paths : [{ kind: 'remove', paths }];
}

/** `exec program`, with its own way of leaving root. */
function readExec(command: Command, reader: CommandReader): Read {
  if (command.words.length < 2 || command.words[1]!.raw.startsWith('-'))
    return unclear(command, 'redirects all its output with `exec`');
  const call = readCall({ ...command, words: command.words.slice(1) }, reader);
  if (isUnclear(call)) return call;
  return call.input === undefined ? [{ kind: 'exec', call }] : unclear(command, 'gives its program a text to read');
}

/** Programs that only change to another user, which the image has done already. */
const userChanges: ReadonlySet<string> = new Set([
  'gosu',
  'su-exec',
  'setpriv',
  'runuser',
  's6-setuidgid',
  'chpst',
  'sudo',
]);

function readCall(command: Command, reader: CommandReader): Call | Unclear {
  const { context } = reader;
  let input: Value | undefined;
  for (const redirect of command.redirects) {
    const isText = /^<<-?$/.test(redirect.operator) && redirect.target !== undefined && input === undefined;
    if (!isHarmless(redirect) && !isText) return unclear(command, `redirects with \`${redirect.operator}\``);
    if (!isText) continue;
    const text = readValue(redirect.target!, context);
    if (isUnclear(text)) return text;
    input = text;
  }
  const environment: { name: string; value: Value }[] = [];
  for (const { name, append, value } of command.assignments) {
    const read = value === undefined ? [] : readValue(value, context);
    if (append || isUnclear(read)) return isUnclear(read) ? read : unclear(command, `appends to \`${name}\``);
    environment.push({ name, value: read });
  }
  let words = command.words;
  const name = words[0]?.value?.replace(/^.*\//, '') ?? '';
  if (userChanges.has(name)) {
    const inner = unwrap({ ...command, words, assignments: [] });
    if (inner.words.length === 0 || inner.assignments.length > 0 || inner.wrappers.length !== 1)
      return unclear(command, `changes the user with \`${name}\``);
    reader.asRoot = true;
    words = inner.path === undefined ? inner.words : [inner.path, ...inner.words.slice(1)];
  }
  const list = readWords(words, context);
  if (isUnclear(list)) return list;
  const quiet = command.redirects.some(({ target }) => target?.value === '/dev/null');
  return { words: list, environment, quiet, ...(input === undefined ? {} : { input }) };
}

function readWords(words: readonly Word[], context: WordContext): readonly Argument[] | Unclear {
  const list: Argument[] = [];
  for (const word of words) {
    const read = readArguments(word, context);
    if (isUnclear(read)) return read;
    list.push(...read);
  }
  return list;
}

function isHarmless({ operator, target }: Redirect): boolean {
  if (operator === '>&') return target?.value === '1' || target?.value === '2';
  return /^(>|>>|&>)$/.test(operator) && /^\/dev\/(null|stdout|stderr)$/.test(target?.value ?? '');
}

const writers: ReadonlySet<string> = new Set(['echo', 'printf', 'cat', 'envsubst', 'sed', 'touch']);

/** What prints, or makes a file from a text. Undefined: a program like any other. */
function readWriter(command: Command, { context }: CommandReader): Read | undefined {
  const { words, redirects, range } = command;
  const name = words[0]!.value;
  const into = redirects.find(({ operator, fileDescriptor, target }) => {
    const path = target?.value;
    return /^>>?$/.test(operator) && (fileDescriptor ?? 1) === 1 && !/^\/dev\/(null|stdout|stderr)$/.test(path ?? '');
  });
  const path = into?.target === undefined ? undefined : readValue(into.target, context);
  if (path !== undefined && isUnclear(path)) return path;
  const others = redirects.filter((redirect) => redirect !== into && !isHarmless(redirect));
  if (name === 'envsubst') return readFill(command, others, path, context);
  if (name === 'sed') return readReplace(command, others, path, context);
  let text: Value | Unclear | undefined;
  if (name === 'cat') {
    const [body] = others;
    if (words.length !== 1 || others.length !== 1 || !/^<<-?$/.test(body!.operator) || body!.target === undefined)
      return undefined;
    text = readValue(body!.target, context);
  } else if (others.length > 0) return { reason: `redirects \`${name}\``, range };
  else if (name === 'touch') {
    if (words.length !== 2) return undefined;
    const file = readValue(words[1]!, context);
    return isUnclear(file) ? file : [{ kind: 'write', path: file, text: [], append: true }];
  } else text = readPrinted(words, context);
  if (text === undefined) return { reason: `uses \`${name}\` in a way of its own`, range };
  if (isUnclear(text)) return text;
  if (path !== undefined) return [{ kind: 'write', path, text, append: into!.operator === '>>' }];
  const quiet = redirects.some(({ target }) => target?.value === '/dev/null');
  const error = redirects.some(
    ({ operator, target }) => (operator === '>&' && target?.value === '2') || target?.value === '/dev/stderr',
  );
  return quiet ? [] : [{ kind: 'print', value: text, error }];
}

/** What `echo` and `printf '…\n'` print, its line end included. */
function readPrinted(words: readonly Word[], context: WordContext): Value | Unclear | undefined {
  const isEcho = words[0]!.value === 'echo';
  let rest = words.slice(1);
  let end = '\n';
  if (isEcho && rest[0]?.value === '-n') {
    end = '';
    rest = rest.slice(1);
  }
  if (isEcho && /^-[neE]+$/.test(rest[0]?.value ?? '')) return undefined;
  const out: Value[] = [];
  if (!isEcho) {
    const format = rest[0]?.value;
    if (format === undefined || rest.length > 2) return undefined;
    if (rest.length === 2) {
      if (format !== '%s\\n' && format !== '%s') return undefined;
      const value = readValue(rest[1]!, context);
      return isUnclear(value) ? value : [...value, ...textValue(format === '%s' ? '' : '\n')];
    }
    if (/[%\\](?!n)/.test(format)) return undefined;
    return textValue(format.replaceAll('\\n', '\n'));
  }
  for (const word of rest) {
    const value = readValue(word, context);
    if (isUnclear(value)) return value;
    if (value.some((piece) => piece.kind === 'text' && piece.text.includes('\\'))) return undefined;
    out.push(value);
  }
  return [...out.flatMap((value, index) => (index === 0 ? value : [...textValue(' '), ...value])), ...textValue(end)];
}

function readFill(
  command: Command,
  others: readonly Redirect[],
  to: Value | undefined,
  context: WordContext,
): Read | undefined {
  const [source] = others;
  if (to === undefined || others.length !== 1 || source?.operator !== '<' || source.target === undefined)
    return undefined;
  const from = readValue(source.target, context);
  if (isUnclear(from)) return from;
  if (command.words.length === 1) return [{ kind: 'fill', from, to, names: undefined }];
  const listed = command.words.length === 2 ? command.words[1]!.value : undefined;
  const names = listed === undefined ? null : listed.match(/\$\{?[A-Za-z_]\w*\}?/g);
  if (names === null) return unclear(command, 'gives envsubst a list that is not understood');
  return [{ kind: 'fill', from, to, names: names.map((name) => name.replace(/\W/g, '')) }];
}

/** `sed -i "s|TEXT|$VALUE|g" FILE` where TEXT is no pattern. */
function readReplace(
  command: Command,
  others: readonly Redirect[],
  to: Value | undefined,
  context: WordContext,
): Read | undefined {
  const [, flag, script, file, ...more] = command.words;
  if (to !== undefined || others.length > 0 || flag?.value !== '-i' || script === undefined || file === undefined)
    return undefined;
  const value = readValue(script, context);
  const path = readValue(file, context);
  if (more.length > 0 || isUnclear(value)) return isUnclear(value) ? value : unclear(command, 'edits files with `sed`');
  if (isUnclear(path)) return path;
  const first = value[0]?.kind === 'text' ? value[0].text : '';
  const last = value.at(-1)?.kind === 'text' ? constantOf([value.at(-1)!])! : '';
  const [, mark = '', text = ''] = /^s([|#@,/])([\w{}@%:~ -]+)\1/.exec(first) ?? [];
  const [, end = ''] = /([|#@,/]g?)$/.exec(last) ?? [];
  if (text === '' || end[0] !== mark || value.length !== 3)
    return unclear(command, 'edits files with a pattern of `sed`');
  if (first !== `s${mark}${text}${mark}` || last !== end)
    return unclear(command, 'edits files with a pattern of `sed`');
  return [{ kind: 'replace', path, text, by: [value[1]!], all: end.endsWith('g') }];
}
