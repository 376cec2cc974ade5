import { createReadStream } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { type Catalog, openCatalog } from '../catalog/catalog.ts';
import { RemovedTags, writeRemovedTags } from '../catalog/removed-tags.ts';
import { writeSnapshot } from '../catalog/snapshot.ts';
import { ARCHIVE_LIMITS, type ArchiveLimits, readArchive } from './archive.ts';
import { CatalogRefused } from './catalog-refused.ts';
import { loadCatalog, REMOVED_TAGS_FILE, readPackage, readTexts, SNAPSHOT_FILE } from './load.ts';

/** The public catalog as an archive of its newest commit. */
export const PUBLIC_ARCHIVE = 'https://codeload.github.com/docker-hardened-images/catalog/tar.gz/refs/heads/main';

/** A catalog with less than this part of the images or tags of the one it would replace is not believed. */
const LEAST_SHARE = 0.7;

export interface UpdateOptions {
  /** URL (https, or http to this machine) or path of an archive (.tar.gz); the public catalog by default */
  readonly source?: string | undefined;
  readonly cacheDirectory: string;
  readonly fetch: typeof globalThis.fetch;
  readonly timeoutMilliseconds?: number | undefined;
  readonly limits?: ArchiveLimits | undefined;
}

/** What an update changed. */
export interface Update {
  readonly before: Pick<Catalog, 'date' | 'commit' | 'size'>;
  readonly after: Pick<Catalog, 'date' | 'commit' | 'size'>;
  /** images that came and went */
  readonly imagesAdded: readonly string[];
  readonly imagesRemoved: readonly string[];
  readonly tagsAdded: number;
  readonly tagsRemoved: number;
}

/**
 * Fetches a catalog, checks it whole, and only then puts it in the place of the one in the cache directory. Whatever
 * is wrong (not reachable, too large, not valid, much smaller, older) throws `CatalogRefused` and changes nothing.
 */
export async function updateCatalog(options: UpdateOptions): Promise<Update> {
  const signal = AbortSignal.timeout(options.timeoutMilliseconds ?? 120_000);
  const limits = options.limits ?? ARCHIVE_LIMITS;
  const archive = await openSource(options.source ?? PUBLIC_ARCHIVE, options.fetch, limits, signal);
  const { definitions, commit, date } = await readArchive(archive, limits, signal);

  const { wholeCatalogProblem } = await import('../catalog/import.ts');
  const problem = wholeCatalogProblem(definitions);
  if (problem !== undefined) throw new CatalogRefused(problem);
  if (date === undefined) throw new CatalogRefused('the archive does not say of which day it is');
  const snapshot = writeSnapshot(definitions, { date, commit: commit ?? 'unknown' });

  const { catalog: before, origin } = loadCatalog(options);
  const after = openCatalog(snapshot, '');
  refuseDoubtful(before, after);
  const texts = origin === 'cache' ? readTexts(options.cacheDirectory) : readPackage();
  const { removed, tagsAdded, tagsRemoved } = compareTags(before, after, new RemovedTags(texts.removedTags));

  // The list goes first: with the old snapshot it is still right, because only tags that are gone are looked up in it.
  await replaceFile(join(options.cacheDirectory, REMOVED_TAGS_FILE), writeRemovedTags(removed));
  await replaceFile(join(options.cacheDirectory, SNAPSHOT_FILE), snapshot);
  return {
    before,
    after,
    imagesAdded: after.images.filter((image) => !before.has(image)),
    imagesRemoved: before.images.filter((image) => !after.has(image)),
    tagsAdded,
    tagsRemoved,
  };
}

async function openSource(
  source: string,
  fetch: typeof globalThis.fetch,
  limits: ArchiveLimits,
  signal: AbortSignal,
): Promise<Readable> {
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(source)) return createReadStream(source);
  if (!isTrusted(source)) throw new CatalogRefused(`${source}: only https is fetched`);
  let response: Response;
  try {
    response = await fetch(source, { signal });
  } catch (error) {
    const cause = (error as Error).cause;
    const reason = cause instanceof Error ? cause.message : (error as Error).message;
    throw new CatalogRefused(`${source} cannot be fetched: ${reason}`);
  }
  const length = Number(response.headers.get('content-length') ?? 0);
  const refusal = !response.ok
    ? `${source} answers ${response.status}`
    : response.url !== '' && !isTrusted(response.url)
      ? `${source} leads to ${response.url}: only https is fetched`
      : length > limits.compressedBytes
        ? 'the archive is too large'
        : undefined;
  if (refusal !== undefined || response.body === null) {
    await response.body?.cancel();
    throw new CatalogRefused(refusal ?? `${source} answers nothing`);
  }
  return Readable.fromWeb(response.body as import('node:stream/web').ReadableStream);
}

/** https, or a server on this machine. */
function isTrusted(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname));
}

function refuseDoubtful(before: Catalog, after: Catalog): void {
  if (after.date < before.date) {
    throw new CatalogRefused(
      `the archive is of ${after.date}, older than the catalog of ${before.date} that is in use`,
    );
  }
  for (const what of ['images', 'tags'] as const) {
    if (after.size[what] < LEAST_SHARE * before.size[what]) {
      throw new CatalogRefused(`the archive has ${after.size[what]} ${what}, the catalog in use ${before.size[what]}`);
    }
  }
}

/** What went and came between two catalogs, and the list of removed tags that belongs to the later one. */
function compareTags(before: Catalog, after: Catalog, known: RemovedTags) {
  const removed = new Map<string, Map<string, string>>();
  const note = (image: string, tag: string, day: string): boolean => {
    if (after.resolve(image, tag) !== undefined) return false;
    const tags = removed.get(image);
    if (tags === undefined) removed.set(image, new Map([[tag, day]]));
    else tags.set(tag, day);
    return true;
  };
  for (const image of known.images()) for (const [tag, day] of known.of(image)) note(image, tag, day);
  let tagsRemoved = 0;
  for (const image of before.images) {
    for (const { tags } of before.definitions(image)) {
      for (const tag of tags) if (note(image, tag, after.date)) tagsRemoved++;
    }
  }
  return { removed, tagsRemoved, tagsAdded: after.size.tags - (before.size.tags - tagsRemoved) };
}

/** Writes a file beside its place and moves it there, so that a reader sees the old one or the new one. */
async function replaceFile(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(temporary, text, 'latin1');
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {}); // the first failure is the one to tell
    throw new CatalogRefused(`the catalog cannot be written: ${(error as Error).message}`);
  }
}
