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

/** The project as it is once these files are written. Paths as a reader has them; files only, folders follow from them. */
export function withFiles(
  project: ProjectReader,
  files: readonly { readonly path: string; readonly after: string }[],
): ProjectReader {
  if (files.length === 0) return project;
  const texts = new Map(files.map(({ path, after }) => [path, after]));
  return {
    read: (path) => texts.get(path) ?? project.read(path),
    list: (folder) => {
      const below = folder === '' ? '' : `${folder.replace(/\/+$/, '')}/`;
      const own = files
        .filter(({ path }) => path.startsWith(below))
        .map(({ path }) => path.slice(below.length).replace(/\/.*$/, '/'));
      const known = project.list(folder);
      return known === undefined && own.length === 0 ? undefined : [...new Set([...(known ?? []), ...own])].sort();
    },
  };
}
