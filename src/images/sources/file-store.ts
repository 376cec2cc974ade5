import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageRefused } from '../image-refused.ts';
import type { Pieces } from '../layers/decompress.ts';

/** The files of a saved image by name: a folder, or an archive. */
export interface FileStore {
  /** undefined where there is no such file */
  size(name: string): Promise<number | undefined>;
  open(name: string): Promise<Pieces>;
}

const pieceBytes = 1 << 19;

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

/** A stretch of a file; only of a regular file, since reading a pipe would wait for ever. */
export async function openPart(path: string, start: number, length = Number.POSITIVE_INFINITY): Promise<Pieces> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  if (!(await file.stat()).isFile()) {
    await file.close();
    throw new ImageRefused(`${path} is no regular file`);
  }
  return readPieces(file, start, start + length);
}

/** Reads ahead into the other of two buffers while a piece is used, and closes the file. */
async function* readPieces(file: FileHandle, start: number, end: number): Pieces {
  const buffers = [Buffer.allocUnsafe(pieceBytes), Buffer.allocUnsafe(pieceBytes)] as const;
  const read = (at: number, turn: number) =>
    file.read(buffers[turn % 2]!, 0, Math.max(0, Math.min(pieceBytes, end - at)), at);
  let reading = read(start, 0);
  try {
    for (let at = start, turn = 1; at < end; turn++) {
      const { bytesRead, buffer } = await reading;
      if (bytesRead === 0) return;
      at += bytesRead;
      reading = read(at, turn);
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await reading.catch(() => {});
    await file.close();
  }
}

/** A small file of a store, whole; undefined where there is none. */
export async function readSmall(store: FileStore, name: string, limit: number): Promise<Buffer | undefined> {
  const size = await store.size(name);
  if (size === undefined) return undefined;
  if (size > limit)
    throw new ImageRefused(`${name} has ${size} bytes, more than the ${limit} that are read of such a file`);
  const chunks: Buffer[] = [];
  for await (const chunk of await store.open(name)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
