/** Memory that one file after the other is read into. */
export class Scratch {
  private bytes = Buffer.allocUnsafe(1 << 16);

  write(part: Buffer, at: number): void {
    const end = at + part.length;
    if (end > this.bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(end, this.bytes.length * 2));
      this.bytes.copy(larger, 0, 0, at);
      this.bytes = larger;
    }
    part.copy(this.bytes, at);
  }

  /** What was written up to a length; the next file writes over it. */
  first(length: number): Buffer {
    return this.bytes.subarray(0, length);
  }
}
