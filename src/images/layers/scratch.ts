/** Memory that one file after the other is read into. */
export class Scratch {
  private bytes = Buffer.allocUnsafe(1 << 16);

  /** Takes over a stretch of a piece. */
  write(piece: Buffer, start: number, end: number, at: number): void {
    const needed = at + end - start;
    if (needed > this.bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.bytes.length * 2));
      this.bytes.copy(larger, 0, 0, at);
      this.bytes = larger;
    }
    piece.copy(this.bytes, at, start, end);
  }

  /** What was written up to a length; the next file writes over it. */
  first(length: number): Buffer {
    return this.bytes.subarray(0, length);
  }
}
