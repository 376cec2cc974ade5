import type { Range } from '../text/range.ts';
import type { Word, WordPart } from './tree.ts';

/** A word that means `text` and nothing else, as an exec form holds it. */
export function literalWord(text: string, range: Range, raw: string = text): Word {
  return {
    raw,
    range,
    parts: [{ kind: 'text', text, quoted: true }],
    value: text,
    glob: false,
    braces: false,
    tilde: false,
  };
}

/** The text of a word that holds text alone, its globs, braces and tilde unexpanded; undefined for any other. */
export function textOf(word: Word): string | undefined {
  if (word.value !== undefined) return word.value;
  let text = '';
  for (const part of word.parts) {
    if (part.kind !== 'text') return undefined;
    text += part.text;
  }
  return text;
}

/** The text before the first variable, command or arithmetic of a word. */
export function leadingText(word: Word): string {
  if (word.value !== undefined) return word.value;
  let text = '';
  for (const part of word.parts) {
    if (part.kind !== 'text') break;
    text += part.text;
  }
  return text;
}

/**
 * The word without the first `length` characters of its leading text: the value of `--name=value`. Its range is that of
 * the rest where the word stands in one piece and unquoted, else that of the whole word.
 */
export function wordFrom(word: Word, length: number): Word {
  const parts: WordPart[] = [];
  let left = length;
  for (const part of word.parts) {
    if (left === 0 || part.kind !== 'text') parts.push(part);
    else if (part.text.length > left) {
      parts.push({ kind: 'text', text: part.text.slice(left), quoted: part.quoted });
      left = 0;
    } else left -= part.text.length;
  }
  const first = word.parts[0];
  const plain =
    first?.kind === 'text' &&
    first.text.length >= length &&
    word.raw.startsWith(first.text.slice(0, length)) &&
    word.range.end - word.range.start === word.raw.length;
  return {
    raw: plain ? word.raw.slice(length) : word.raw,
    range: plain ? { start: word.range.start + length, end: word.range.end } : word.range,
    parts,
    value: word.value?.slice(length),
    glob: word.glob,
    braces: word.braces,
    tilde: false,
  };
}

/**
 * The value of a word under known variables, or undefined if something unknown, a glob, braces or a tilde decides.
 * Variables are put in as they are: an unquoted one whose value would be split into several words is not a value.
 */
export function wordValue(word: Word, variables: ReadonlyMap<string, string | undefined>): string | undefined {
  if (word.value !== undefined) return word.value;
  if (word.glob || word.braces || word.tilde) return undefined;
  let text = '';
  for (const part of word.parts) {
    if (part.kind === 'text') text += part.text;
    else if (part.kind === 'variable') {
      const value = variableValue(part, variables);
      if (value === undefined || (!part.quoted && /[\s*?[\\]/.test(value))) return undefined;
      text += value;
    } else return undefined;
  }
  return text;
}

/**
 * What `$NAME` or `${NAME…}` stands for, before any splitting. A name that is absent from `variables` is unknown; one
 * that is there without a value is unset. Of the operators, those for defaults and alternatives with a plain operand
 * and the removal of plain prefixes and suffixes are understood.
 */
export function variableValue(
  part: Extract<WordPart, { kind: 'variable' }>,
  variables: ReadonlyMap<string, string | undefined>,
): string | undefined {
  if (!variables.has(part.name)) return undefined;
  const value = variables.get(part.name);
  if (part.operator === undefined) return value ?? '';
  const operand = part.operand ?? '';
  if (/[$`'"\\*?[~{}]/.test(operand)) return undefined;
  const missing = part.operator.startsWith(':') ? value === undefined || value === '' : value === undefined;
  switch (part.operator) {
    case ':-':
    case '-':
      return missing ? operand : value;
    case ':+':
    case '+':
      return missing ? '' : operand;
    case '#':
    case '##':
      return value?.startsWith(operand) ? value.slice(operand.length) : (value ?? '');
    case '%':
    case '%%':
      return value?.endsWith(operand) ? value.slice(0, value.length - operand.length) : (value ?? '');
    default:
      return undefined;
  }
}
