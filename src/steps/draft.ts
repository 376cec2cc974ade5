import type { Dockerfile, Instruction } from '../syntax/tree.ts';
import { applyEdits, type Edit } from '../text/edit.ts';

/**
 * The output while it is being made: the input's instructions in their places, each with the edits inside it, and new
 * ones between them. Steps change a draft; printing one that no step changed gives the input back, byte for byte.
 */
export interface Piece {
  /** the instruction of the input that this is, or is made from; undefined for a new one */
  readonly origin: Instruction | undefined;
  /** comments and blank lines above it */
  leading: string;
  /** edits inside the origin, in offsets of the input */
  readonly edits: Edit[];
  /** the whole new text (without line end); wins over `edits` */
  replacement: string | undefined;
  /** its line end in the input; '' for a new one, and at the end of a file without one */
  readonly end: string;
  /** rule and reason of what was done to it */
  rule: string | undefined;
  why: string | undefined;
}

/** Which of the stages an instruction of the final stage may stand in after a split. */
export type Half = 'build' | 'runtime';

export interface DraftStage {
  /** index of the stage in the input; undefined for a new one */
  readonly origin: number | undefined;
  /** set for the two halves of a split final stage; an unsplit final stage is `runtime` */
  readonly half: Half | undefined;
  readonly pieces: Piece[];
}

/** What became of an instruction of the input that no longer stands where it stood. */
export interface Disposition {
  readonly instruction: Instruction;
  readonly kind: 'dropped' | 'moved';
  readonly rule: string;
  readonly why: string;
}

export interface Draft {
  readonly file: Dockerfile;
  /** `\n` or `\r\n`, as the input has it */
  readonly newline: string;
  /** global ARGs before the first FROM */
  readonly head: Piece[];
  readonly stages: DraftStage[];
  /** comments and blank lines after the last instruction */
  tail: string;
  readonly dispositions: Disposition[];
}

/** A new instruction. `leading` holds the comment lines that explain it to the reader of the Dockerfile. */
export function newPiece(text: string, rule: string, why: string, leading = ''): Piece {
  return { origin: undefined, leading, edits: [], replacement: text, end: '', rule, why };
}

/** The draft of an input: every instruction in its place. */
export function draftOf(file: Dockerfile, final: number): Draft {
  const newline = file.text.includes('\r\n') ? '\r\n' : '\n';
  const head: Piece[] = [];
  const stages: DraftStage[] = [];
  let at = 0;
  for (const instruction of file.instructions) {
    const after = file.text.slice(instruction.range.end, instruction.range.end + 2);
    const end = after.startsWith('\n') ? '\n' : after === '\r\n' ? after : '';
    const leading = file.text.slice(at, instruction.range.start);
    const piece: Piece = {
      origin: instruction,
      leading,
      edits: [],
      replacement: undefined,
      end,
      rule: undefined,
      why: undefined,
    };
    if (instruction.keyword === 'from') {
      stages.push({ origin: stages.length, half: stages.length === final ? 'runtime' : undefined, pieces: [piece] });
    } else (stages.at(-1)?.pieces ?? head).push(piece);
    at = instruction.range.end + end.length;
  }
  return { file, newline, head, stages, tail: file.text.slice(at), dispositions: [] };
}

/** The stage of the draft that is this half of the final stage. */
export function halfOf(draft: Draft, half: Half): DraftStage | undefined {
  return draft.stages.find((stage) => stage.half === half);
}

/** Every piece that stands for an instruction of the input. */
export function piecesOf(draft: Draft, instruction: Instruction): { stage: DraftStage | undefined; piece: Piece }[] {
  const found: { stage: DraftStage | undefined; piece: Piece }[] = [];
  for (const piece of draft.head) if (piece.origin === instruction) found.push({ stage: undefined, piece });
  for (const stage of draft.stages) {
    for (const piece of stage.pieces) if (piece.origin === instruction) found.push({ stage, piece });
  }
  return found;
}

/** The text of a piece without its leading lines and its line end. */
export function pieceText(draft: Draft, piece: Piece): string {
  if (piece.replacement !== undefined) return piece.replacement.replaceAll('\n', draft.newline);
  const { range } = piece.origin!;
  const text = draft.file.text.slice(range.start, range.end);
  if (piece.edits.length === 0) return text;
  const local = piece.edits.map((edit) => ({
    range: { start: edit.range.start - range.start, end: edit.range.end - range.start },
    text: edit.text.replaceAll('\n', draft.newline),
  }));
  return applyEdits(text, local);
}

/** The whole new file. */
export function printDraft(draft: Draft): string {
  const all = [...draft.head, ...draft.stages.flatMap((stage) => stage.pieces)];
  const lastOfInput = draft.file.instructions.at(-1);
  const endsOpen = lastOfInput !== undefined && lastOfInput.range.end === draft.file.text.length;
  const parts: string[] = [];
  all.forEach((piece, index) => {
    parts.push(piece.leading.replaceAll(/\r?\n/g, draft.newline === '\n' ? '$&' : '\r\n'), pieceText(draft, piece));
    if (index < all.length - 1 || !endsOpen) parts.push(piece.end || draft.newline);
  });
  return parts.join('') + draft.tail;
}

/** The comment lines directly above an instruction are its own; what a blank line separates is not. */
export function splitLeading(leading: string): { detached: string; own: string } {
  const lines = leading.split(/(?<=\n)/);
  let at = lines.length;
  while (at > 0 && /^[ \t]*#/.test(lines[at - 1]!)) at--;
  if (at > 0 && at === lines.length && /^[ \t]+$/.test(lines[at - 1]!)) at--;
  return { detached: lines.slice(0, at).join(''), own: lines.slice(at).join('') };
}
