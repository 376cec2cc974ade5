import { once } from 'node:events';
import { PassThrough, type Readable, type Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { ImageRefused } from '../image-refused.ts';

/** Large pieces: each one is a turn through the event loop. */
const chunkSize = 1 << 19;

const magics: readonly (readonly [string, string])[] = [
  ['1f8b', 'gzip'],
  ['28b52ffd', 'zstd'],
  ['fd377a585a00', 'xz'],
  ['425a68', 'bzip2'],
];

/** What unpacks a stream, told by its first bytes: media types are not to be relied on. */
export async function decompressor(stream: Readable): Promise<Transform> {
  const head = (await firstBytes(stream)).toString('hex', 0, 8);
  const kind = magics.find(([magic]) => head.startsWith(magic))?.[1];
  switch (kind) {
    case undefined:
      return new PassThrough({ highWaterMark: chunkSize });
    case 'gzip':
      return zlib.createGunzip({ chunkSize });
    case 'zstd':
      return zstd();
    default:
      throw new ImageRefused(
        `a layer is compressed with ${kind}, which is not read; save the image with docker image save`,
      );
  }
}

/** Node has zstd since 22.15. */
function zstd(): Transform {
  const { createZstdDecompress } = zlib as { createZstdDecompress?: (options: { chunkSize: number }) => Transform };
  if (createZstdDecompress === undefined) {
    throw new ImageRefused(
      `a layer is compressed with zstd, which Node ${process.versions.node} cannot read; use Node 22.15 or newer, or build the image with gzip layers`,
    );
  }
  return createZstdDecompress({ chunkSize });
}

/** Looks at the first piece of a stream and puts it back. */
async function firstBytes(stream: Readable): Promise<Buffer> {
  if (stream.readableLength === 0 && !stream.readableEnded) await once(stream, 'readable');
  const chunk = stream.read() as Buffer | null;
  if (chunk === null) return Buffer.alloc(0);
  stream.unshift(chunk);
  return chunk;
}
