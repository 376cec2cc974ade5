import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Catalog, openCatalog } from '../catalog/catalog.ts';
import { CatalogRefused } from './catalog-refused.ts';

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
 * Loads the catalog: the snapshot `file` if one is named, else the newer (of equals the latter) of the one that ships with the package and
 * the one that `update` put into the cache directory. A cached one that cannot be used is passed over with a warning.
 * Throws `CatalogRefused` for a named file that cannot be used.
 */
export function loadCatalog(from: {
  readonly file?: string | undefined;
  readonly cacheDirectory: string;
}): LoadedCatalog {
  if (from.file !== undefined) {
    try {
      const texts = { ...readPackage(), snapshot: readFileSync(from.file, 'latin1') };
      return { catalog: open(texts), origin: 'file', warning: undefined };
    } catch (error) {
      throw new CatalogRefused(`${from.file}: ${(error as Error).message}`);
    }
  }
  const shipped = packageDirectory();
  let warning: string | undefined;
  if (dayOf(from.cacheDirectory) >= dayOf(shipped)) {
    try {
      return { catalog: open(readTexts(from.cacheDirectory)), origin: 'cache', warning };
    } catch (error) {
      warning = `the updated catalog in ${from.cacheDirectory} is not used: ${(error as Error).message}`;
    }
  }
  return { catalog: open(readTexts(shipped)), origin: 'package', warning };
}

function open(texts: CatalogTexts): Catalog {
  return openCatalog(texts.snapshot, texts.removedTags);
}

/** The day of a directory's catalog from the beginning of its first line; empty where there is none. */
function dayOf(directory: string): string {
  const head = Buffer.alloc(256);
  let file: number | undefined;
  try {
    file = openSync(join(directory, SNAPSHOT_FILE), 'r');
    readSync(file, head);
  } catch {
    return '';
  } finally {
    if (file !== undefined) closeSync(file);
  }
  return /"date":"(\d{4}-\d{2}-\d{2})"/.exec(head.toString('latin1'))?.[1] ?? '';
}

/** The texts that ship with the package. */
export function readPackage(): CatalogTexts {
  return readTexts(packageDirectory());
}

/** `data/`: beside `dist/`, or beside `src/`. */
function packageDirectory(): string {
  for (const up of ['../data/', '../../data/']) {
    const directory = fileURLToPath(new URL(up, import.meta.url));
    if (existsSync(join(directory, SNAPSHOT_FILE))) return directory;
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
