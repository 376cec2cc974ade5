import fs from 'node:fs';
import { join, relative, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { foldersUpTo, gitRoot } from './project-root.ts';

const maximumIgnoreBytes = 1024 * 1024;

interface Level {
  readonly folder: string;
  readonly patterns: Ignore;
}

/** What git would leave out below a folder: the `.gitignore` files from the repository's root down. */
export class IgnoreRules {
  private readonly levels: readonly Level[];

  private constructor(levels: readonly Level[]) {
    this.levels = levels;
  }

  /**
   * The rules that hold in `folder` (absolute), its own file included. Where the folder itself is ignored, the rules
   * above it are not taken: a person who names it wants it searched.
   */
  static from(folder: string): IgnoreRules {
    let rules = new IgnoreRules([]);
    const above = foldersUpTo(folder, gitRoot(folder) ?? folder)
      .slice(1)
      .reverse();
    for (const ancestor of above) rules = rules.enter(ancestor);
    for (const ancestor of [...above.slice(1), folder]) {
      if (rules.ignores(ancestor, true)) return new IgnoreRules([]).enter(folder);
    }
    return rules.enter(folder);
  }

  /** The rules that hold in a folder below. */
  enter(folder: string): IgnoreRules {
    const patterns = readPatterns(join(folder, '.gitignore'));
    return patterns === undefined ? this : new IgnoreRules([{ folder, patterns }, ...this.levels]);
  }

  ignores(path: string, isFolder: boolean): boolean {
    for (const { folder, patterns } of this.levels) {
      const name = relative(folder, path).split(sep).join('/');
      if (name === '' || name.startsWith('../')) continue;
      const { ignored, unignored } = patterns.test(isFolder ? `${name}/` : name);
      if (ignored || unignored) return ignored;
    }
    return false;
  }
}

function readPatterns(path: string): Ignore | undefined {
  try {
    const stat = fs.statSync(path);
    if (!stat.isFile() || stat.size > maximumIgnoreBytes) return undefined;
    return ignore({ allowRelativePaths: true }).add(fs.readFileSync(path, 'utf8'));
  } catch {
    // no file, or one that cannot be read: git goes on without it too
    return undefined;
  }
}
