import { removePrefix, removeSuffix, replacePattern } from './pattern.ts';
import { SubstitutionError } from './substitution-error.ts';
import { WordCollector } from './word-collector.ts';
import type { PlacedWord } from './words.ts';

/** How the builder's shell lexer is asked to treat a text. */
export interface LexerOptions {
  readonly escape: '\\' | '`';
  /** keep quotes in the result */
  readonly rawQuotes: boolean;
  /** keep escape characters in the result */
  readonly rawEscapes: boolean;
  /** quotes are ordinary characters (bodies of here-documents) */
  readonly skipQuotes: boolean;
  /** leave variables that are not set as they are written */
  readonly skipUnset: boolean;
  /** split into words */
  readonly split: boolean;
}

/** The values of variables: `undefined` is not set, `null` is set to something that only the build knows. */
export interface Variables {
  get(name: string): string | null | undefined;
}

/** Deeper `${a:-${b:-…}}` are refused, so that no text can exhaust the stack. */
const MAX_DEPTH = 200;

/** A result may grow to this, or to the length of its source; `ENV A=$A$A` doubles with each line. */
const MAX_RESULT = 1 << 20;

/** Patterns are not applied to longer values, so that a file of such substitutions costs linear time. */
const MAX_PATTERN_SUBJECT = 2048;

const DOLLAR = 0x24;
const SINGLE = 0x27;
const DOUBLE = 0x22;
const LESS = 0x3c;

/** One run of the builder's shell lexer over a text: variable substitution, quotes, and words if asked for. */
export class ShellWordLexer {
  readonly used = new Set<string>();
  readonly unset = new Set<string>();
  readonly unknown = new Set<string>();
  /** the result stands on a variable whose value is not known */
  resultUnknown = false;

  readonly #words = new WordCollector();
  readonly #source: string;
  readonly #options: LexerOptions;
  readonly #variables: Variables;
  readonly #escape: number;
  #at = 0;
  #depth = 0;

  constructor(source: string, options: LexerOptions, variables: Variables) {
    this.#source = source;
    this.#options = options;
    this.#variables = variables;
    this.#escape = options.escape.charCodeAt(0);
  }

  /** The words, if the options asked for them and the run has ended. */
  get words(): readonly PlacedWord[] {
    return this.#words.words;
  }

  /** The text after substitution. Throws a SubstitutionError where the builder refuses the text. */
  run(): string {
    const result = this.#until(-1, this.#options.rawEscapes);
    this.#words.finish(this.#source.length);
    return result;
  }

  /** Reads up to `stop` (consumed) or, if `stop` is -1, to the end. Words are only made on the outermost level. */
  #until(stop: number, rawEscapes: boolean): string {
    const source = this.#source;
    const split = this.#options.split && stop === -1;
    const quotes = !this.#options.skipQuotes;
    let result = '';
    while (this.#at < source.length) {
      const start = this.#at;
      const code = source.charCodeAt(start);
      if (code === stop) {
        this.#at++;
        return result;
      }
      if (code === DOLLAR) {
        const value = this.#dollar();
        result = this.#grown(result, value);
        if (split) this.#words.addSubstituted(value, start, this.#at);
      } else if (quotes && (code === SINGLE || code === DOUBLE)) {
        const value = code === SINGLE ? this.#singleQuoted() : this.#doubleQuoted(rawEscapes);
        result = this.#grown(result, value);
        if (split) this.#words.addRaw(value, start);
      } else if (code === LESS && split) {
        const value = this.#less();
        result += value;
        this.#words.addRaw(value, start);
      } else if (code === this.#escape) {
        this.#at++;
        const next = this.#takeCharacter();
        const value = rawEscapes ? source[start] + next : next;
        result += value;
        if (split && value !== '') this.#words.addRaw(value, start);
      } else {
        this.#at = this.#plainEnd(start + 1, stop, quotes, split);
        const value = source.slice(start, this.#at);
        result += value;
        if (split) this.#words.addLiteral(value, start);
      }
    }
    if (stop !== -1) {
      throw new SubstitutionError(
        `unexpected end of statement while looking for matching ${String.fromCharCode(stop)}`,
      );
    }
    return result;
  }

