import type { Command, Redirect, Word } from '../shell/tree.ts';
import type { Range } from '../text/range.ts';
import type { Action, Argument, Value } from './program.ts';
import { isUnclear, readArguments, readValue, type Unclear, type WordContext } from './read-value.ts';

/** A place in a script: how many programs are called before it, and in which branches and loops it stands, the outermost first. */
export interface Place {
  readonly calls: number;
  readonly branches: readonly number[];
}

/** What the script has said by the time of a command; a command adds to it. */
export interface CommandReader {
  /** `set -e` is in force */
  stops: boolean;
  asRoot: boolean;
  readonly exported: Set<string>;
  /** variables that were set before they are exported, if they are */
  readonly kept: Map<string, Place>;
  /** where the first `export` of a variable stands */
  readonly exports: Map<string, Place>;
  readonly place: Place;
  /** programs called so far */
  calls: number;
  context: WordContext;
}

export type Read = readonly Action[] | Unclear;

export function unclear({ range }: Command, reason: string): Unclear {
  return { reason, range };
}

export function isHarmless({ operator, target }: Redirect): boolean {
  if (operator === '>&') return target?.value === '1' || target?.value === '2';
  return /^(>|>>|&>)$/.test(operator) && /^\/dev\/(null|stdout|stderr)$/.test(target?.value ?? '');
}

export function readWords(words: readonly Word[], context: WordContext): readonly Argument[] | Unclear {
  const list: Argument[] = [];
  for (const word of words) {
    const read = readArguments(word, context);
    if (isUnclear(read)) return read;
    list.push(...read);
  }
  return list;
}

/** The operands of a command of which options are of no consequence here. */
export function operandsOf(command: Command, options: RegExp, context: WordContext): readonly Value[] | Unclear {
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

export function oneOperand(
  words: readonly Word[],
  range: Range,
  context: WordContext,
  make: (value: Value) => Action,
): Read {
  if (words.length !== 2) return { reason: `uses \`${words[0]!.raw}\` in a way of its own`, range };
  const value = readValue(words[1]!, context);
  return isUnclear(value) ? value : [make(value)];
}
