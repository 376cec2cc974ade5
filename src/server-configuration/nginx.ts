import type { Range } from '../text/range.ts';

/** A word of nginx's configuration: what nginx makes of it, and where it stands, quotes included. */
export interface NginxWord {
  readonly value: string;
  readonly range: Range;
}

/** A directive with its arguments. Nodes are plain data; everything between them is spacing and comments. */
export interface NginxDirective {
  readonly name: NginxWord;
  readonly args: readonly NginxWord[];
  /** names of the blocks around it, outermost first */
  readonly context: readonly string[];
  /** from its name to its `;`, or to the `}` of its block */
  readonly range: Range;
  /** between its braces; undefined for a simple directive */
  readonly body: Range | undefined;
  /** what its block holds, directly */
  readonly children: readonly NginxDirective[];
}

/** A configuration file: what stands in it, and the first thing that nginx would refuse. */
export interface NginxConfiguration {
  readonly directives: readonly NginxDirective[];
  readonly problem: string | undefined;
}

interface Open {
  readonly name: NginxWord;
  readonly args: readonly NginxWord[];
  readonly bodyStart: number;
  readonly children: NginxDirective[];
}

const maximumDepth = 64;

/**
 * Reads nginx's configuration language. Linear; nothing is executed or looked up. Source of the grammar: nginx's own
 * `ngx_conf_read_token` as documented: words, quotes, backslashes, `#`, `;`, `{`, `}`, `${name}`.
 */
export function readNginx(text: string): NginxConfiguration {
  const root: NginxDirective[] = [];
  const open: Open[] = [];
  let words: NginxWord[] = [];
  let at = 0;
  const refuse = (problem: string): NginxConfiguration => ({ directives: root, problem });
  while (at < text.length) {
    const char = text[at]!;
    if (/\s/.test(char) || char === '\uFEFF') {
      at++;
    } else if (char === '#') {
      const end = text.indexOf('\n', at);
      at = end === -1 ? text.length : end;
    } else if (char === ';') {
      const [name, ...args] = words;
      if (name === undefined) return refuse('a semicolon without a directive');
      const range = { start: name.range.start, end: at + 1 };
      const into = open.at(-1)?.children ?? root;
      into.push({ name, args, context: contextOf(open), range, body: undefined, children: [] });
      words = [];
      at++;
    } else if (char === '{') {
      const [name, ...args] = words;
      if (name === undefined) return refuse('a brace without a directive');
      if (open.length >= maximumDepth) return refuse('blocks are nested too deeply');
      if (/(^|_)by_lua_block$/.test(name.value)) return refuse('Lua code cannot be read');
      open.push({ name, args, bodyStart: at + 1, children: [] });
      words = [];
      at++;
    } else if (char === '}') {
      const block = open.pop();
      if (block === undefined) return refuse('a closing brace without a block');
      if (words.length > 0) return refuse(`${words[0]!.value} is not ended by a semicolon`);
      const { name, args, bodyStart, children } = block;
      const range = { start: name.range.start, end: at + 1 };
      const into = open.at(-1)?.children ?? root;
      into.push({ name, args, context: contextOf(open), range, body: { start: bodyStart, end: at }, children });
      at++;
    } else {
      const word = readWord(text, at);
      if (word === undefined) return refuse('a quote is never closed');
      words.push(word);
      at = word.range.end;
    }
  }
  if (open.length > 0) return refuse(`the block ${open.at(-1)!.name.value} is never closed`);
  if (words.length > 0) return refuse(`${words[0]!.value} is not ended by a semicolon`);
  return { directives: root, problem: undefined };
}

function contextOf(open: readonly Open[]): string[] {
  return open.map(({ name }) => name.value);
}

function readWord(text: string, start: number): NginxWord | undefined {
  const quote = text[start] === '"' || text[start] === "'" ? text[start]! : undefined;
  let at = quote === undefined ? start : start + 1;
  let value = '';
  for (; at < text.length; at++) {
    const char = text[at]!;
    if (char === '\\' && at + 1 < text.length) {
      const next = text[++at]!;
      // nginx takes the backslash off quotes, blanks and semicolons, and leaves it before all else
      value += /["'\\ ;{}]/.test(next) ? next : `\\${next}`;
    } else if (quote !== undefined) {
      if (char === quote) return { value, range: { start, end: at + 1 } };
      value += char;
    } else if (char === '$' && text[at + 1] === '{') {
      value += '${';
      at++;
    } else if (char === '}' && /\$\{\w*$/.test(value.slice(-66))) {
      value += char;
    } else if (/[\s;{}]/.test(char)) {
      break;
    } else value += char;
  }
  return quote === undefined ? { value, range: { start, end: at } } : undefined;
}

/** Every directive of a configuration, blocks before what they hold. */
export function* nginxDirectives(directives: readonly NginxDirective[]): Generator<NginxDirective> {
  for (const directive of directives) {
    yield directive;
    yield* nginxDirectives(directive.children);
  }
}
