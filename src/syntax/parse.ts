import type { Range } from '../text/range.ts';
import { readArguments } from './arguments.ts';
import { isSeparator, skipSpace, trimSpaceEnd } from './characters.ts';
import { DirectiveReader } from './directives.ts';
import { readFlags } from './flags.ts';
import { findHeredocs } from './heredoc.ts';
import { LineReader, MAX_LINE_BYTES } from './lines.ts';
import { sliceLogical, sourceRange } from './logical-text.ts';
import type { Dockerfile, Flag, Heredoc, Instruction, LogicalText, SyntaxProblem } from './tree.ts';

const HASH = 0x23;

/** ONBUILD inside ONBUILD is refused by the builder's next step anyway; this only bounds the recursion. */
const MAX_ONBUILD_DEPTH = 4;

/**
 * Reads a Dockerfile as BuildKit's parser does. Never throws, whatever the text: what BuildKit refuses is the
 * `problem` of the result. Linear in the length of the text.
 *
 * Deliberately otherwise than BuildKit, on texts that no build gets past or that only garble:
 * - flags and the first word of HEALTHCHECK are read by characters; BuildKit reads bytes and so breaks letters outside
 *   ASCII apart
 * - ONBUILD in ONBUILD is refused at a small depth (BuildKit's next step refuses any)
 * - substitutions nested deeper than 200 around a here-document marker hide the marker
 */
