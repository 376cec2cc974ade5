import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ImageRefused } from '../image-refused.ts';
import { decompressor } from '../layers/decompress.ts';
import type { Limits } from '../limits.ts';

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
  const source = createReadStream(path, { highWaterMark: 1 << 19 });
  let bytes = 0;
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes <= limits.unpackedBytes) done(null, chunk);
      else done(new ImageRefused(`${path} is larger than ${limits.unpackedBytes} bytes when unpacked`));
    },
  });
  try {
    await pipeline(source, await decompressor(source), limit, createWriteStream(to, { flags: 'wx', mode: 0o600 }));
  } catch (error) {
    if (error instanceof ImageRefused) throw error;
    throw new ImageRefused(`${path} cannot be unpacked: ${(error as Error).message}`, { cause: error });
  }
}
