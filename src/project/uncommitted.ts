import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { gitRoot } from './project-root.ts';

/**
 * The files among `paths` (absolute) that git tracks and that differ from their last commit: git could not bring back
 * what is in them. None where there is no repository or no git. Nothing that a repository configures is run.
 */
export async function uncommitted(paths: readonly string[]): Promise<string[]> {
  const byRoot = new Map<string, string[]>();
  for (const path of paths) {
    const root = gitRoot(dirname(path));
    if (root !== undefined) byRoot.set(root, [...(byRoot.get(root) ?? []), path]);
  }
  const found: string[] = [];
  for (const [root, files] of byRoot) {
    try {
      const settings = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];
      const { stdout } = await promisify(execFile)(
        'git',
        ['--no-optional-locks', ...settings, 'status', '--porcelain', '-z', '--untracked-files=no'],
        { cwd: root, maxBuffer: 64 * 1024 * 1024 },
      );
      const changed = new Set(stdout.split('\0').map((line) => `${root}/${line.slice(3)}`));
      found.push(...files.filter((file) => changed.has(file)));
    } catch {
      // no git, or no repository that git takes for one
    }
  }
  return found;
}