export function parse(text: string): Dockerfile {
  return new Parser(text).run();
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

class Refusal {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

class Parser {
  readonly #text: string;
  readonly #lines: LineReader;
  readonly #directives = new DirectiveReader();
  readonly #instructions: Instruction[] = [];
  #escape = 0x5c;
  /** where the comment lines directly above the current line begin; -1 if there are none */
  #comments = -1;

  constructor(text: string) {
    this.#text = text;
    this.#lines = new LineReader(text, 0);
  }

  run(): Dockerfile {
    const problem = this.#readAll();
    return {
      text: this.#text,
      directives: this.#directives.directives,
      escape: this.#directives.escape,
      instructions: this.#instructions,
      problem,
    };
  }

  #readAll(): SyntaxProblem | undefined {
    const text = this.#text;
    const lines = this.#lines;
    while (lines.next()) {
      const lineStart = lines.number === 1 && text.charCodeAt(0) === 0xfeff ? 1 : lines.start;
      const start = skipSpace(text, lineStart, lines.end);
      if (text.charCodeAt(start) === HASH && start < lines.end) {
        const refusal = this.#comment(lineStart, start);
        if (refusal !== undefined) return refusal;
        continue;
      }
      this.#directives.finish();
      if (start === lines.end) {
        this.#comments = -1;
        continue;
      }
      const problem = this.#instruction(start, this.#comments === -1 ? lineStart : this.#comments);
      this.#comments = -1;
      if (problem !== undefined) return problem;
    }
    if (this.#instructions.length === 0) {
      return { message: 'file with no instructions', range: { start: 0, end: 0 } };
    }
    return lines.tooLong ? this.#tooLong() : undefined;
  }

  #tooLong(): SyntaxProblem {
    const start = this.#lines.following;
    const newline = this.#text.indexOf('\n', start);
    const range = { start, end: newline === -1 ? this.#text.length : newline };
    return { message: `dockerfile line greater than max allowed size of ${MAX_LINE_BYTES}`, range };
  }

  #comment(lineStart: number, start: number): SyntaxProblem | undefined {
    const { end, number } = this.#lines;
    const range = { start, end };
    const read = this.#directives.read(this.#text.slice(start, end), range, number);
    if (typeof read === 'object') return { message: read.refusal, range };
    if (read === 'directive') {
      this.#escape = this.#directives.escape.charCodeAt(0);
      this.#comments = -1;
    } else if (this.#comments === -1) {
      this.#comments = lineStart;
    }
    return undefined;
  }

  /** Reads the instruction whose first line is the current one, with its continuations and here-documents. */
  #instruction(start: number, leadingStart: number): SyntaxProblem | undefined {
    const lines = this.#lines;
    const startLine = lines.number;
    const line = this.#joinLines(start);
    const instruction = this.#build(line, 0, 0);
    if (instruction instanceof Refusal) return this.#problem(instruction.message, start);
    const heredocs = this.#heredocs(instruction, line);
    if (heredocs instanceof Refusal) return this.#problem(heredocs.message, start);
    const range = { start, end: lines.end };
    for (let node: Mutable<Instruction> | undefined = instruction; node !== undefined; node = node.sub) {
      node.startLine = startLine;
      node.endLine = lines.number;
      node.heredocs = node === instruction || node === instruction.sub ? heredocs : [];
      node.range = { start: node === instruction ? start : node.keywordRange.start, end: range.end };
      node.leadingStart = node === instruction ? leadingStart : node.range.start;
    }
    this.#instructions.push(instruction);
    return undefined;
  }

  #problem(message: string, start: number): SyntaxProblem {
    return { message, range: { start, end: this.#lines.end } };
  }

  /** The current line and its continuations, joined; the comment and blank lines between them are skipped. */
  #joinLines(start: number): LogicalText {
    const text = this.#text;
    const lines = this.#lines;
    let end = this.#continuationAt(start, lines.end);
    if (end === -1) return { text: text.slice(start, lines.end), segments: [{ logical: 0, source: start }] };
    const parts = [text.slice(start, end)];
    const segments = [{ logical: 0, source: start }];
    let length = end - start;
    while (end !== -1 && lines.next()) {
      const first = skipSpace(text, lines.start, lines.end);
      if (first === lines.end || text.charCodeAt(first) === HASH) continue;
      end = this.#continuationAt(lines.start, lines.end);
      const part = text.slice(lines.start, end === -1 ? lines.end : end);
      if (length === 0) segments.pop();
      segments.push({ logical: length, source: lines.start });
      parts.push(part);
      length += part.length;
    }
    return { text: parts.join(''), segments };
  }

  /** Where the escape character that continues the line stands; -1 if there is none. A doubled one does not continue. */
  #continuationAt(start: number, end: number): number {
    const text = this.#text;
    let at = end - 1;
    while (at >= start && (text.charCodeAt(at) === 0x20 || text.charCodeAt(at) === 0x09)) at--;
    if (at < start || text.charCodeAt(at) !== this.#escape) return -1;
    return at > start && text.charCodeAt(at - 1) === this.#escape ? -1 : at;
  }

  /** Takes an instruction's line apart. Place, lines and here-documents are filled in by the caller. */
  #build(line: LogicalText, from: number, depth: number): Mutable<Instruction> | Refusal {
    const { text } = line;
    const keywordStart = skipSpace(text, from, text.length);
    const end = trimSpaceEnd(text, keywordStart, text.length);
    let keywordEnd = keywordStart;
    while (keywordEnd < end && !isSeparator(text.charCodeAt(keywordEnd))) keywordEnd++;
    let at = keywordEnd;
    while (at < end && isSeparator(text.charCodeAt(at))) at++;
    const flags: Flag[] = [];
    at = readFlags(line, at, end, flags);
    const bodyStart = skipSpace(text, at, end);
    const body = sliceLogical(line, bodyStart, end);
    const keyword = text.slice(keywordStart, keywordEnd).toLowerCase();
    let args: readonly string[] = [];
    let json = false;
    let sub: Mutable<Instruction> | undefined;
    if (keyword === 'onbuild') {
      if (depth === MAX_ONBUILD_DEPTH) return new Refusal("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed");
      if (body.text !== '') {
        const inner = this.#build(line, bodyStart, depth + 1);
        if (inner instanceof Refusal) return inner;
        sub = inner;
      }
    } else {
      const values = readArguments(keyword, body.text, this.#escape);
      if ('refusal' in values) return new Refusal(values.refusal);
      ({ args, json } = values);
    }
    return {
      keyword,
      keywordRange: sourceRange(line, keywordStart, keywordEnd),
      range: NOWHERE,
      leadingStart: 0,
      startLine: 0,
      endLine: 0,
      flags,
      body,
      bodyRange: sourceRange(line, bodyStart, end),
      json,
      args,
      heredocs: NO_HEREDOCS,
      sub,
    };
  }

  #heredocs(instruction: Instruction, line: LogicalText): readonly Heredoc[] | Refusal {
    const holder = instruction.keyword === 'onbuild' ? instruction.sub : instruction;
    if (holder === undefined || holder.json) return NO_HEREDOCS;
    if (holder.keyword !== 'run' && holder.keyword !== 'copy' && holder.keyword !== 'add') return NO_HEREDOCS;
    const markers = findHeredocs(line.text);
    if (typeof markers === 'string') return new Refusal(markers);
    const heredocs: Heredoc[] = [];
    for (const { name, expand, chomp, fileDescriptor, start, end } of markers) {
      const bodyStart = this.#lines.following;
      if (!this.#findTerminator(name, chomp)) return new Refusal('unterminated heredoc');
      heredocs.push({
        name,
        markerRange: sourceRange(line, start, end),
        expand,
        chomp,
        fileDescriptor,
        content: this.#text.slice(bodyStart, this.#lines.start),
        bodyRange: { start: bodyStart, end: this.#lines.start },
        terminatorRange: { start: this.#lines.start, end: this.#lines.end },
      });
    }
    return heredocs;
  }

  #findTerminator(name: string, chomp: boolean): boolean {
    const text = this.#text;
    const lines = this.#lines;
    while (lines.next()) {
      let start = lines.start;
      while (chomp && start < lines.end && text.charCodeAt(start) === 0x09) start++;
      if (lines.end - start === name.length && text.startsWith(name, start)) return true;
    }
    return false;
  }
}

const NOWHERE: Range = { start: 0, end: 0 };
const NO_HEREDOCS: readonly Heredoc[] = [];
