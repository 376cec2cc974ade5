import { createHash } from 'node:crypto';
import { ImageRefused } from '../image-refused.ts';

const algorithms = new Set(['sha256', 'sha384', 'sha512']);

/** Holds bytes, as they come, against a digest and a size. */
export class Verifier {
  private readonly digest: string;
  private readonly what: string;
  private readonly size: number | undefined;
  private readonly hash;
  private bytes = 0;

  constructor(digest: string, what: string, size?: number) {
    const algorithm = digest.slice(0, digest.indexOf(':'));
    if (!algorithms.has(algorithm)) throw new ImageRefused(`the digest ${digest} is of a kind that cannot be verified`);
    this.digest = digest;
    this.what = what;
    this.size = size;
    this.hash = createHash(algorithm);
  }

  take(piece: Buffer): void {
    this.bytes += piece.length;
    if (this.size !== undefined && this.bytes > this.size) {
      throw new ImageRefused(`${this.what} is longer than the ${this.size} bytes that the manifest says`);
    }
    this.hash.update(piece);
  }

  /** To be called behind the last piece. */
  end(): void {
    if (this.size !== undefined && this.bytes < this.size) {
      throw new ImageRefused(`${this.what} is shorter than the ${this.size} bytes that the manifest says`);
    }
    const found = `${this.digest.slice(0, this.digest.indexOf(':'))}:${this.hash.digest('hex')}`;
    if (found !== this.digest.toLowerCase()) {
      throw new ImageRefused(
        `${this.what} is not what its digest ${this.digest} says: it is damaged or was changed; fetch it anew`,
      );
    }
  }
}

/** Throws where bytes are not what the digest says. */
export function verify(bytes: Buffer, digest: string, what: string): void {
  const verifier = new Verifier(digest, what);
  verifier.take(bytes);
  verifier.end();
}
