import type { ProjectReader } from '../../src/context/project-reader.ts';

/** A fenced block of a page. */
export interface Block {
  readonly info: string;
  readonly content: string;
  /** offsets of the content in the page */
  readonly start: number;
  readonly end: number;
  /** 1-based line of its fence */
  readonly line: number;
}

/** One example of a page: what goes in, and what the page says comes out. */
export interface Case {
  readonly kind: 'before' | 'unchanged';
  readonly line: number;
  readonly text: string;
  readonly files: ReadonlyMap<string, string>;
  readonly after: Block | undefined;
  /** what becomes of other files of the project, by path */
  readonly changed: ReadonlyMap<string, Block>;
  readonly finding: Block | undefined;
}

/** Reads the cases of a page. Throws for a page that has none, and for blocks that belong to none. */
export function readPage(page: string): readonly Case[] {
  const cases: ({ -readonly [Key in keyof Case]: Case[Key] } & { changed: Map<string, Block> })[] = [];
  let files = new Map<string, string>();
  for (const item of items(page)) {
    if (item === 'section') {
      files = new Map();
      continue;
    }
    const { info, line } = item;
    const current = cases.at(-1);
    if (info === 'dockerfile before' || info === 'dockerfile unchanged') {
      const kind = info === 'dockerfile before' ? 'before' : 'unchanged';
      cases.push({
        kind,
        line,
        text: item.content,
        files: new Map(files),
        after: undefined,
        changed: new Map(),
        finding: undefined,
      });
    } else if (info === 'dockerfile after') {
      if (current?.kind !== 'before' || current.after)
        throw new Error(`line ${line}: an after block without its before`);
      current.after = item;
    } else if (info === 'text finding') {
      if (current === undefined || current.finding)
        throw new Error(`line ${line}: a finding block without its example`);
      current.finding = item;
    } else {
      const name = /^\S+ file=(\S+)$/.exec(info)?.[1];
      const changed = /^\S+ after=(\S+)$/.exec(info)?.[1];
      if (name !== undefined) files.set(name, item.content);
      else if (changed !== undefined) {
        if (current?.kind !== 'before') throw new Error(`line ${line}: a changed file without its before`);
        current.changed.set(changed, item);
      } else if (/^(dockerfile|text)\s/.test(info)) throw new Error(`line ${line}: unknown kind of block: ${info}`);
    }
  }
  if (cases.length === 0) throw new Error('the page has no example: no dockerfile before or unchanged block');
  for (const { kind, line, after, finding } of cases) {
    if (kind === 'before' && !after && !finding) throw new Error(`line ${line}: nothing is said of what comes out`);
  }
  return cases;
}

export function* items(page: string): Generator<Block | 'section'> {
  let fence: { mark: string; info: string; start: number; line: number } | undefined;
  let offset = 0;
  let number = 0;
  for (const line of page.split('\n')) {
    number += 1;
    const start = offset;
    offset += line.length + 1;
    const [, mark, info] = /^(`{3,})(.*)$/.exec(line) ?? [];
    if (fence === undefined) {
      if (mark !== undefined) fence = { mark, info: info!.trim(), start: offset, line: number };
      else if (line.startsWith('## ')) yield 'section';
    } else if (mark !== undefined && mark.length >= fence.mark.length && info === '') {
      yield {
        info: fence.info,
        content: page.slice(fence.start, start),
        start: fence.start,
        end: start,
        line: fence.line,
      };
      fence = undefined;
    }
  }
  if (fence !== undefined) throw new Error(`line ${fence.line}: the block is never closed`);
}

/** The page with the contents of some blocks replaced. */
export function replaceBlocks(page: string, replacements: readonly { block: Block; content: string }[]): string {
  let out = page;
  for (const { block, content } of [...replacements].sort((a, b) => b.block.start - a.block.start)) {
    const ended = content === '' || content.endsWith('\n') ? content : `${content}\n`;
    out = out.slice(0, block.start) + ended + out.slice(block.end);
  }
  return out;
}

/** A project of files that a page holds. */
export function pageProject(files: ReadonlyMap<string, string>): ProjectReader {
  return {
    read: (path) => files.get(path),
    list: (folder) => {
      const prefix = folder === '' || folder === '.' ? '' : `${folder.replace(/\/$/, '')}/`;
      const names = new Set<string>();
      for (const path of files.keys()) {
        if (!path.startsWith(prefix)) continue;
        const [name, ...rest] = path.slice(prefix.length).split('/');
        names.add(rest.length > 0 ? `${name}/` : name!);
      }
      return names.size > 0 || prefix === '' ? [...names].sort() : undefined;
    },
  };
}
