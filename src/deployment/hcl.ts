import type { Range } from '../text/range.ts';

/*
 * HCL as Bake files are written in it: blocks, attributes, texts, lists and objects, each with its place. What is an
 * expression (a function, a condition, a reference) is kept as its place alone. Linear, and bounded in depth.
 */

export type HclValue =
  /** `text` is undefined where a template makes a part of it */
  | { readonly kind: 'text'; readonly text: string | undefined; readonly range: Range }
  | { readonly kind: 'list'; readonly items: readonly HclValue[]; readonly range: Range }
  | { readonly kind: 'object'; readonly entries: readonly HclAttribute[]; readonly range: Range }
  | { readonly kind: 'expression'; readonly range: Range };

export interface HclAttribute {
  readonly name: string;
  readonly nameRange: Range;
  readonly value: HclValue;
}

export interface HclBlock {
  readonly type: string;
  readonly labels: readonly string[];
  readonly attributes: readonly HclAttribute[];
  readonly range: Range;
}

export interface HclProblem {
  readonly problem: string;
  readonly range: Range;
}

/** Reads the top-level blocks of a file; those inside of them are passed over. Never throws. */
export function readHcl(text: string): readonly HclBlock[] | HclProblem {
  const reader = new Reader(text);
  try {
    return reader.file();
  } catch (error) {
    if (error instanceof Stop) return { problem: error.message, range: { start: error.at, end: error.at } };
    throw error;
  }
}

class Stop extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

