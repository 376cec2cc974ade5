import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { ImageRefused } from '../image-refused.ts';

/** The files of a saved image by name: a folder, or an archive. */
export interface FileStore {
  /** undefined where there is no such file */
  size(name: string): Promise<number | undefined>;
  open(name: string): Promise<Readable>;
}

const pieces = 1 << 19;

/** The files below a folder; no name leads out of it. */
export function folderStore(folder: string): FileStore {
  const place = (name: string) => {
    if (name.split(/[\\/]/).includes('..') || name.includes('\0')) {
      throw new ImageRefused(`${JSON.stringify(name)} leads out of the image's folder`);
    }
    return join(folder, name);
  };
  return {
    async size(name) {
      const stats = await stat(place(name)).catch(() => undefined);
      return stats?.isFile() ? stats.size : undefined;
    },
    open: async (name) => openPart(place(name), 0, undefined),
  };
}

/** A stretch of a file as a stream; only of a regular file, since reading a pipe would wait for ever. */
export async function openPart(path: string, start: number, length: number | undefined): Promise<Readable> {
  if (length === 0) return Readable.from([]);
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  if (!(await file.stat()).isFile()) {
    await file.close();
    throw new ImageRefused(`${path} is no regular file`);
  }
  return file.createReadStream({
    start,
    ...(length === undefined ? {} : { end: start + length - 1 }),
    highWaterMark: pieces,
  });
}

/** A small file of a store, whole; undefined where there is none. */
export async function readSmall(store: FileStore, name: string, limit: number): Promise<Buffer | undefined> {
  const size = await store.size(name);
  if (size === undefined) return undefined;
  if (size > limit)
    throw new ImageRefused(`${name} has ${size} bytes, more than the ${limit} that are read of such a file`);
  const chunks: Buffer[] = [];
  for await (const chunk of await store.open(name)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
