import { type Readable, Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import type { Definition } from '../catalog/definition.ts';
import { CatalogRefused } from './catalog-refused.ts';

/** How much of an archive is read before it is refused. The public catalog's has about 8,000 files. */
export interface ArchiveLimits {
  readonly compressedBytes: number;
  readonly bytes: number;
  readonly definitions: number;
}

export const ARCHIVE_LIMITS: ArchiveLimits = { compressedBytes: 128 << 20, bytes: 512 << 20, definitions: 50_000 };

/** All definitions of a catalog, and where they come from as far as the source says. */
export interface ReadCatalog {
  readonly definitions: readonly Definition[];
  readonly commit: string | undefined;
  readonly date: string | undefined;
}

/** The place of a definition in an archive: below `image/`, at most one folder around it. */
const MEMBER = /^(?:[^/]+\/)?image\/(.+)$/;

/**
 * Reads the definitions out of a gzipped tar archive of the catalog, streaming: only regular files at the path of a
 * definition are read, nothing is written to disk. Commit and date come from what `git archive` puts in.
 * Throws `CatalogRefused` for an archive that is no whole, valid catalog.
 */
export async function readArchive(
  archive: Readable,
  limits: ArchiveLimits = ARCHIVE_LIMITS,
  signal?: AbortSignal,
): Promise<ReadCatalog> {
  const { importDefinition, isDefinitionPath, MAX_DEFINITION_BYTES } = await import('../catalog/import.ts');
  const definitions = new Map<string, Definition>();
  let newest = 0;

  const tar = extract();
  const commit = new CommitReader();
  const unpacking = pipeline(
    archive,
    limitBytes(limits.compressedBytes, 'the archive is too large'),
    createGunzip(),
    limitBytes(limits.bytes, 'the archive is too large when unpacked'),
    commit,
    tar,
    { signal },
  );
  unpacking.catch(() => {}); // awaited below; the loop may fail first
  try {
    for await (const entry of tar) {
      const { name, type, size = 0, mtime } = entry.header;
      const path = type === 'file' ? MEMBER.exec(name)?.[1] : undefined;
      if (path === undefined || !isDefinitionPath(path)) {
        entry.resume();
        continue;
      }
      if (definitions.has(path)) throw new CatalogRefused(`${path} is in the archive twice`);
      if (definitions.size === limits.definitions)
        throw new CatalogRefused(`more than ${limits.definitions} definitions`);
      if (size > MAX_DEFINITION_BYTES) throw new CatalogRefused(`${path}: larger than ${MAX_DEFINITION_BYTES} bytes`);
      const chunks: Buffer[] = [];
      for await (const chunk of entry) chunks.push(chunk as Buffer);
      const definition = importDefinition(path, Buffer.concat(chunks).toString('utf8'));
      if ('problem' in definition) throw new CatalogRefused(definition.problem);
      definitions.set(path, definition);
      newest = Math.max(newest, mtime?.getTime() ?? 0);
    }
    await unpacking;
  } catch (error) {
    const cause = error instanceof CatalogRefused ? error : await unpacking.catch((first: unknown) => first);
    if (cause instanceof CatalogRefused) throw cause;
    throw new CatalogRefused(`the archive cannot be read: ${((cause ?? error) as Error).message}`);
  }
  const date = newest === 0 ? undefined : new Date(newest).toISOString().slice(0, 10);
  return { definitions: [...definitions.values()], commit: commit.value, date };
}

function limitBytes(limit: number, message: string): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > limit) done(new CatalogRefused(message));
      else done(null, chunk);
    },
  });
}

/** Passes a tar stream on and reads the commit that `git archive` writes into the global header at its beginning. */
class CommitReader extends Transform {
  value: string | undefined;
  #head: Buffer | undefined = Buffer.alloc(0);

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (this.#head !== undefined) {
      this.#head = Buffer.concat([this.#head, chunk.subarray(0, 1024)]);
      if (this.#head.length >= 1024) {
        const isGlobalHeader = this.#head[156] === 'g'.charCodeAt(0);
        const comment = / comment=([0-9a-f]{40})\n/.exec(this.#head.toString('latin1', 512, 1024));
        this.value = isGlobalHeader ? comment?.[1] : undefined;
        this.#head = undefined;
      }
    }
    done(null, chunk);
  }
}
