import fs from 'node:fs';
import { dirname, join } from 'node:path';

/** The nearest folder from `folder` upward (absolute) that a git repository starts in; undefined if there is none. */
export function gitRoot(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (fs.existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return undefined;
  }
}

/** `folder` and its ancestors up to `root`, nearest first; `folder` alone where it is not below `root`. */
export function foldersUpTo(folder: string, root: string): readonly string[] {
  const found: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    found.push(at);
    if (at === root) return found;
    if (dirname(at) === at) return [folder];
  }
}
