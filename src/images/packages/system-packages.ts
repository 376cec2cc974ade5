import { posix } from 'node:path';
import type { Entry, ImageTree } from '../image-tree.ts';
import type { Package } from './package.ts';

/** Packages of Debian and its kin: one status file, or one file a package as distroless images have it. */
export function debianPackages(tree: ImageTree): Package[] {
  const texts = [tree.text('/var/lib/dpkg/status') ?? ''];
  for (const [name, entry] of tree.directory('/var/lib/dpkg/status.d')?.entry.children ?? []) {
    if (entry.kind === 'file' && !/\.(?:md5sums|list)$/.test(name))
      texts.push(entry.facts.content?.toString('utf8') ?? '');
  }
  return texts.flatMap((text) => text.split(/\n{2,}/)).flatMap((paragraph) => debianPackage(paragraph, tree) ?? []);
}

function debianPackage(paragraph: string, tree: ImageTree): Package | undefined {
  const field = (name: string) => new RegExp(`^${name}: *(.*)$`, 'm').exec(paragraph)?.[1]?.trim();
  const name = field('Package');
  const version = field('Version');
  const status = field('Status');
  if (!name || !version || (status !== undefined && !/ installed$/.test(status))) return undefined;
  const info = '/var/lib/dpkg/info';
  const list = tree.text(`${info}/${name}.list`) ?? tree.text(`${info}/${name}:${field('Architecture')}.list`);
  const told = Number(field('Installed-Size'));
  const files = list?.split('\n').filter((path) => path.startsWith('/'));
  return {
    ecosystem: 'debian',
    name,
    version,
    bytes:
      files === undefined ? (Number.isSafeInteger(told) && told > 0 ? told * 1024 : undefined) : bytesOf(files, tree),
    layer: layerOfFiles(files, tree),
  };
}

/** Packages of Alpine and its kin. Fields: apk's installed database. */
export function alpinePackages(tree: ImageTree): Package[] {
  const text = tree.text('/lib/apk/db/installed') ?? tree.text('/usr/lib/apk/db/installed') ?? '';
  return text.split(/\n{2,}/).flatMap((paragraph) => {
    let [name, version, folder] = ['', '', ''];
    const files: string[] = [];
    for (const line of paragraph.split('\n')) {
      const value = line.slice(2);
      if (line.startsWith('P:')) name = value;
      else if (line.startsWith('V:')) version = value;
      else if (line.startsWith('F:')) folder = value;
      else if (line.startsWith('R:')) files.push(posix.join('/', folder, value));
    }
    if (name === '' || version === '') return [];
    return { ecosystem: 'alpine', name, version, bytes: bytesOf(files, tree), layer: layerOfFiles(files, tree) };
  });
}

function entries(paths: readonly string[], tree: ImageTree): Entry[] {
  return paths.flatMap((path) => tree.entry(path) ?? []).filter(({ kind }) => kind === 'file');
}

function bytesOf(paths: readonly string[], tree: ImageTree): number {
  let bytes = 0;
  for (const entry of entries(paths, tree)) if (entry.kind === 'file') bytes += entry.size;
  return bytes;
}

/** The layer that brought the first of its files that is still there. */
function layerOfFiles(paths: readonly string[] | undefined, tree: ImageTree): number | undefined {
  for (const path of paths ?? []) {
    const entry = tree.entry(path);
    if (entry?.kind === 'file') return entry.layer;
  }
  return undefined;
}
