import type { Range } from '../text/range.ts';
import type { Directive } from './tree.ts';

/** Reads the parser directives at the head of a file, line by line. */
export class DirectiveReader {
  readonly directives: Directive[] = [];
  escape: '\\' | '`' = '\\';
  #done = false;
  #shebang = false;

  /**
   * Takes the next line (leading white space removed) and says what it was: a directive, something else, or why the
   * builder refuses it. After anything else there are no directives any more; only a shebang in the first line lets
   * `syntax` and `check` through, which the builder looks for separately.
   */
  read(text: string, range: Range, lineNumber: number): 'directive' | 'other' | { readonly refusal: string } {
    if (this.#done) return 'other';
    if (lineNumber === 1 && text.startsWith('#!')) {
      this.#shebang = true;
      return 'directive';
    }
    const match = /^#\s*([a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=(.*)$/su.exec(text);
    const name = match?.[1]?.toLowerCase();
    const value = match === null ? '' : trimValue(match[2]!);
    if (name === undefined || value === '' || !(name === 'syntax' || name === 'escape' || name === 'check')) {
      this.#done = true;
      return 'other';
    }
    const repeated = this.directives.some((directive) => directive.name === name);
    if (this.#shebang && (name === 'escape' || repeated)) {
      this.#done = true;
      return 'other';
    }
    if (repeated) return { refusal: `only one ${name} parser directive can be used` };
    if (name === 'escape') {
      if (value !== '\\' && value !== '`') {
        return { refusal: `invalid escape token '${value}' does not match \` or \\` };
      }
      this.escape = value;
    }
    this.directives.push({ name, value, range });
    return 'directive';
  }

  /** No directive comes after this. */
  finish(): void {
    this.#done = true;
  }
}

/** Nothing but white space still is a value to the builder: its last character. */
function trimValue(raw: string): string {
  let start = 0;
  let end = raw.length;
  while (start < end && ASCII_SPACE.test(raw[start]!)) start++;
  while (end > start && ASCII_SPACE.test(raw[end - 1]!)) end--;
  return start === end ? raw.slice(-1) : raw.slice(start, end);
}

const ASCII_SPACE = /[\t\n\f\r ]/;
