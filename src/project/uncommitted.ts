import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { gitRoot } from './project-root.ts';

/** as many paths as one call of git gets */
const mostPaths = 500;

/**
 * The files among `paths` (absolute) that differ from their last commit, or that were never in one: git could not bring
 * back what is in them. None where there is no repository or no git, or where git ignores the file. Nothing that a
 * repository configures is run.
 */
export async function uncommitted(paths: readonly string[]): Promise<string[]> {
  const byRoot = new Map<string, string[]>();
  for (const path of paths) {
    const root = gitRoot(dirname(path));
    if (root !== undefined) byRoot.set(root, [...(byRoot.get(root) ?? []), path]);
  }
  const found: string[] = [];
  for (const [root, files] of byRoot) {
    for (let at = 0; at < files.length; at += mostPaths) {
      const some = files.slice(at, at + mostPaths);
      try {
        const settings = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];
        const status = ['status', '--porcelain', '-z', '--untracked-files=all', '--no-renames', '--'];
        const { stdout } = await promisify(execFile)(
          'git',
          ['--no-optional-locks', '--literal-pathspecs', ...settings, ...status, ...some],
          { cwd: root, maxBuffer: 64 * 1024 * 1024 },
        );
        const changed = new Set(stdout.split('\0').map((line) => `${root}/${line.slice(3)}`));
        found.push(...some.filter((file) => changed.has(file)));
      } catch {
        // no git, or no repository that git takes for one
      }
    }
  }
  return found;
}
