import { parseShell } from '../shell/parse.ts';
import type { Command, Word } from '../shell/tree.ts';
import type { Action, Condition, Value } from './program.ts';
import { textValue } from './program.ts';
import { isUnclear, readValue, type Unclear, type WordContext } from './read-value.ts';

/** A question whether a server is there: `nc -z HOST PORT`, `pg_isready -h HOST`, `</dev/tcp/HOST/PORT`. */
export function readWaited(command: Command, context: WordContext): Condition | Unclear | undefined {
  const words = withoutTimeout(command.words);
  const program = words[0]?.value?.replace(/^.*\//, '');
  if (program === 'nc' || program === 'ncat' || program === 'netcat') return readNetcat(words.slice(1), context);
  if (program === 'pg_isready') return readPgIsready(words.slice(1), context);
  if ((program === 'bash' || program === 'sh') && words[1]?.value === '-c' && words.length === 3)
    return readDevTcp(command, words[2]!.raw.replace(/^(["'])([\s\S]*)\1$/, '$2'), context);
  for (const { operator, target } of command.redirects)
    if ((operator === '>' || operator === '<') && /^\/dev\/tcp\//.test(target?.raw ?? ''))
      return readDevTcp(command, `< ${target!.raw}`, context);
  return undefined;
}

function withoutTimeout(words: readonly Word[]): readonly Word[] {
  return words[0]?.value === 'timeout' && /^\d+s?$/.test(words[1]?.value ?? '') ? words.slice(2) : words;
}

function answers(host: Value | Unclear, port: Value | Unclear, protocol: 'tcp' | 'postgres'): Condition | Unclear {
  if (isUnclear(host)) return host;
  return isUnclear(port) ? port : { kind: 'answers', host, port, protocol };
}

function readNetcat(words: readonly Word[], context: WordContext): Condition | Unclear | undefined {
  const operands: Word[] = [];
  let scans = false;
  for (let at = 0; at < words.length; at++) {
    const flag = words[at]!.value;
    if (flag === undefined || !flag.startsWith('-')) operands.push(words[at]!);
    else if (/^-[vnz]*w$/.test(flag)) at++;
    else if (!/^-[vnzw\d]+$/.test(flag)) return undefined;
    if (flag?.startsWith('-') && flag.includes('z')) scans = true;
  }
  if (!scans || operands.length !== 2) return undefined;
  return answers(readValue(operands[0]!, context), readValue(operands[1]!, context), 'tcp');
}

function readPgIsready(words: readonly Word[], context: WordContext): Condition | Unclear | undefined {
  const variable = (name: string, fallback: string): Value => [
    { kind: 'variable', name, fallback: textValue(fallback), emptyIsMissing: true, required: false },
  ];
  let host: Value | Unclear = variable('PGHOST', 'localhost');
  let port: Value | Unclear = variable('PGPORT', '5432');
  for (let at = 0; at < words.length; at++) {
    const [, flag, inline] = /^(-[hpUdt]|--(?:host|port|username|dbname|timeout))=?(.*)$/.exec(words[at]!.raw) ?? [];
    if (words[at]!.value === '-q' || words[at]!.value === '--quiet') continue;
    if (flag === undefined || inline !== '') return undefined;
    const next = words[++at];
    if (next === undefined) return undefined;
    if (flag === '-h' || flag === '--host') host = readValue(next, context);
    if (flag === '-p' || flag === '--port') port = readValue(next, context);
    if (flag === '-d' && !/^[\w"${}-]+$/.test(next.raw)) return undefined;
  }
  return answers(host, port, 'postgres');
}

/** bash opens a connection for a redirection to `/dev/tcp/HOST/PORT`. */
function readDevTcp(command: Command, text: string, context: WordContext): Condition | Unclear | undefined {
  const [, host, port] =
    /^\s*(?:(?:cat|echo|:)?\s*)?(?:>|<)\s*["']?\/dev\/tcp\/([^/\s"';]+)\/([^/\s"';]+)["']?\s*$/.exec(text) ?? [];
  if (host === undefined || port === undefined) return undefined;
  const value = (part: string): Value | Unclear => {
    const [statement] = parseShell(`: "${part}"`).statements;
    const node = statement?.node;
    const word = node?.kind === 'command' ? node.words[1] : undefined;
    if (word === undefined) return { reason: 'waits for what is not understood', range: command.range };
    return readValue({ ...word, range: command.range }, context);
  };
  return answers(value(host), value(port), 'tcp');
}

/**
 * The scripts that projects copy to wait for a host: what they wait for, and what they start then. `stops`: a failure
 * ends the script.
 */
export function readWaitScript(
  words: readonly Word[],
  context: WordContext,
  stops: boolean,
): { readonly actions: readonly Action[]; readonly rest: readonly Word[] } | Unclear | undefined {
  const program = words[0]?.value?.replace(/^.*\//, '');
  if (!/^wait-?for(-?it)?(\.sh)?$/.test(program ?? '')) return undefined;
  let host: Value | Unclear | undefined;
  let port: Value | Unclear | undefined;
  let rest: readonly Word[] = [];
  let seconds = 15;
  let fails = program === 'wait-for' || program === 'wait-for.sh';
  for (let at = 1; at < words.length; at++) {
    const word = words[at]!;
    if (word.value === '--') {
      rest = words.slice(at + 1);
      break;
    }
    const pair = hostAndPort(word, context);
    const flag = word.value;
    if (flag === '-t' || flag === '--timeout' || flag === '-h' || flag === '-p') {
      const next = words[++at];
      if (next === undefined) return undefined;
      if (flag === '-h') host = readValue(next, context);
      if (flag === '-p') port = readValue(next, context);
      if (flag === '-t' || flag === '--timeout') {
        if (!/^\d+$/.test(next.value ?? '')) return { reason: `waits for \`${next.raw}\` seconds`, range: next.range };
        seconds = Number(next.value);
      }
    } else if (flag !== undefined && /^--timeout=\d+$/.test(flag)) seconds = Number(flag.slice('--timeout='.length));
    else if (flag === '-s' || flag === '--strict') fails = true;
    else if (flag === '-q' || flag === '--quiet') continue;
    else if (pair !== undefined && host === undefined) {
      host = pair[0];
      port = pair[1];
    } else return { reason: `gives ${program} an option that is not understood (\`${word.raw}\`)`, range: word.range };
  }
  if (host === undefined || port === undefined) return undefined;
  const condition = answers(host, port, 'tcp');
  if (isUnclear(condition)) return condition;
  const until: Action = { kind: 'until', condition, actions: [pause] };
  // without a program to start, its result is whether something answered
  const ends = fails || (stops && rest.length === 0);
  return { actions: [seconds === 0 ? until : { ...until, limit: { seconds, fails: ends } }], rest };
}

/** `"$HOST:${PORT:-5432}"` */
function hostAndPort(word: Word, context: WordContext): readonly [Value, Value] | undefined {
  const value = readValue(word, context);
  if (isUnclear(value)) return undefined;
  const text = value.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('');
  if (text.split(':').length !== 2) return undefined;
  const at = value.findIndex((piece) => piece.kind === 'text' && piece.text.includes(':'));
  const piece = value[at]!;
  if (piece.kind !== 'text') return undefined;
  const [before = '', after = ''] = piece.text.split(':');
  const host = [...value.slice(0, at), ...textValue(before)];
  const port = [...textValue(after), ...value.slice(at + 1)];
  return host.length === 0 || port.length === 0 ? undefined : [host, port];
}

/** Between two questions. */
export const pause: Action = { kind: 'sleep', seconds: textValue('1') };
