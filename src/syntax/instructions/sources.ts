import { isHeredocMarker } from '../heredoc.ts';
import type { Argument, Heredoc, Instruction } from '../tree.ts';
import { readWordsOrElements } from './word-list.ts';

/** Where COPY and ADD take from and put to; variables unexpanded. */
export interface SourcesAndDestination {
  /** paths, patterns or addresses, without the here-documents */
  readonly sources: readonly Argument[];
  /** files given in the Dockerfile itself; their name is the file's */
  readonly heredocs: readonly Heredoc[];
  /** undefined where there are fewer than two arguments, which the builder refuses */
  readonly destination: Argument | undefined;
}

export function readSources(instruction: Instruction): SourcesAndDestination {
  const words = readWordsOrElements(instruction);
  const destination = words.length > 1 ? words.pop() : undefined;
  const inline = instruction.heredocs.length > 0;
  return {
    sources: inline ? words.filter(({ text }) => !isHeredocMarker(text)) : words,
    heredocs: instruction.heredocs,
    destination,
  };
}
