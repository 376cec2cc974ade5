import fs from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { IgnoreRules } from './ignore-rules.ts';
import { InputError, inputError } from './input-error.ts';

/** Folders that hold other people's files or a tool's own. */
const skippedFolders: ReadonlySet<string> = new Set([
  '.git',
  '.gradle',
  '.hg',
  '.mypy_cache',
  '.next',
  '.nuxt',
  '.pytest_cache',
  '.ruff_cache',
  '.svn',
  '.terraform',
  '.tox',
  '.venv',
  '__pycache__',
  'bower_components',
  'node_modules',
  'vendor',
  'venv',
]);

const maximumDepth = 64;
const maximumEntries = 1_000_000;

/** What a search found: paths that begin with the folder as it was given, in the order of their names. */
export interface Found {
  readonly files: readonly string[];
  /** other files that were asked for; relative to the folder, with `/` */
  readonly others: readonly string[];
  /** folders that could not be read, and a search that was cut short */
  readonly problems: readonly InputError[];
}

/** True for the names that builders and people give: Dockerfile, Dockerfile.*, *.Dockerfile, Containerfile(.*). */
export function isDockerfileName(name: string): boolean {
  const lower = name.toLowerCase();
  if (/(\.dockerignore|\.containerignore|\.md|\.bak|\.orig|\.rej|\.swp|~)$/.test(lower)) return false;
  return /^(dockerfile|containerfile)(\..+)?$|.\.(dockerfile|containerfile)$/.test(lower);
}

/**
 * Finds the Dockerfiles below a folder. What git ignores is left out, and so are folders of dependencies. Folders
 * behind symbolic links are not entered; a link to a file counts if it stays below the folder. `isWanted` says of other
 * files, by their path below the folder, whether they are asked for; `entered` hears of each folder.
 */
export function findDockerfiles(
  folder: string,
  absolute: string,
  isWanted: (path: string) => boolean = () => false,
  entered: (path: string) => void = () => {},
): Found {
  const search = new Search(folder, absolute, isWanted, entered);
  search.enter(absolute, IgnoreRules.from(absolute), 0);
  return search.found();
}

class Search {
  private readonly given: string;
  private readonly root: string;
  private readonly realRoot: string;
  private readonly files: string[] = [];
  private readonly others: string[] = [];
  private readonly isWanted: (path: string) => boolean;
  private readonly entered: (path: string) => void;
  private readonly links: string[] = [];
  private readonly problems: InputError[] = [];
  private entries = 0;

  constructor(given: string, root: string, isWanted: (path: string) => boolean, entered: (path: string) => void) {
    this.entered = entered;
    this.isWanted = isWanted;
    this.given = given;
    this.root = root;
    try {
      this.realRoot = fs.realpathSync(root);
    } catch (error) {
      throw inputError('read', given, error);
    }
  }

  enter(folder: string, rules: IgnoreRules, depth: number): void {
    this.entered(this.shown(folder));
    let entries: fs.Dirent[];
    try {
      entries = fs.readdirSync(folder, { withFileTypes: true });
    } catch (error) {
      this.problems.push(inputError('read', this.shown(folder), error));
      return;
    }
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      this.entries += 1;
      if (this.entries > maximumEntries) {
        if (this.entries === maximumEntries + 1) this.cutShort(`more than ${maximumEntries} entries`);
        return;
      }
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (skippedFolders.has(entry.name) || rules.ignores(path, true)) continue;
        if (depth >= maximumDepth) this.cutShort(`folders deeper than ${maximumDepth} levels at ${this.shown(path)}`);
        else this.enter(path, rules.enter(path), depth + 1);
      } else if (isDockerfileName(entry.name) && !rules.ignores(path, false)) {
        if (entry.isFile()) this.files.push(path);
        else if (entry.isSymbolicLink()) this.links.push(path);
      } else if (entry.isFile()) {
        const inside = relative(this.root, path).split(sep).join('/');
        if (this.isWanted(inside) && !rules.ignores(path, false)) this.others.push(inside);
      }
    }
  }

  found(): Found {
    const seen = new Set(this.files.map((file) => join(this.realRoot, relative(this.root, file))));
    const files = [...this.files];
    for (const link of this.links) {
      const target = this.targetOf(link);
      if (target === undefined || seen.has(target)) continue;
      seen.add(target);
      files.push(link);
    }
    return { files: files.map((file) => this.shown(file)), others: this.others, problems: this.problems };
  }

  /** The regular file below the root that a link leads to; undefined for any other. */
  private targetOf(link: string): string | undefined {
    try {
      const target = fs.realpathSync(link);
      return target.startsWith(this.realRoot + sep) && fs.statSync(target).isFile() ? target : undefined;
    } catch (error) {
      this.problems.push(inputError('read', this.shown(link), error));
      return undefined;
    }
  }

  private shown(path: string): string {
    const inside = relative(this.root, path);
    if (inside === '') return this.given;
    return this.given === '.' ? inside : join(this.given, inside);
  }

  private cutShort(reason: string): void {
    this.problems.push(
      new InputError(
        `${this.given} was not searched whole: ${reason}; name ${basename(this.root)}'s folders one by one`,
      ),
    );
  }
}
