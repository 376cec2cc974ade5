import { replaceInvalid } from '../text/encoding.ts';
import { isSeparator } from './characters.ts';
import { readJsonArray } from './json-array.ts';
import { splitAtSeparators, splitQuoted } from './words.ts';

/** The values of an instruction's node chain, or why the builder refuses them. */
export type ArgumentValues =
  | { readonly args: readonly string[]; readonly json: boolean }
  | { readonly refusal: string };

const NONE: ArgumentValues = { args: [], json: false };
const NOT_STRINGS: ArgumentValues = {
  refusal: 'when using JSON array syntax, arrays must be comprised of strings only',
};

/** Reads the arguments of an instruction (flags removed, trimmed). ONBUILD is read by the parser itself. */
export function readArguments(keyword: string, body: string, escapeToken: number): ArgumentValues {
  switch (keyword) {
    case 'run':
    case 'cmd':
    case 'entrypoint':
    case 'shell':
      return jsonOr(body, whole);
    case 'copy':
    case 'add':
    case 'volume':
      return jsonOr(body, list);
    case 'from':
    case 'expose':
      return list(body);
    case 'workdir':
    case 'user':
    case 'stopsignal':
    case 'maintainer':
      return whole(body);
    case 'env':
      return pairs(body, 'ENV', escapeToken);
    case 'label':
      return pairs(body, 'LABEL', escapeToken);
    case 'arg':
      return { args: splitQuoted(body, escapeToken).map((word) => word.text), json: false };
    case 'healthcheck':
      return healthcheck(body);
    default:
      return { args: [''], json: false };
  }
}

function whole(body: string): ArgumentValues {
  return body === '' ? NONE : { args: [body], json: false };
}

function list(body: string): ArgumentValues {
  return body === '' ? NONE : { args: splitAtSeparators(body).map((word) => word.text), json: false };
}

function jsonOr(body: string, otherwise: (body: string) => ArgumentValues): ArgumentValues {
  const array = readJsonArray(body);
  if (array === undefined) return otherwise(body);
  if (array === 'mixed') return NOT_STRINGS;
  return { args: array.map((element) => element.text), json: true };
}

/** Name, value and separator of each pair; the separator of the old form `NAME value` is empty. */
function pairs(body: string, keyword: string, escapeToken: number): ArgumentValues {
  const words = splitQuoted(body, escapeToken);
  if (words.length === 0) return NONE;
  if (!words[0]!.text.includes('=')) {
    const nameEnd = separatorIn(body);
    if (nameEnd === body.length) return { refusal: `${keyword} must have two arguments` };
    return { args: [body.slice(0, nameEnd), body.slice(skipSeparators(body, nameEnd)), ''], json: false };
  }
  const args: string[] = [];
  for (const { text } of words) {
    const equals = text.indexOf('=');
    if (equals === -1) {
      return { refusal: `Syntax error - can't find = in ${quote(text)}. Must be of the form: name=value` };
    }
    args.push(text.slice(0, equals), text.slice(equals + 1), '=');
  }
  return { args, json: false };
}

/** The first word, and the rest as a command. */
function healthcheck(body: string): ArgumentValues {
  const typeEnd = separatorIn(body);
  if (typeEnd === 0) return NONE;
  const command = jsonOr(body.slice(skipSeparators(body, typeEnd)), whole);
  if ('refusal' in command) return command;
  return { args: [body.slice(0, typeEnd), ...command.args], json: command.json };
}

/** The first separator of a text; its length if it has none. */
export function separatorIn(text: string): number {
  let at = 0;
  while (at < text.length && !isSeparator(text.charCodeAt(at))) at++;
  return at;
}

/** The first offset from `start` on that is no separator. */
export function skipSeparators(text: string, start: number): number {
  let at = start;
  while (at < text.length && isSeparator(text.charCodeAt(at))) at++;
  return at;
}

/** A text in double quotes as Go's %q writes it, for all that a Dockerfile's line can hold. */
function quote(text: string): string {
  const named: Record<string, string> = {
    '\u0007': '\\a',
    '\b': '\\b',
    '\f': '\\f',
    '\r': '\\r',
    '\t': '\\t',
    '\v': '\\v',
  };
  const escaped = replaceInvalid(text).replace(/["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, (character) => {
    if (character === '"' || character === '\\') return `\\${character}`;
    const code = character.codePointAt(0)!;
    if (Object.hasOwn(named, character)) return named[character]!;
    if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`;
    return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
  });
  return `"${escaped}"`;
}
