/**
 * The project around a Dockerfile, as the caller fills it. Paths are relative to the build context, with `/`,
 * without `..`. The caller bounds sizes and keeps links inside the context.
 */
export interface ProjectReader {
  /** text of a file; undefined if there is none, it is too large or not text */
  read(path: string): string | undefined;
  /** names in a folder (folders end in `/`); undefined if there is none. `''` is the context itself */
  list(folder: string): readonly string[] | undefined;
}

/** A Dockerfile without its project, as from standard input. */
export const noProject: ProjectReader = { read: () => undefined, list: () => undefined };
