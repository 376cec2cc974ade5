import type { BuildView } from './ecosystem.ts';

/** where packages of the source image's own interpreter land; the hardened interpreter looks elsewhere */
const foreignLibrary =
  /^\/usr\/local(\/bin|\/lib(\/python3?(\.\d+)?(\/(site|dist)-packages(\/.*)?)?)?)?$|^\/usr\/lib\/python3(\.\d+)?(\/(site|dist)-packages(\/.*)?)?$/;
const userBase = /^\/(root|home\/[^/]+)\/\.local(\/|$)/;

/** Whether a path belongs to the interpreter of the source image, or to a user's own packages for it. */
export function isForeign(path: string): boolean {
  return foreignLibrary.test(path) || userBase.test(path);
}

/** Whether a COPY or a command other than an installer puts a file at a path: then it is no package's program. */
export function isMadeOtherwise(view: BuildView, stages: readonly number[], path: string): boolean {
  return stages.some((index) =>
    view.stages[index]!.instructions.some(
      ({ copy, commands }) =>
        (copy !== undefined && !(typeof copy.from === 'number' && copy.sources.every(isForeign)) && puts(copy, path)) ||
        commands.some(({ argv, invocation }) => invocation === undefined && argv.slice(1).includes(path)),
    ),
  );
}

function puts({ sources, destination }: { sources: readonly string[]; destination: string }, path: string): boolean {
  if (destination === path) return true;
  const folder = destination === '/' ? '/' : `${destination}/`;
  if (!path.startsWith(folder)) return false;
  const below = path.slice(folder.length);
  return sources.some((source) => source.slice(source.lastIndexOf('/') + 1) === below);
}

/** Paths below `/usr/local` that a stage puts there beside Python's packages. */
export function othersInUsrLocal(view: BuildView, stages: readonly number[]): string[] {
  const found = new Set<string>();
  for (const index of stages) {
    for (const { copy, commands } of view.stages[index]!.instructions) {
      if (copy?.destination.startsWith('/usr/local/') && !isForeign(copy.destination)) found.add(copy.destination);
      for (const { argv, invocation, program } of commands) {
        if (invocation !== undefined || program === 'rm' || /^python/.test(program ?? '')) continue;
        for (const word of argv.slice(1)) if (word?.startsWith('/usr/local/bin/')) found.add(word);
      }
    }
  }
  return [...found].sort();
}
