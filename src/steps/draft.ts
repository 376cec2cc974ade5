import type { Dockerfile, Instruction } from '../syntax/tree.ts';
import { applyEdits, type Edit } from '../text/edit.ts';

/** Which of the stages an instruction of the final stage may stand in after a split. */
export type Half = 'build' | 'runtime';

/**
 * The output while it is being made: the input's instructions in their places, each with the edits inside it, and new
 * ones between them. Steps change a draft; printing one that no step changed gives the input back, byte for byte.
 */
export interface Piece {
  /** the instruction of the input that this is, or is made from; undefined for a new one */
  readonly origin: Instruction | undefined;
  /** the half of the final stage that it stands in; undefined in other stages */
  readonly half: Half | undefined;
  /** comments and blank lines above it */
  leading: string;
  /** edits inside the origin, in offsets of the input */
  readonly edits: Edit[];
  /** the whole new text (without line end); wins over `edits` */
  replacement: string | undefined;
  /** its line end in the input; '' for a new one, and at the end of a file without one */
  readonly end: string;
  /** new instructions before it */
  readonly preceding: Piece[];
  /** it stands here no longer */
  removed: boolean;
  /** rule and reason of what was done to it */
  rule: string | undefined;
  why: string | undefined;
}

export interface DraftStage {
  /** index of the stage in the input; undefined for a new one */
  readonly origin: number | undefined;
  /** set for the two halves of a split final stage; an unsplit final stage is `runtime` */
  readonly half: Half | undefined;
  readonly pieces: Piece[];
}

/** What became of an instruction of the input that no longer stands where it stood. */
export interface Disposition {
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
  readonly dispositions: Map<Instruction, Disposition>;
  /** the pieces that stand for an instruction of the input */
  readonly standing: Map<Instruction, Piece[]>;
}

/** A new instruction. `leading` holds the comment lines that explain it to the reader of the Dockerfile. */
export function newPiece(text: string, rule: string, why: string, leading = '', half?: Half): Piece {
  return {
    origin: undefined,
    half,
    leading,
    edits: [],
    replacement: text,
    end: '',
    preceding: [],
    removed: false,
    rule,
    why,
  };
}

/** The draft of an input: every instruction in its place. */
export function draftOf(file: Dockerfile, final: number): Draft {
  const newline = file.text.includes('\r\n') ? '\r\n' : '\n';
  const draft: Draft = { file, newline, head: [], stages: [], tail: '', dispositions: new Map(), standing: new Map() };
  let at = 0;
  for (const instruction of file.instructions) {
    const after = file.text.slice(instruction.range.end, instruction.range.end + 2);
    const end = after.startsWith('\n') ? '\n' : after === '\r\n' ? after : '';
    if (instruction.keyword === 'from') {
      const half = draft.stages.length === final ? 'runtime' : undefined;
      draft.stages.push({ origin: draft.stages.length, half, pieces: [] });
    }
    const stage = draft.stages.at(-1);
    const leading = file.text.slice(at, instruction.range.start);
    stand(draft, stage?.pieces ?? draft.head, {
      ...newPiece('', '', '', leading, stage?.half),
      origin: instruction,
      replacement: undefined,
      end,
      rule: undefined,
      why: undefined,
    });
    at = instruction.range.end + end.length;
  }
  draft.tail = file.text.slice(at);
  return draft;
}

/** Puts a piece at the end of a list, and remembers where it stands. */
export function stand(draft: Draft, list: Piece[], piece: Piece): void {
  list.push(piece);
  if (piece.origin === undefined) return;
  const others = draft.standing.get(piece.origin);
  if (others === undefined) draft.standing.set(piece.origin, [piece]);
  else others.push(piece);
}

/** The stage of the draft that is this half of the final stage. */
export function halfOf(draft: Draft, half: Half): DraftStage | undefined {
  return draft.stages.find((stage) => stage.half === half);
}

/** Every piece that stands for an instruction of the input, in one half or anywhere. */
export function standingFor(draft: Draft, instruction: Instruction, half?: Half): Piece[] {
  return (draft.standing.get(instruction) ?? []).filter(
    (piece) => !piece.removed && (half === undefined || piece.half === half),
  );
}

/** The text of a piece without its leading lines and its line end. */
export function pieceText(draft: Draft, piece: Piece): string {
  if (piece.replacement !== undefined) {
    return piece.replacement.replaceAll('\\\n', `${draft.file.escape}\n`).replaceAll('\n', draft.newline);
  }
  const { range } = piece.origin!;
  const text = draft.file.text.slice(range.start, range.end);
  if (piece.edits.length === 0) return text;
  const local = piece.edits.map((edit) => ({
    range: { start: edit.range.start - range.start, end: edit.range.end - range.start },
    text: edit.text.replaceAll('\n', draft.newline),
  }));
  return applyEdits(text, local);
}

/** Every piece of the output in its order, and what is left of those that stand no longer: comments that stood apart. */
function* inOrder(draft: Draft): Generator<Piece> {
  for (const list of [draft.head, ...draft.stages.map(({ pieces }) => pieces)]) {
    for (const piece of list) {
      yield* piece.preceding;
      yield piece;
    }
  }
}

/** Every piece that stands, in the order of the output. */
export function allPieces(draft: Draft): Piece[] {
  return [...inOrder(draft)].filter(({ removed }) => !removed);
}

/** The whole new file. */
export function printDraft(draft: Draft): string {
  const lastOfInput = draft.file.instructions.at(-1);
  const endsOpen = lastOfInput !== undefined && lastOfInput.range.end === draft.file.text.length;
  const parts: string[] = [];
  let lineEnd = '';
  let afterComment = false;
  let gone = false;
  for (const piece of inOrder(draft)) {
    let leading = draft.newline === '\n' ? piece.leading : piece.leading.replaceAll(/\r?\n/g, '\r\n');
    if (piece.removed && leading === '') {
      gone = true;
      continue;
    }
    // blank lines around what is gone do not add up, nor open the file
    if (afterComment || (gone && parts.length === 0)) leading = leading.replace(/^(\r?\n)+/, '');
    parts.push(lineEnd, leading);
    afterComment = piece.removed;
    lineEnd = '';
    if (piece.removed) continue;
    parts.push(pieceText(draft, piece));
    lineEnd = piece.end || draft.newline;
  }
  if (!endsOpen) parts.push(lineEnd);
  return parts.join('') + draft.tail;
}

/** `# syntax=docker/dockerfile:1` is the file's, whatever stands below it. */
const directive = /^[ \t]*#[ \t]*(syntax|escape|check)[ \t]*=/i;

/** The comment lines directly above an instruction are its own; what a blank line separates is not. */
export function splitLeading(leading: string): { detached: string; own: string } {
  const lines = leading.split(/(?<=\n)/);
  let at = lines.length;
  while (at > 0 && /^[ \t]*#/.test(lines[at - 1]!) && !directive.test(lines[at - 1]!)) at--;
  if (at > 0 && at === lines.length && /^[ \t]+$/.test(lines[at - 1]!)) at--;
  return { detached: lines.slice(0, at).join(''), own: lines.slice(at).join('') };
}
