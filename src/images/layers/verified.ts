import { createHash } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';
import { ImageRefused } from '../image-refused.ts';

const algorithms = new Set(['sha256', 'sha384', 'sha512']);

/** Passes a stream on and ends with an error where it is not what the digest says, or longer than `size`. */
export class Verified extends Transform {
  private readonly digest: string;
  private readonly what: string;
  private readonly size: number | undefined;
  private readonly hash;
  private bytes = 0;

  constructor(digest: string, what: string, size?: number) {
    super({ highWaterMark: 1 << 20 });
    const algorithm = digest.slice(0, digest.indexOf(':'));
    if (!algorithms.has(algorithm)) throw new ImageRefused(`the digest ${digest} is of a kind that cannot be verified`);
    this.digest = digest;
    this.what = what;
    this.size = size;
    this.hash = createHash(algorithm);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.bytes += chunk.length;
    if (this.size !== undefined && this.bytes > this.size) {
      done(new ImageRefused(`${this.what} is longer than the ${this.size} bytes that the manifest says`));
      return;
    }
    this.hash.update(chunk);
    done(null, chunk);
  }

  override _flush(done: TransformCallback): void {
    const found = `${this.digest.slice(0, this.digest.indexOf(':'))}:${this.hash.digest('hex')}`;
    done(found === this.digest.toLowerCase() ? null : damaged(this.what, this.digest));
  }
}

/** Throws where bytes are not what the digest says. */
export function verify(bytes: Buffer, digest: string, what: string): void {
  const algorithm = digest.slice(0, digest.indexOf(':'));
  if (!algorithms.has(algorithm)) throw new ImageRefused(`the digest ${digest} is of a kind that cannot be verified`);
  if (`${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}` !== digest.toLowerCase()) {
    throw damaged(what, digest);
  }
}

function damaged(what: string, digest: string): ImageRefused {
  return new ImageRefused(`${what} is not what its digest ${digest} says: it is damaged or was changed; fetch it anew`);
}
