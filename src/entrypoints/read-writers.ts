import type { Command, Redirect, Word } from '../shell/tree.ts';
import { constantOf, textValue, type Value } from './program.ts';
import { isUnclear, readValue, type Unclear, type WordContext } from './read-value.ts';
import { type CommandReader, isHarmless, type Read, unclear } from './read-words.ts';

export const writers: ReadonlySet<string> = new Set(['echo', 'printf', 'cat', 'envsubst', 'sed', 'touch']);

/** What prints, or makes a file from a text. Undefined: a program like any other. */
export function readWriter(command: Command, { context }: CommandReader): Read | undefined {
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
