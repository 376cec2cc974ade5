import { type LexerOptions, ShellWordLexer, type Variables } from './shell-word.ts';
import { SubstitutionError } from './substitution-error.ts';

export type { Variables } from './shell-word.ts';

/** What the builder makes of a text with variables. */
export interface Expansion {
  /** undefined if the text is refused or stands on a value that only the build knows */
  readonly value: string | undefined;
  /** why the builder refuses the text */
  readonly error: string | undefined;
  /** variables in it that are set */
  readonly used: readonly string[];
  /** variables in it that are not set and have no `:-` or `:+`; the builder takes them as empty and warns */
  readonly unset: readonly string[];
  /** those of `used` whose value is not known */
  readonly unknown: readonly string[];
}

export interface WordsExpansion extends Omit<Expansion, 'value'> {
  readonly values: readonly string[] | undefined;
}

const NONE: readonly string[] = [];
const SINGLE: Omit<LexerOptions, 'escape'> = {
  rawQuotes: false,
  rawEscapes: false,
  skipQuotes: false,
  skipUnset: false,
  split: false,
};

/**
 * Substitutes the variables of one argument and removes its quotes and escapes, as the builder does for the arguments
 * of FROM, ENV, LABEL, ARG, COPY, ADD, WORKDIR, USER, STOPSIGNAL, ONBUILD and flags. Never throws.
 */
export function expandWord(text: string, variables: Variables, escapeToken: '\\' | '`' = '\\'): Expansion {
  if (!/[$'"\\`]/.test(text)) return { value: text, error: undefined, used: NONE, unset: NONE, unknown: NONE };
  return expand(text, variables, { ...SINGLE, escape: escapeToken });
}

/** As `expandWord`, but splits at white space afterwards: one argument of EXPOSE or VOLUME may become several. */
export function expandWords(text: string, variables: Variables, escapeToken: '\\' | '`' = '\\'): WordsExpansion {
  const lexer = new ShellWordLexer(text, { ...SINGLE, escape: escapeToken, split: true }, variables);
  const { value, ...rest } = outcome(text, lexer);
  return { ...rest, values: value === undefined ? undefined : lexer.words.map((word) => word.text) };
}

/** Substitutes the variables in the body of a here-document of COPY or ADD; quotes are left alone. */
export function expandHeredoc(content: string, variables: Variables): Expansion {
  return expand(content, variables, { ...SINGLE, escape: '\\', skipQuotes: true });
}

function expand(text: string, variables: Variables, options: LexerOptions): Expansion {
  return outcome(text, new ShellWordLexer(text, options, variables));
}

function outcome(text: string, lexer: ShellWordLexer): Expansion {
  let value: string | undefined;
  let error: string | undefined;
  try {
    const result = lexer.run();
    if (!lexer.resultUnknown) value = result;
  } catch (thrown) {
    if (!(thrown instanceof SubstitutionError)) throw thrown;
    error = `failed to process ${JSON.stringify(text)}: ${thrown.message}`;
  }
  return { value, error, used: [...lexer.used], unset: [...lexer.unset], unknown: [...lexer.unknown] };
}
