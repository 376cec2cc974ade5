import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { ImageRefused } from '../image-refused.ts';

/**
 * Bytes as they are read. A piece may be written over once the next one is asked for.
 */
export type Pieces = AsyncIterable<Buffer>;

/** Large pieces: each one is a turn through the event loop. */
const chunkSize = 1 << 19;

const magics: readonly (readonly [string, string])[] = [
  ['1f8b', 'gzip'],
  ['28b52ffd', 'zstd'],
  ['fd377a585a00', 'xz'],
  ['425a68', 'bzip2'],
];
const longestMagic = 6;

/** Unpacks bytes as they are written, and hands them on. What fails, its own taker included, rejects the next call. */
export interface Unpacker {
  /** done once the piece is no longer needed */
  write(piece: Buffer): Promise<unknown>;
  /** done once everything was handed on */
  end(): Promise<unknown>;
  close(): void;
}

/** What unpacks bytes that begin so; undefined where they are not packed. Media types are not to be relied on. */
async function unpackerFor(head: Buffer, take: (piece: Buffer) => void): Promise<Unpacker | undefined> {
  const begin = head.toString('hex', 0, longestMagic);
  const kind = magics.find(([magic]) => begin.startsWith(magic))?.[1];
  switch (kind) {
    case undefined:
      return undefined;
    case 'gzip':
      return new StreamUnpacker(zlib.createGunzip({ chunkSize }), take);
    case 'zstd': {
      // Node has zstd since 22.15
      const { createZstdDecompress } = zlib as { createZstdDecompress?: (options: { chunkSize: number }) => Transform };
      if (createZstdDecompress !== undefined) return new StreamUnpacker(createZstdDecompress({ chunkSize }), take);
      return new (await import('./zstd-program.ts')).ZstdProgram(take);
    }
    default:
      throw new ImageRefused(
        `a layer is compressed with ${kind}, which is not read; save the image with docker image save`,
      );
  }
}

/** Hands bytes on unpacked, or as they are where they are not packed. What `take` throws ends the reading. */
export async function unpackPieces(pieces: Pieces, take: (piece: Buffer) => void): Promise<void> {
  let head: Buffer | undefined = Buffer.alloc(0);
  let unpacker: Unpacker | undefined;
  const hand = async (piece: Buffer) => {
    if (unpacker === undefined) take(piece);
    else await unpacker.write(piece);
  };
  const begin = async (first: Buffer) => {
    head = undefined;
    unpacker = await unpackerFor(first, take);
    await hand(first);
  };
  try {
    for await (const piece of pieces) {
      if (head === undefined) await hand(piece);
      else if (head.length + piece.length < longestMagic) head = Buffer.concat([head, piece]);
      else await begin(head.length === 0 ? piece : Buffer.concat([head, piece]));
    }
    if (head !== undefined) await begin(head);
    await unpacker?.end();
  } finally {
    unpacker?.close();
  }
}

/** A decompressing stream of Node whose work goes on, in a thread of its own, while its last piece is taken. */
class StreamUnpacker implements Unpacker {
  private readonly transform: Transform;
  private readonly failed: Promise<never>;

  constructor(transform: Transform, take: (piece: Buffer) => void) {
    this.transform = transform;
    let hasFailed = false;
    this.failed = new Promise((_, reject) => {
      const fail = (error: unknown) => {
        hasFailed = true;
        reject(error);
      };
      transform.on('error', fail);
      transform.on('data', (piece: Buffer) =>
        process.nextTick(() => {
          if (hasFailed) return;
          try {
            take(piece);
          } catch (error) {
            fail(error);
          }
        }),
      );
    });
    // it is raced below; that nobody waits for it at the moment is no fault
    this.failed.catch(() => {});
  }

  write(piece: Buffer): Promise<unknown> {
    return Promise.race([new Promise<void>((resolve) => this.transform.write(piece, () => resolve())), this.failed]);
  }

  end(): Promise<unknown> {
    const ended = new Promise<void>((resolve) => this.transform.on('end', () => process.nextTick(resolve)));
    this.transform.end();
    return Promise.race([ended, this.failed]);
  }

  close(): void {
    this.transform.destroy();
  }
}