const maximumDepth = 64;

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  file(): HclBlock[] {
    const blocks: HclBlock[] = [];
    for (this.#space(true); this.#at < this.#text.length; this.#space(true)) {
      const start = this.#at;
      const type = this.#name();
      if (type === undefined) throw new Stop('a block or an attribute is expected here', this.#at);
      this.#space(false);
      if (this.#peek() === '=') {
        this.#at += 1;
        this.#value(0);
      } else blocks.push(this.#block(type, start, 0));
    }
    return blocks;
  }

  #block(type: string, start: number, depth: number): HclBlock {
    if (depth > maximumDepth) throw new Stop(`blocks deeper than ${maximumDepth} levels`, this.#at);
    const labels: string[] = [];
    for (;;) {
      this.#space(false);
      if (this.#peek() === '"') labels.push(this.#quoted().text ?? '');
      else {
        const label = this.#name();
        if (label === undefined) break;
        labels.push(label);
      }
    }
    this.#expect('{');
    const attributes: HclAttribute[] = [];
    for (this.#space(true); this.#peek() !== '}'; this.#space(true)) {
      const nameStart = this.#at;
      const name = this.#peek() === '"' ? this.#quoted().text : this.#name();
      if (name === undefined) throw new Stop('a name is expected here', this.#at);
      const nameRange = { start: nameStart, end: this.#at };
      this.#space(false);
      if (this.#peek() !== '=') {
        this.#block(name, nameStart, depth + 1);
        continue;
      }
      this.#at += 1;
      attributes.push({ name, nameRange, value: this.#value(depth + 1) });
    }
    this.#at += 1;
    return { type, labels, attributes, range: { start, end: this.#at } };
  }

  #value(depth: number): HclValue {
    if (depth > maximumDepth) throw new Stop(`values deeper than ${maximumDepth} levels`, this.#at);
    this.#space(false);
    const start = this.#at;
    const first = this.#peek();
    const whole =
      first === '"'
        ? this.#quoted()
        : first === '['
          ? this.#list(depth)
          : first === '{'
            ? this.#object(depth)
            : undefined;
    this.#space(false);
    if (whole !== undefined && this.#endsValue()) return whole;
    // an operator follows, or it was none of these: all of it is an expression
    this.#expression();
    return { kind: 'expression', range: { start, end: this.#at } };
  }

  #list(depth: number): HclValue {
    const start = this.#at;
    this.#at += 1;
    const items: HclValue[] = [];
    for (this.#space(true); this.#peek() !== ']'; this.#space(true)) {
      if (this.#at >= this.#text.length) throw new Stop('the list is never closed', start);
      items.push(this.#value(depth + 1));
      this.#space(true);
      if (this.#peek() === ',') this.#at += 1;
      else if (this.#peek() !== ']') this.#expression();
    }
    this.#at += 1;
    return { kind: 'list', items, range: { start, end: this.#at } };
  }

  #object(depth: number): HclValue {
    const start = this.#at;
    this.#at += 1;
    const entries: HclAttribute[] = [];
    for (this.#space(true); this.#peek() !== '}'; this.#space(true)) {
      if (this.#at >= this.#text.length) throw new Stop('the object is never closed', start);
      const nameStart = this.#at;
      const name = this.#peek() === '"' ? this.#quoted().text : this.#name();
      const nameRange = { start: nameStart, end: this.#at };
      this.#space(false);
      const mark = this.#peek();
      if (name === undefined || (mark !== '=' && mark !== ':')) {
        // `for` and computed names: passed over to the end of the object
        this.#closing('{', '}', start);
        return { kind: 'expression', range: { start, end: this.#at } };
      }
      this.#at += 1;
      entries.push({ name, nameRange, value: this.#value(depth + 1) });
      this.#space(true);
      if (this.#peek() === ',') this.#at += 1;
    }
    this.#at += 1;
    return { kind: 'object', entries, range: { start, end: this.#at } };
  }

  #quoted(): Extract<HclValue, { kind: 'text' }> {
    const start = this.#at;
    this.#at += 1;
    let isTemplate = false;
    for (;;) {
      const mark = this.#peek();
      if (mark === undefined || mark === '\n') throw new Stop('the text is never closed', start);
      if (mark === '"') break;
      if (mark === '\\') this.#at += 2;
      else if ((mark === '$' || mark === '%') && this.#text[this.#at + 1] === '{') {
        isTemplate = true;
        this.#at += 1;
        this.#closing('{', '}', this.#at);
      } else this.#at += 1;
    }
    this.#at += 1;
    const range = { start, end: this.#at };
    return { kind: 'text', text: isTemplate ? undefined : unescaped(this.#text.slice(start, this.#at)), range };
  }

  /** To behind the bracket that closes the one at the current place; brackets inside of texts do not count. */
  #closing(open: string, close: string, start: number): void {
    let depth = this.#peek() === open ? 0 : 1;
    while (this.#at < this.#text.length) {
      const mark = this.#peek()!;
      if (mark === '"') {
        this.#skipText();
        continue;
      }
      this.#at += 1;
      if (mark === open) depth += 1;
      else if (mark === close) {
        depth -= 1;
        if (depth === 0) return;
      }
    }
    throw new Stop('a bracket is never closed', start);
  }

  #skipText(): void {
    this.#at += 1;
    while (this.#at < this.#text.length && this.#peek() !== '"') this.#at += this.#peek() === '\\' ? 2 : 1;
    this.#at += 1;
  }

  /** To the end of an expression: the end of its line, or what closes the collection around it. */
  #expression(): void {
    const start = this.#at;
    const heredoc = /^<<-?(\w+)[ \t]*\r?\n/.exec(this.#text.slice(this.#at, this.#at + 200));
    if (heredoc !== null) {
      const end = new RegExp(`^[ \\t]*${heredoc[1]}[ \\t]*$`, 'm').exec(this.#text.slice(this.#at + heredoc[0].length));
      if (end === null) throw new Stop('the heredoc is never closed', start);
      this.#at += heredoc[0].length + end.index + end[0].length;
      return;
    }
    let depth = 0;
    while (this.#at < this.#text.length) {
      const mark = this.#peek()!;
      if (depth === 0 && /[\n,\]}]/.test(mark)) return;
      if (mark === '"') this.#skipText();
      else {
        if (/[([{]/.test(mark)) depth += 1;
        else if (/[)\]}]/.test(mark)) depth -= 1;
        this.#at += 1;
      }
    }
  }

  #endsValue(): boolean {
    const mark = this.#peek();
    return mark === undefined || /[\n\r,\]}#]/.test(mark) || this.#text.startsWith('//', this.#at);
  }

  #name(): string | undefined {
    const found = /[A-Za-z_][\w-]*/y;
    found.lastIndex = this.#at;
    const match = found.exec(this.#text);
    if (match === null) return undefined;
    this.#at = found.lastIndex;
    return match[0];
  }

  #expect(mark: string): void {
    if (this.#peek() !== mark) throw new Stop(`${mark} is expected here`, this.#at);
    this.#at += 1;
  }

  #peek(): string | undefined {
    return this.#text[this.#at];
  }

  /** Over white space and comments; over line ends only where a value may stand on the next line. */
  #space(lines: boolean): void {
    for (;;) {
      const mark = this.#peek();
      if (mark === ' ' || mark === '\t' || (lines && (mark === '\n' || mark === '\r'))) this.#at += 1;
      else if (mark === '#' || this.#text.startsWith('//', this.#at)) {
        if (!lines) return;
        const end = this.#text.indexOf('\n', this.#at);
        this.#at = end === -1 ? this.#text.length : end;
      } else if (this.#text.startsWith('/*', this.#at)) {
        const end = this.#text.indexOf('*/', this.#at + 2);
        if (end === -1) throw new Stop('the comment is never closed', this.#at);
        this.#at = end + 2;
      } else return;
    }
  }
}

function unescaped(quoted: string): string | undefined {
  try {
    const text: unknown = JSON.parse(quoted);
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}
