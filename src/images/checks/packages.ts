import type { ImageTree } from '../image-tree.ts';

/** A package of the distribution that an image has. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  /** what the package says that it takes on a disk */
  readonly bytes: number | undefined;
  /** index of the layer that brought this version, as far as the database tells */
  readonly layer: number | undefined;
}

/** Packages of one kind beyond which no more are listed. */
export const mostPackages = 20_000;

/** Every package that the databases of dpkg and apk list, by name; those of images without a package manager too. */
export function installedPackages(tree: ImageTree): InstalledPackage[] {
  const found = new Map<string, InstalledPackage>();
  const add = (stanza: string, fields: readonly [string, string, string], unit: number, layerOf: LayerOf) => {
    const [name, version, size] = fields.map((field) => fieldOf(stanza, field));
    if (name === undefined || version === undefined || found.size >= mostPackages) return;
    const bytes = size !== undefined && /^\d{1,12}$/.test(size) ? Number(size) * unit : undefined;
    found.set(name, { name, version, bytes, layer: layerOf(name) });
  };
  for (const { stanza, layerOf } of dpkgStanzas(tree)) {
    const status = fieldOf(stanza, 'Status: ');
    // what was removed keeps its stanza
    const isInstalled = status === undefined || status.endsWith(' installed');
    // Installed-Size counts KiB (Debian policy 5.6.20)
    if (isInstalled) add(stanza, ['Package: ', 'Version: ', 'Installed-Size: '], 1024, layerOf);
  }
  const apk = tree.text('/lib/apk/db/installed') ?? tree.text('/usr/lib/apk/db/installed') ?? '';
  for (const stanza of apk.split('\n\n')) add(stanza, ['P:', 'V:', 'I:'], 1, () => apkLayer(stanza, tree));
  return [...found.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
}

type LayerOf = (name: string) => number | undefined;

/** One file of all packages, or one for each in images that are put together without dpkg. */
function dpkgStanzas(tree: ImageTree): { stanza: string; layerOf: LayerOf }[] {
  const lists = tree.directory('/var/lib/dpkg/info')?.entry.children;
  // dpkg writes the list of a package's files when it unpacks it; of libraries for several processors, with theirs
  const byList: LayerOf = (name) =>
    ['', ':amd64', ':arm64', ':i386', ':armhf']
      .map((processor) => lists?.get(`${name}${processor}.list`)?.layer)
      .find((layer) => layer !== undefined);
  const single = [...(tree.directory('/var/lib/dpkg/status.d')?.entry.children ?? [])];
  return [
    ...(tree.text('/var/lib/dpkg/status') ?? '').split('\n\n').map((stanza) => ({ stanza, layerOf: byList })),
    ...single.flatMap(([name, { layer }]) => {
      const stanza = tree.text(`/var/lib/dpkg/status.d/${name}`);
      return stanza === undefined ? [] : [{ stanza, layerOf: () => layer }];
    }),
  ];
}

/** The layer of the first file of an Alpine package: `F:` names a folder, `R:` a file in it. */
function apkLayer(stanza: string, tree: ImageTree): number | undefined {
  const file = /^F:(.*)\n(?:[^FR].*\n)*R:(.*)$/m.exec(stanza);
  return file === null ? undefined : tree.entry(`/${file[1]}/${file[2]}`)?.layer;
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
