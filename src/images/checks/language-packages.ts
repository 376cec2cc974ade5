import { posix } from 'node:path';
import type { Directory, Entry, ImageTree } from '../image-tree.ts';
import type { NamedPackage } from '../layers/file-facts.ts';
import { mostPackages } from './packages.ts';

/** A package of a language, as its package manager left it in the image. */
export interface LanguagePackage extends NamedPackage {
  readonly language: 'python' | 'node' | 'ruby' | 'php' | 'java' | 'dotnet';
  /** the file or folder that tells of it */
  readonly path: string;
  readonly layer: number;
  /** of its own files, without packages inside of it; undefined where they are not known */
  readonly bytes: number | undefined;
}

/** Packages that lie in the image as Python, Node.js, Ruby, PHP, Java and .NET find them, by path. */
export function languagePackages(tree: ImageTree): LanguagePackage[] {
  const found: LanguagePackage[] = [];
  for (const { path, entry } of tree.all()) {
    if (found.length >= mostPackages) break;
    found.push(...packagesAt(path, entry, tree).slice(0, mostPackages - found.length));
  }
  return found;
}

/** `NAME-VERSION`, with what tells of a version that it is one: it begins with a digit. */
const nameAndVersion = /^(.+?)-(\d[^-]*)/;

function packagesAt(path: string, entry: Entry, tree: ImageTree): LanguagePackage[] {
  const name = posix.basename(path);
  const { layer } = entry;
  const folder = posix.dirname(path);
  const python = /\.(?:dist-info|egg-info)$/.test(name) && /\/(?:site|dist)-packages$/.test(folder);
  if (python) {
    const record = entry.kind === 'directory' ? entry.children.get('RECORD') : undefined;
    const bytes = record?.kind === 'file' ? record.facts.recordedBytes : undefined;
    return named(name.replace(/\.\w+-info$/, ''), { language: 'python', path, layer, bytes });
  }
  if (entry.kind !== 'file') return [];
  if (name.endsWith('.gemspec') && /\/specifications(?:\/default)?$/.test(folder)) {
    const stem = name.slice(0, -'.gemspec'.length);
    const gems = posix.join(folder.replace(/\/specifications.*$/, ''), 'gems', stem);
    return named(stem, { language: 'ruby', path, layer, bytes: bytesOf(tree.directory(gems)?.entry) });
  }
  if (name.endsWith('.jar')) {
    return named(name.slice(0, -'.jar'.length), { language: 'java', path, layer, bytes: entry.size });
  }
  return (entry.facts.packages ?? []).map((one) => {
    if (name === 'package.json') {
      const bytes = bytesOf(tree.directory(folder)?.entry);
      return { language: 'node', path: folder, layer, bytes, ...one };
    }
    if (name === 'installed.json') {
      const place = posix.join(folder, '..', one.name);
      return { language: 'php', path: place, layer, bytes: bytesOf(tree.directory(place)?.entry), ...one };
    }
    return { language: 'dotnet', path, layer, bytes: undefined, ...one };
  });
}

function named(text: string, rest: Omit<LanguagePackage, 'name' | 'version'>): LanguagePackage[] {
  const [, name, version] = nameAndVersion.exec(text) ?? [];
  return name === undefined || version === undefined ? [] : [{ ...rest, name, version }];
}

/** Bytes of all files below a folder, packages of Node inside of it left out. */
function bytesOf(folder: Directory | undefined): number | undefined {
  if (folder === undefined) return undefined;
  let bytes = 0;
  const pending: Directory[] = [folder];
  while (pending.length > 0) {
    for (const [name, entry] of pending.pop()!.children) {
      if (entry.kind === 'file') bytes += entry.size;
      else if (entry.kind === 'directory' && name !== 'node_modules') pending.push(entry);
    }
  }
  return bytes;
}
