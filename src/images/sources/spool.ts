import { writeSync } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImageRefused } from '../image-refused.ts';
import { unpackPieces } from '../layers/decompress.ts';
import type { Limits } from '../limits.ts';
import { openPart } from './file-store.ts';

/** A folder of this run alone in the system's temporary place. */
export interface TemporaryFolder {
  readonly path: string;
  remove(): Promise<void>;
}

export async function temporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'rehull-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Lays the content of a compressed file down unpacked: an archive is read in an order of its own. */
export async function unpackFile(path: string, to: string, limits: Limits): Promise<void> {
  let bytes = 0;
  const file = await open(to, 'wx', 0o600);
  try {
    await unpackPieces(await openPart(path, 0), (piece) => {
      bytes += piece.length;
      if (bytes > limits.unpackedBytes)
        throw new ImageRefused(`${path} is larger than ${limits.unpackedBytes} bytes when unpacked`);
      for (let done = 0; done < piece.length; ) done += writeSync(file.fd, piece, done);
    });
  } catch (error) {
    if (error instanceof ImageRefused) throw error;
    throw new ImageRefused(`${path} cannot be unpacked: ${(error as Error).message}`, { cause: error });
  } finally {
    await file.close();
  }
}
