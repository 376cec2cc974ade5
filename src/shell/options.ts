import type { Word } from './tree.ts';
import { leadingText, wordFrom } from './word.ts';

/** How a program's options are written. */
export interface OptionSyntax {
  /** options that take a value, with their dashes: `-o`, `--option` */
  readonly values: ReadonlySet<string>;
  /** after the first operand everything is one: for programs with subcommands, and those that run another */
  readonly stopAtOperand?: boolean;
  /** `-ldflags` is one option, not eight: Go, Java, find */
  readonly singleDashLong?: boolean;
}

export interface Option {
  /** with its dashes; letters of a cluster one by one: `-xzf` gives `-x`, `-z`, `-f` */
  readonly name: string;
  readonly value: Word | undefined;
  /** the word in which it stands */
  readonly word: Word;
}

export interface Options {
  readonly options: readonly Option[];
  readonly operands: readonly Word[];
}

/**
 * Tells options, their values and operands apart as getopt does. Words whose beginning is not known (`$OPTS`) are
 * operands. `words` does not include the program.
 */
export function readOptions(words: readonly Word[], syntax: OptionSyntax): Options {
  const options: Option[] = [];
  const operands: Word[] = [];
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i]!;
    const text = leadingText(word);
    if (text === '--' && word.value === '--') {
      for (const rest of words.slice(i + 1)) operands.push(rest);
      break;
    }
    if (!text.startsWith('-') || text === '-') {
      if (syntax.stopAtOperand === true) {
        for (const rest of words.slice(i)) operands.push(rest);
        break;
      }
      operands.push(word);
      continue;
    }
    const takesNext = (): Word | undefined => {
      i += 1;
      return words[i];
    };
    const equals = text.indexOf('=');
    if (text.startsWith('--') || (syntax.singleDashLong === true && !isShort(text, syntax))) {
      const name = equals === -1 ? text : text.slice(0, equals);
      if (equals !== -1) options.push({ name, value: wordFrom(word, equals + 1), word });
      else options.push({ name, value: syntax.values.has(name) ? takesNext() : undefined, word });
      continue;
    }
    for (let at = 1; at < text.length; at += 1) {
      const name = `-${text[at]}`;
      if (!syntax.values.has(name)) {
        options.push({ name, value: undefined, word });
        continue;
      }
      const rest = text.length > at + 1 || word.value === undefined;
      const value = rest ? wordFrom(word, text[at + 1] === '=' ? at + 2 : at + 1) : takesNext();
      options.push({ name, value, word });
      break;
    }
  }
  return { options, operands };
}

function isShort(text: string, syntax: OptionSyntax): boolean {
  return text.length === 2 && !syntax.values.has(text);
}

/** Whether any of the named options is given. */
export function hasOption(options: readonly Option[], ...names: readonly string[]): boolean {
  return options.some((option) => names.includes(option.name));
}

/** The value of the last of the named options, which is the one that counts for nearly every program. */
export function optionValue(options: readonly Option[], ...names: readonly string[]): Word | undefined {
  return options.findLast((option) => names.includes(option.name))?.value;
}
