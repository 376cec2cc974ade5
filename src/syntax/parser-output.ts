import type { Dockerfile, Instruction } from './tree.ts';

/** What BuildKit's parser says of a file: its instructions, or why it refuses it. */
export type ParserOutput =
  | { readonly escape: string; readonly instructions: readonly ParserInstruction[] }
  | { readonly error: string };

/** A node of BuildKit's tree. Lines are 1-based; members that say nothing are left out, as in its own dumps. */
export interface ParserInstruction {
  readonly cmd: string;
  readonly start: number;
  readonly end: number;
  readonly flags?: readonly string[];
  readonly json?: true;
  readonly args?: readonly string[];
  readonly sub?: ParserInstruction;
  readonly heredocs?: readonly ParserHeredoc[];
}

export interface ParserHeredoc {
  readonly name: string;
  readonly expand: boolean;
  readonly chomp: boolean;
  readonly fd: number;
  readonly content: string;
}

/** The file as `rehull syntax` prints it (with the path of the file in front). */
export function parserOutput(file: Dockerfile): ParserOutput {
  if (file.problem !== undefined) return { error: file.problem.message };
  return { escape: file.escape, instructions: file.instructions.map((instruction) => describe(instruction, true)) };
}

function describe(instruction: Instruction, outermost: boolean): ParserInstruction {
  const { keyword, flags, json, args, sub, heredocs } = instruction;
  return {
    cmd: keyword,
    // BuildKit places and attaches here-documents to the outermost node only
    start: outermost ? instruction.startLine : 0,
    end: outermost ? instruction.endLine : 0,
    ...(flags.length > 0 && {
      flags: flags.map(({ name, value }) => `--${name}${value === undefined ? '' : `=${value}`}`),
    }),
    ...(json && { json: true as const }),
    ...(args.length > 0 && { args }),
    ...(sub !== undefined && { sub: describe(sub, false) }),
    ...(outermost &&
      heredocs.length > 0 && {
        heredocs: heredocs.map(({ name, expand, chomp, fileDescriptor, content }) => ({
          name,
          expand,
          chomp,
          fd: fileDescriptor,
          content,
        })),
      }),
  };
}
