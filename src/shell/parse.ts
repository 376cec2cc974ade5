import * as unbash from 'unbash';
import type { Heredoc, LogicalText } from '../syntax/tree.ts';
import { convertScript } from './convert.ts';
import { joinedFrom, type OffsetMap, type Segment, shiftedBy } from './offset-map.ts';
import type { Script } from './tree.ts';

/**
 * Reads a shell script: a joined line of a Dockerfile, or a text that stands at offset `base` of its file (a heredoc's
 * body, an entrypoint script). Never throws: what no shell accepts has a `problem`, and the statements that could be
 * read. Ranges are offsets of the file.
 */
export function parseShell(text: LogicalText | string, base = 0): Script {
  return typeof text === 'string'
    ? parseMapped(text, shiftedBy(base))
    : parseMapped(text.text, joinedFrom(text.segments));
}

/** More here-documents than any script has; the parser's time grows with the square of their number. */
const mostHeredocs = 1000;

/** The same for a text whose offsets the caller maps. */
export function parseMapped(text: string, map: OffsetMap): Script {
  if (countAtMost(text, '<<', mostHeredocs) === mostHeredocs) {
    return { statements: [], range: map.range(0, text.length), problem: 'too many here-documents' };
  }
  try {
    return convertScript(unbash.parse(text), text, map);
  } catch (error) {
    // A parser's defect, or a stack that ran out, is an unreadable script, not the end of the program.
    return { statements: [], range: map.range(0, text.length), problem: String(error) };
  }
}

/**
 * Reads what RUN in shell form gives to the shell. A line that is a here-document's marker alone runs its body; any
 * other line is followed by its here-documents (`dispatchRun` of BuildKit). A body that names another interpreter in
 * its first line has no statements: see `interpreterOf`.
 */
export function parseRun(body: LogicalText, heredocs: readonly Heredoc[]): Script {
  const first = heredocs[0];
  if (first === undefined) return parseShell(body);
  if (heredocs.length === 1 && /^\d*<<-?[^<\s]+\s*$/.test(body.text)) {
    if (!isShell(interpreterOf(first))) return { statements: [], range: first.bodyRange, problem: undefined };
    return first.chomp
      ? parseMapped(...withoutLeadingTabs(first.content, first.bodyRange.start))
      : parseShell(first.content, first.bodyRange.start);
  }
  const pieces = [body.text];
  const segments: Segment[] = [...body.segments];
  let length = body.text.length;
  const add = (piece: string, source: number) => {
    segments.push({ logical: length, source });
    pieces.push(piece);
    length += piece.length;
  };
  for (const heredoc of heredocs) {
    pieces.push('\n');
    length += 1;
    add(heredoc.content, heredoc.bodyRange.start);
    add(heredoc.name, heredoc.terminatorRange.end - heredoc.name.length);
  }
  return parseMapped(pieces.join(''), joinedFrom(segments));
}

/** The program that a here-document's first line names (`#!/usr/bin/env python3` → `python3`); undefined without. */
export function interpreterOf(heredoc: Pick<Heredoc, 'content'>): string | undefined {
  const match = /^#![ \t]*(\S+)(?:[ \t]+(?:-S[ \t]+)?(\S+))?/.exec(heredoc.content);
  if (match === null) return undefined;
  const program = match[1]!.slice(match[1]!.lastIndexOf('/') + 1);
  return program === 'env' && match[2] !== undefined ? match[2].slice(match[2].lastIndexOf('/') + 1) : program;
}

function countAtMost(text: string, what: string, most: number): number {
  let count = 0;
  for (let at = text.indexOf(what); at !== -1 && count < most; at = text.indexOf(what, at + what.length)) count += 1;
  return count;
}

function isShell(interpreter: string | undefined): boolean {
  return interpreter === undefined || /^(?:ba|da|a|k|z)?sh$/.test(interpreter);
}

function withoutLeadingTabs(content: string, base: number): [string, OffsetMap] {
  const pieces: string[] = [];
  const segments: Segment[] = [];
  let length = 0;
  for (let at = 0; at < content.length; ) {
    const newline = content.indexOf('\n', at);
    const end = newline === -1 ? content.length : newline + 1;
    let start = at;
    while (content.charCodeAt(start) === 9) start += 1;
    segments.push({ logical: length, source: base + start });
    pieces.push(content.slice(start, end));
    length += end - start;
    at = end;
  }
  if (segments.length === 0) segments.push({ logical: 0, source: base });
  return [pieces.join(''), joinedFrom(segments)];
}
