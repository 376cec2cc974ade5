import type { Range } from '../text/range.ts';

/** `# syntax=…`, `# escape=…`, `# check=…` before the first other line. The name is in lower case. */
export interface Directive {
  readonly name: string;
  readonly value: string;
  readonly range: Range;
}

/** `--name`, `--name=value` between keyword and arguments. `value` is undefined when there is no `=`. */
export interface Flag {
  readonly name: string;
  readonly value: string | undefined;
  readonly range: Range;
}

/**
 * A stretch of an instruction as BuildKit joins it: continuations, the comment and blank lines between them
 * and carriage returns are gone. `segments` maps back: the text from `logical` on stands at `source` in the file.
 */
export interface LogicalText {
  readonly text: string;
  readonly segments: readonly { readonly logical: number; readonly source: number }[];
}

/** One here-document of an instruction: its marker in the instruction's line, its body and its closing line. */
export interface Heredoc {
  readonly name: string;
  /** the word that announces it, `<<EOF` or `3<<-"EOF"` */
  readonly markerRange: Range;
  /** false where the name was quoted: then nothing in the body is expanded */
  readonly expand: boolean;
  /** `<<-`: leading tabs of the body are removed by the builder */
  readonly chomp: boolean;
  readonly fileDescriptor: number;
  /** body without the closing line, with its line ends, as it stands in the file */
  readonly content: string;
  readonly bodyRange: Range;
  readonly terminatorRange: Range;
}

/** A word of an instruction's arguments, raw (quotes and escapes kept), with its place in the file. */
export interface Argument {
  readonly text: string;
  readonly range: Range;
}

/**
 * One instruction, from its keyword to the end of its last line (without the line end) or heredoc. If the escape
 * character stands alone before the keyword, the range begins there.
 */
export interface Instruction {
  /** lower case, as BuildKit names it: `from`, `run` … also for keywords that BuildKit does not know */
  readonly keyword: string;
  readonly keywordRange: Range;
  readonly range: Range;
  /**
   * Where what belongs to this instruction begins: the comment lines directly above it (no blank line, directive or
   * shebang between) and its indentation; equals range.start without any.
   */
  readonly leadingStart: number;
  /** 1-based; the last line counts a heredoc's terminator */
  readonly startLine: number;
  readonly endLine: number;
  readonly flags: readonly Flag[];
  /** everything after keyword and flags, joined; heredoc bodies are not part of it */
  readonly body: LogicalText;
  /** the range in the file that `body` came from */
  readonly bodyRange: Range;
  /** true if the arguments were a JSON array of strings (exec form) */
  readonly json: boolean;
  /**
   * The values of BuildKit's node chain: JSON elements decoded, words of FROM/COPY/…, name/value/separator
   * triples of ENV, the whole line of RUN/CMD/ENTRYPOINT in shell form.
   */
  readonly args: readonly string[];
  /** under ONBUILD: of the outer and of the inner instruction */
  readonly heredocs: readonly Heredoc[];
  /** the instruction under ONBUILD; HEALTHCHECK's CMD is not one */
  readonly sub: Instruction | undefined;
}

/** Why BuildKit refuses a file, and where. */
export interface SyntaxProblem {
  readonly message: string;
  readonly range: Range;
}

/** A whole file. Its text is the truth: everything else points into it. */
export interface Dockerfile {
  readonly text: string;
  readonly directives: readonly Directive[];
  readonly escape: '\\' | '`';
  readonly instructions: readonly Instruction[];
  /** set if BuildKit would refuse the file; `instructions` then holds what was read up to there */
  readonly problem: SyntaxProblem | undefined;
}
