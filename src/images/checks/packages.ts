import type { ImageTree } from '../image-tree.ts';

/** A package of the distribution that an image has. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
}

const mostPackages = 20_000;

/** Every package that the databases of dpkg and apk list, by name; those of images without a package manager too. */
export function installedPackages(tree: ImageTree): InstalledPackage[] {
  const found = new Map<string, InstalledPackage>();
  const add = (name: string | undefined, version: string | undefined) => {
    if (name !== undefined && version !== undefined && found.size < mostPackages) found.set(name, { name, version });
  };
  for (const stanza of dpkgStanzas(tree)) {
    const [name, version, status] = ['Package', 'Version', 'Status'].map((field) => fieldOf(stanza, `${field}: `));
    // what was removed keeps its stanza
    if (status === undefined || status.endsWith(' installed')) add(name, version);
  }
  const apk = tree.text('/lib/apk/db/installed') ?? tree.text('/usr/lib/apk/db/installed') ?? '';
  for (const stanza of apk.split('\n\n')) add(fieldOf(stanza, 'P:'), fieldOf(stanza, 'V:'));
  return [...found.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** One file of all packages, or one for each in images that are put together without dpkg. */
function dpkgStanzas(tree: ImageTree): string[] {
  const single = [...(tree.directory('/var/lib/dpkg/status.d')?.entry.children.keys() ?? [])];
  return [
    ...(tree.text('/var/lib/dpkg/status') ?? '').split('\n\n'),
    ...single.flatMap((name) => tree.text(`/var/lib/dpkg/status.d/${name}`) ?? []),
  ];
}

function fieldOf(stanza: string, start: string): string | undefined {
  for (let at = 0; at !== -1 && at < stanza.length; ) {
    const end = stanza.indexOf('\n', at);
    const line = stanza.slice(at, end === -1 ? undefined : end);
    if (line.startsWith(start)) return line.slice(start.length).trim();
    if (end === -1) return undefined;
    at = end + 1;
  }
  return undefined;
}