  #grown(result: string, value: string): string {
    if (result.length + value.length > Math.max(MAX_RESULT, this.#source.length)) {
      throw new SubstitutionError('the result is too long');
    }
    return result + value;
  }

  /** The end of the stretch of ordinary characters that begins before `from`. */
  #plainEnd(from: number, stop: number, quotes: boolean, split: boolean): number {
    const source = this.#source;
    let at = from;
    for (; at < source.length; at++) {
      const code = source.charCodeAt(at);
      if (code === stop || code === DOLLAR || code === this.#escape) break;
      if (quotes && (code === SINGLE || code === DOUBLE)) break;
      if (split && code === LESS) break;
    }
    return at;
  }

  /** `<<` takes the white space after it along, so that `<< EOF` is one word. */
  #less(): string {
    const start = this.#at++;
    if (this.#source.charCodeAt(this.#at) !== LESS) return '<';
    this.#at++;
    while (/[ \t\r]/.test(this.#source[this.#at] ?? '')) this.#at++;
    return this.#source.slice(start, this.#at);
  }

  #singleQuoted(): string {
    const start = this.#at;
    const end = this.#source.indexOf("'", start + 1);
    if (end === -1) {
      this.#at = this.#source.length;
      throw new SubstitutionError('unexpected end of statement while looking for matching single-quote');
    }
    this.#at = end + 1;
    return this.#options.rawQuotes ? this.#source.slice(start, end + 1) : this.#source.slice(start + 1, end);
  }

  #doubleQuoted(rawEscapes: boolean): string {
    const source = this.#source;
    const quote = this.#options.rawQuotes ? '"' : '';
    let result = quote;
    this.#at++;
    while (this.#at < source.length) {
      const start = this.#at;
      const code = source.charCodeAt(start);
      if (code === DOUBLE) {
        this.#at++;
        return result + quote;
      }
      if (code === DOLLAR) {
        result = this.#grown(result, this.#dollar());
      } else if (code === this.#escape) {
        this.#at++;
        const next = source.charCodeAt(this.#at);
        if (rawEscapes) result += source[start];
        if (this.#at >= source.length) break;
        if (next === DOUBLE || next === DOLLAR || next === this.#escape) result += source[this.#at++];
        else result += source[start];
      } else {
        let at = start + 1;
        for (; at < source.length; at++) {
          const other = source.charCodeAt(at);
          if (other === DOUBLE || other === DOLLAR || other === this.#escape) break;
        }
        result += source.slice(start, at);
        this.#at = at;
      }
    }
    throw new SubstitutionError('unexpected end of statement while looking for matching double-quote');
  }

  #dollar(): string {
    if (++this.#depth > MAX_DEPTH) throw new SubstitutionError('substitutions are nested too deep');
    const value = this.#substitution();
    this.#depth--;
    return value;
  }

  #substitution(): string {
    const source = this.#source;
    const { skipUnset } = this.#options;
    this.#at++;
    if (source[this.#at] !== '{') {
      const name = this.#name();
      if (name === '') return '$';
      const value = this.#get(name);
      if (value === undefined) return skipUnset ? `$${name}` : '';
      return this.#known(value);
    }
    this.#at++;
    const first = source[this.#at];
    if (first === undefined) throw new SubstitutionError("syntax error: missing '}'");
    if (first === '{' || first === '}' || first === ':') throw new SubstitutionError('syntax error: bad substitution');
    const name = this.#name();
    let operator = this.#takeCharacter();
    if (operator === '') throw new SubstitutionError("syntax error: missing '}'");
    if (operator === '}') {
      const value = this.#get(name);
      if (value === undefined) return skipUnset ? `\${${name}}` : '';
      return this.#known(value);
    }
    if (operator === '/') return this.#replacement(name);
    const nullIsUnset = operator === ':';
    if (nullIsUnset) operator += this.#takeCharacter();
    const action = nullIsUnset ? operator.slice(1) : operator;
    if (!nullIsUnset && !/^[-+?#%]$/.test(action)) {
      throw new SubstitutionError(`unsupported modifier (${operator}) in substitution`);
    }
    const word = this.#operand('}', action === '#' || action === '%', "syntax error: missing '}'");
    const value = this.#get(name, action === '-' || action === '+');
    if (skipUnset && value === undefined) return `\${${name}${operator}${word.text}}`;
    return this.#apply(name, operator, action, nullIsUnset, value, word);
  }

  #apply(
    name: string,
    operator: string,
    action: string,
    nullIsUnset: boolean,
    value: string | null | undefined,
    word: Operand,
  ): string {
    const missing = value === undefined || (nullIsUnset && value === '');
    const undecided = nullIsUnset && value === null;
    switch (action) {
      case '-':
        return missing ? this.#use(word) : this.#known(value);
      case '+':
        if (missing) return '';
        if (undecided) this.resultUnknown = true;
        return this.#use(word);
      case '?':
        if (!missing) return this.#known(value);
        throw new SubstitutionError(
          `${name}: ${word.text === '' ? `is not allowed to be ${value === undefined ? 'unset' : 'empty'}` : word.text}`,
        );
      case '#':
      case '%': {
        const known = this.#known(value === undefined ? '' : value);
        if (!this.#isPatternSubject(known)) return '';
        const greedy = word.text[0] === action;
        const pattern = greedy ? word.text.slice(1) : word.text;
        if (word.unknown) this.resultUnknown = true;
        return action === '#' ? removePrefix(pattern, known, greedy) : removeSuffix(pattern, known, greedy);
      }
      default:
        throw new SubstitutionError(`unsupported modifier (${operator}) in substitution`);
    }
  }

  #replacement(name: string): string {
    const all = this.#source[this.#at] === '/';
    if (all) this.#at++;
    const pattern = this.#operand('/', true, "syntax error: missing '/' in ${}");
    const replacement = this.#operand('}', true, "syntax error: missing '}'");
    const value = this.#get(name);
    if (this.#options.skipUnset && value === undefined) return `\${${name}/${pattern.text}/${replacement.text}}`;
    if (pattern.unknown || replacement.unknown) this.resultUnknown = true;
    const known = value === undefined ? '' : this.#known(value);
    return this.#isPatternSubject(known) ? replacePattern(pattern.text, replacement.text, known, all) : '';
  }

  #isPatternSubject(value: string): boolean {
    if (value.length <= MAX_PATTERN_SUBJECT) return true;
    this.resultUnknown = true;
    return false;
  }

  #operand(stop: string, rawEscapes: boolean, atEnd: string): Operand {
    const outer = this.resultUnknown;
    this.resultUnknown = false;
    try {
      const text = this.#until(stop.charCodeAt(0), rawEscapes);
      return { text, unknown: this.resultUnknown };
    } catch (error) {
      if (error instanceof SubstitutionError && this.#at >= this.#source.length) throw new SubstitutionError(atEnd);
      throw error;
    } finally {
      this.resultUnknown = outer;
    }
  }

  #use(word: Operand): string {
    if (word.unknown) this.resultUnknown = true;
    return word.text;
  }

  #known(value: string | null): string {
    if (value !== null) return value;
    this.resultUnknown = true;
    return '';
  }

  /** `optional`: the text itself says what stands there without the variable. */
  #get(name: string, optional = false): string | null | undefined {
    const value = this.#variables.get(name);
    if (value === undefined) {
      if (!optional) this.unset.add(name);
    } else this.used.add(name);
    if (value === null) this.unknown.add(name);
    return value;
  }

  #name(): string {
    const source = this.#source;
    const start = this.#at;
    const first = source[start] ?? '';
    if (/[@*#?\-$!]/.test(first)) {
      this.#at++;
      return first;
    }
    const digits = /\p{Nd}/u.test(codePoint(source, start));
    while (this.#at < source.length) {
      const character = codePoint(source, this.#at);
      if (!(digits ? /\p{Nd}/u : /[\p{L}\p{Nd}_]/u).test(character)) break;
      this.#at += character.length;
    }
    return source.slice(start, this.#at);
  }

  #takeCharacter(): string {
    if (this.#at >= this.#source.length) return '';
    const character = codePoint(this.#source, this.#at);
    this.#at += character.length;
    return character;
  }
}

interface Operand {
  readonly text: string;
  readonly unknown: boolean;
}

function codePoint(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? '' : code < 0x10000 ? text[at]! : text.slice(at, at + 2);
}
