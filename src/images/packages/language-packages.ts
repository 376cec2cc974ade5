import { posix } from 'node:path';
import type { Directory, Entry, ImageTree, RegularFile } from '../image-tree.ts';
import type { Package } from './package.ts';

/** Packages of languages, by the files that they leave: dist-info, package.json, gemspec, jar. */
export function languagePackages(tree: ImageTree): Package[] {
  const found = new Map<string, Package>();
  for (const { path, entry } of tree.walk()) {
    if (entry.kind !== 'file') continue;
    const known = named(path, entry, tree) ?? gem(path, entry) ?? jar(path, entry);
    if (known === undefined) continue;
    const key = `${known.ecosystem} ${known.name} ${known.version}`;
    const before = found.get(key);
    // the same package in several places is one, with the size of all of them
    found.set(key, before === undefined ? known : { ...before, bytes: (before.bytes ?? 0) + (known.bytes ?? 0) });
  }
  return [...found.values()];
}

function named(path: string, entry: RegularFile, tree: ImageTree): Package | undefined {
  const { facts, layer } = entry;
  if (facts.package === undefined) return undefined;
  const folder = posix.dirname(path);
  const bytes =
    facts.package.ecosystem === 'python'
      ? tree.file(`${folder}/RECORD`)?.entry.facts.listedBytes
      : ownBytes(tree.directory(folder)?.entry);
  return { ...facts.package, bytes, layer };
}

/** Bytes below a folder, those of packages within it left out. */
function ownBytes(directory: Directory | undefined): number {
  let bytes = 0;
  const pending = directory === undefined ? [] : [directory];
  while (pending.length > 0) {
    for (const [name, entry] of pending.pop()!.children) {
      if (entry.kind === 'file') bytes += entry.size;
      else if (entry.kind === 'directory' && name !== 'node_modules') pending.push(entry);
    }
  }
  return bytes;
}

function gem(path: string, { layer }: Entry): Package | undefined {
  const match = /\/specifications\/(?:default\/)?([\w.-]+?)-(\d[\w.]*)(?:-[\w-]+)?\.gemspec$/.exec(path);
  if (match === null) return undefined;
  return { ecosystem: 'ruby', name: match[1]!, version: match[2]!, bytes: undefined, layer };
}

function jar(path: string, { layer, size }: RegularFile): Package | undefined {
  const match = /\/([A-Za-z][\w.-]*?)-(\d[\w.]*(?:-[\w.]+)?)\.jar$/.exec(path);
  if (match === null) return undefined;
  return { ecosystem: 'java', name: match[1]!, version: match[2]!, bytes: size, layer };
}
