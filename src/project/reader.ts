import fs from 'node:fs';
import { join, sep } from 'node:path';
import type { ProjectReader } from '../context/project-reader.ts';

const maximumFileBytes = 1024 * 1024;
const maximumNames = 10_000;

/**
 * Reads a project's files below a build context (an existing folder). Nothing outside of it is reachable: neither by
 * `..` or absolute paths nor through a symbolic link. Every answer is kept, so that one run sees one state.
 */
export function contextReader(context: string): ProjectReader {
  let root: string | undefined;
  const texts = new Map<string, string | undefined>();
  const folders = new Map<string, readonly string[] | undefined>();

  /** The real path behind one inside the context; undefined for what does not exist or leads out. */
  const resolve = (path: string): string | undefined => {
    root ??= fs.realpathSync(context);
    const parts = path.split('/').filter((part) => part !== '' && part !== '.');
    if (path.startsWith('/') || parts.includes('..') || /[\0\\]/.test(path)) return undefined;
    const real = fs.realpathSync(join(root, ...parts));
    return real === root || real.startsWith(root.endsWith(sep) ? root : root + sep) ? real : undefined;
  };

  const remember = <Answer>(known: Map<string, Answer | undefined>, path: string, ask: () => Answer | undefined) => {
    if (known.has(path)) return known.get(path);
    let answer: Answer | undefined;
    try {
      answer = ask();
    } catch {
      // missing, unreadable or a loop of links: for the reader there is no such file
    }
    known.set(path, answer);
    return answer;
  };

  return {
    read: (path) =>
      remember(texts, path, () => {
        const file = resolve(path);
        return file === undefined ? undefined : readText(file);
      }),
    list: (folder) =>
      remember(folders, folder, () => {
        const real = resolve(folder);
        if (real === undefined) return undefined;
        const names: string[] = [];
        for (const entry of fs.readdirSync(real, { withFileTypes: true }).slice(0, maximumNames)) {
          const kind = entry.isSymbolicLink() ? linkedKind(resolve, `${folder}/${entry.name}`) : entry;
          if (kind?.isDirectory()) names.push(`${entry.name}/`);
          else if (kind?.isFile()) names.push(entry.name);
        }
        return names.sort();
      }),
  };
}

function linkedKind(resolve: (path: string) => string | undefined, path: string): fs.Stats | undefined {
  try {
    const target = resolve(path.replace(/^\/+/, ''));
    return target === undefined ? undefined : fs.statSync(target);
  } catch {
    return undefined;
  }
}

function readText(file: string): string | undefined {
  const descriptor = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  try {
    const stat = fs.fstatSync(descriptor);
    if (!stat.isFile() || stat.size > maximumFileBytes) return undefined;
    const buffer = Buffer.alloc(stat.size);
    const length = fs.readSync(descriptor, buffer, 0, stat.size, 0);
    const bytes = buffer.subarray(0, length);
    return bytes.includes(0) ? undefined : new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } finally {
    fs.closeSync(descriptor);
  }
}
