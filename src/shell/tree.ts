import type { Range } from '../text/range.ts';

/*
 * What the commands of a RUN, a start command or a script say. Ranges are offsets into the Dockerfile (or the
 * script), never into the joined line. Nodes are plain data.
 */

/** A piece of a word. */
export type WordPart =
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
  /**
   * `$NAME`, `${NAME…}`; `operator` and `operand` as written after the name (`:-`, `x`). `${#NAME}` has the operator
   * `length`, `${!NAME}` has `indirect`, `${NAME[1]…}` has `[1]`.
   */
  | {
      readonly kind: 'variable';
      readonly name: string;
      readonly operator: string | undefined;
      readonly operand: string | undefined;
      readonly quoted: boolean;
    }
  | { readonly kind: 'command'; readonly script: Script; readonly quoted: boolean }
  /** `$((…))`, with its dollar and parentheses */
  | { readonly kind: 'arithmetic'; readonly text: string }
  /** `<(…)`, `>(…)`: the name of a pipe */
  | { readonly kind: 'process'; readonly script: Script };

export interface Word {
  /** as written, continuations removed */
  readonly raw: string;
  readonly range: Range;
  readonly parts: readonly WordPart[];
  /**
   * what the program receives, if no expansion takes place; undefined when variables, commands, globs, braces or a
   * leading tilde decide
   */
  readonly value: string | undefined;
  /** an unquoted `*`, `?` or `[…]` that the shell may expand to file names */
  readonly glob: boolean;
  /** an unquoted `{a,b}` or `{1..3}`: several words for bash, ordinary text for dash and busybox */
  readonly braces: boolean;
  /** begins with an unquoted `~` */
  readonly tilde: boolean;
}

export interface Redirect {
  /** `>`, `>>`, `<`, `&>`, `<<`, `<<<`, `>&` … without the file descriptor, with bash's `{variable}` */
  readonly operator: string;
  readonly fileDescriptor: number | undefined;
  /** for `<<` and `<<-` the body: its parts are those of double quotes, or one text if the name was quoted */
  readonly target: Word | undefined;
  readonly range: Range;
}

export interface Assignment {
  readonly name: string;
  /** `NAME+=value` */
  readonly append: boolean;
  /** has no `value` string if it is an array */
  readonly value: Word | undefined;
  readonly range: Range;
}

/** One program call. `words[0]` is the program; there is none in a line of assignments or redirections alone. */
export interface Command {
  readonly kind: 'command';
  readonly assignments: readonly Assignment[];
  readonly words: readonly Word[];
  readonly redirects: readonly Redirect[];
  readonly range: Range;
}

export interface Pipeline {
  readonly kind: 'pipeline';
  readonly negated: boolean;
  /** one, if all there is to it is a leading `!` or `time` */
  readonly nodes: readonly Node[];
  readonly range: Range;
}

/** `a && b`, `a || b` */
export interface AndOr {
  readonly kind: 'and-or';
  readonly nodes: readonly Node[];
  /** one fewer than nodes */
  readonly operators: readonly ('&&' | '||')[];
  readonly range: Range;
}

/** `if`, `while`, `until`, `for`, `case`, `( )`, `{ }`, functions: what they are, and every script inside. */
export interface Compound {
  readonly kind: 'compound';
  readonly form:
    | 'if'
    | 'while'
    | 'until'
    | 'for'
    | 'select'
    | 'case'
    | 'subshell'
    | 'group'
    | 'function'
    | 'test'
    | 'arithmetic';
  /** name of the function or of the loop's variable */
  readonly name: string | undefined;
  /** the words of `for x in …`, the word of `case`, the operands of `[[ … ]]` */
  readonly words: readonly Word[];
  /** bodies and conditions in the order of the text */
  readonly scripts: readonly Script[];
  /** of `case`: the patterns of each of its scripts */
  readonly patterns?: readonly (readonly Word[])[];
  /** of `[[ … ]]`: what it asks */
  readonly test?: Test;
  readonly redirects: readonly Redirect[];
  readonly range: Range;
}

/** The expression of `[[ … ]]`, with operators as written. */
export type Test =
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: Word }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Word; readonly right: Word }
  | { readonly kind: 'list'; readonly operator: '&&' | '||'; readonly operands: readonly Test[] }
  | { readonly kind: 'not'; readonly operand: Test };

export type Node = Command | Pipeline | AndOr | Compound;

/** One entry of a list: separated by `;`, a line end or `&`. */
export interface Statement {
  readonly node: Node;
  readonly background: boolean;
  readonly range: Range;
}

export interface Script {
  readonly statements: readonly Statement[];
  readonly range: Range;
  /** set if the text is not a script that a shell accepts; statements then hold what could be read */
  readonly problem: string | undefined;
}
