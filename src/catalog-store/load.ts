import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Catalog, openCatalog } from '../catalog/catalog.ts';
import { CatalogRefused } from './archive.ts';

export const SNAPSHOT_FILE = 'catalog.snapshot';
export const REMOVED_TAGS_FILE = 'catalog.removed-tags';

/** A catalog, and where it was read from. */
export interface LoadedCatalog {
  readonly catalog: Catalog;
  readonly origin: 'package' | 'cache' | 'file';
  /** an updated catalog was there and could not be used; one sentence */
  readonly warning: string | undefined;
}

/** The texts of a catalog, as its files hold them. */
export interface CatalogTexts {
  readonly snapshot: string;
  readonly removedTags: string;
}

/**
 * Loads the catalog: the snapshot `file` if one is named, else the newer of the one that ships with the package and
 * the one that `update` put into the cache directory. A cached one that cannot be used is passed over with a warning.
 * Throws `CatalogRefused` for a named file that cannot be used.
 */
export function loadCatalog(from: {
  readonly file?: string | undefined;
  readonly cacheDirectory: string;
}): LoadedCatalog {
  if (from.file !== undefined) {
    try {
      const snapshot = readFileSync(from.file, 'latin1');
      const catalog = openCatalog(snapshot, readPackage().removedTags);
      return { catalog, origin: 'file', warning: undefined };
    } catch (error) {
      throw new CatalogRefused(`${from.file}: ${(error as Error).message}`);
    }
  }
  const cached = openCached(from.cacheDirectory);
  const texts = readPackage();
  const shipped = () => openCatalog(texts.snapshot, texts.removedTags);
  if (cached === undefined) return { catalog: shipped(), origin: 'package', warning: undefined };
  if (typeof cached === 'string') return { catalog: shipped(), origin: 'package', warning: cached };
  const catalog = shipped();
  return cached.date > catalog.date
    ? { catalog: cached, origin: 'cache', warning: undefined }
    : { catalog, origin: 'package', warning: undefined };
}

/** The catalog that `update` wrote, a sentence why it cannot be used, or undefined where there is none. */
function openCached(directory: string): Catalog | string | undefined {
  const file = join(directory, SNAPSHOT_FILE);
  if (!existsSync(file)) return undefined;
  try {
    const texts = readTexts(directory);
    return openCatalog(texts.snapshot, texts.removedTags);
  } catch (error) {
    return `the updated catalog in ${file} is not used: ${(error as Error).message}`;
  }
}

/** The texts that ship with the package: beside `dist/`, or beside `src/`. */
export function readPackage(): CatalogTexts {
  for (const up of ['../data/', '../../data/']) {
    const directory = fileURLToPath(new URL(up, import.meta.url));
    if (existsSync(join(directory, SNAPSHOT_FILE))) return readTexts(directory);
  }
  throw new Error('the package is damaged: its catalog is missing');
}

/** Reads both files of a catalog; they are ASCII, and latin1 is decoded fastest. */
export function readTexts(directory: string): CatalogTexts {
  return {
    snapshot: readFileSync(join(directory, SNAPSHOT_FILE), 'latin1'),
    removedTags: readFileSync(join(directory, REMOVED_TAGS_FILE), 'latin1'),
  };
}

/** Where an updated catalog is kept, as the platform wants it. */
export function cacheDirectory(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform, home: string): string {
  const { XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = environment;
  if (xdg !== undefined && xdg !== '') return join(xdg, 'rehull');
  if (platform === 'win32') return join(local ?? join(home, 'AppData', 'Local'), 'rehull', 'cache');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'rehull');
  return join(home, '.cache', 'rehull');
}
