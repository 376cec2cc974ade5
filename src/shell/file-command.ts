import type { Word } from './tree.ts';
import { textOf } from './word.ts';

/** A path that a command names. A written or removed path stands for what is below it, too. */
export interface PathUse {
  /** the word that names it; for a path that nobody wrote (`wget`'s file, the working directory) the word that it is for */
  readonly word: Word;
  /** static text, globs left in; undefined where variables or commands decide */
  readonly path: string | undefined;
  readonly glob: boolean;
  /** `path` is not what the word says */
  readonly implied?: true;
}

/** What a command does to files. */
export interface FileEffects {
  readonly reads: readonly PathUse[];
  readonly writes: readonly PathUse[];
  readonly removes: readonly PathUse[];
  /** `owner` as `chown` takes it: `user`, `user:group`, `:group` */
  readonly owners: readonly { readonly path: PathUse; readonly owner: Word | undefined; readonly recursive: boolean }[];
  readonly modes: readonly { readonly path: PathUse; readonly mode: Word; readonly recursive: boolean }[];
  /** false if nothing is known of the program: it may do anything */
  readonly known: boolean;
}

export const noEffects: FileEffects = { reads: [], writes: [], removes: [], owners: [], modes: [], known: true };

/** How one program treats files; `words` are its arguments, `program` its name, `effectsOf` reads a command in it. */
export type FileCommand = (
  words: readonly Word[],
  program: Word,
  effectsOf: (words: readonly Word[]) => FileEffects,
) => Partial<FileEffects>;

/** A path as a word names it. */
export function pathUse(word: Word): PathUse {
  return { word, path: word.braces ? undefined : textOf(word), glob: word.glob };
}

/** A path that no word names; it is remembered at the program's name, or at the address that it is saved from. */
export function impliedPath(path: string | undefined, word: Word): PathUse {
  return { word, path, glob: false, implied: true };
}
