import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { elfExtent, type ReadBytes, readElf } from '../elf/read-elf.ts';
import { ImageRefused } from '../image-refused.ts';
import type { Limits } from '../limits.ts';
import { type FileFacts, type Interest, interests, noFacts } from './file-facts.ts';
import type { Scratch } from './scratch.ts';

/** Enough of a file to know what it is: longer than the line the kernel reads of a script, and an ELF file's segments. */
const headBytes = 4096;
/** BINPRM_BUF_SIZE of Linux: what is read of a script's first line. */
const scriptLineBytes = 256;
const dynamicLoader = /(?:^|\/)(?:ld-linux[^/]*|ld64)\.so\.\d+$|(?:^|\/)ld-[\d.]+\.so$/;

/** Bytes of all files kept so far; shared by the layers of an image. */
export interface Kept {
  bytes: number;
}

/** Takes the bytes of one file as they come, and says at its end what is remembered of it. */
export class FileReader {
  private readonly path: string;
  private readonly limits: Limits;
  private readonly kept: Kept;
  private readonly size: number;
  private readonly interest: Interest | undefined;
  private readonly scratch: Scratch;
  private held = 0;
  private wanted: number;
  private decided = false;
  private spool: Spool | undefined;
  private facts: FileFacts = noFacts;

  constructor(path: string, size: number, limits: Limits, kept: Kept, scratch: Scratch) {
    this.path = path;
    this.limits = limits;
    this.kept = kept;
    this.size = size;
    this.scratch = scratch;
    this.interest = interests.find((one) => one.path.test(path));
    const bytes = this.interest?.bytes ?? 0;
    if (bytes === 'whole' && size > limits.keptBytes) {
      throw new ImageRefused(
        `/${path} has ${size} bytes, more than the ${limits.keptBytes} that are read of such a file`,
      );
    }
    this.wanted = Math.max(headBytes, bytes === 'whole' ? size : bytes);
  }

  /** True while more bytes change what is remembered. */
  get isOpen(): boolean {
    return this.held < this.wanted;
  }

  take(piece: Buffer, start: number, end: number): void {
    // the head decides how much more is wanted, which may be the rest of the same piece
    for (let at = start; at < end && this.isOpen; ) {
      const limit = this.decided ? this.wanted : Math.min(this.wanted, headBytes);
      const bytes = Math.min(end - at, limit - this.held);
      if (this.spool !== undefined) this.spool.write(piece.subarray(at, at + bytes));
      else this.scratch.write(piece, at, at + bytes, this.held);
      this.held += bytes;
      at += bytes;
      if (!this.decided && this.held >= Math.min(headBytes, this.size)) this.decide();
    }
  }

  /** What is remembered; frees everything else. */
  end(): FileFacts {
    try {
      if (!this.decided) this.decide();
      if (this.wanted === this.size && this.held === this.size && this.isElf) this.finishElf();
      else if (this.interest !== undefined) this.finishInterest(this.interest);
      return this.facts;
    } finally {
      this.close();
    }
  }

  close(): void {
    this.spool?.close();
    this.spool = undefined;
  }

  private isElf = false;

  private decide(): void {
    this.decided = true;
    const head = this.scratch.first(this.held);
    const extent = elfExtent(head);
    if (extent === 'head') {
      this.facts = elfFacts((offset, length) => head.subarray(offset, offset + length), this.path, head.length);
    } else if (extent === 'whole') {
      this.isElf = true;
      this.wanted = this.size;
      if (this.size > this.limits.binaryBytesInMemory) {
        this.spool = new Spool();
        this.spool.write(head);
      }
      return;
    } else if (head[0] === 0x23 && head[1] === 0x21) {
      const line = head.toString('utf8', 2, scriptLineBytes).split('\n', 1)[0]!;
      this.facts = { interpreterLine: line };
    }
    if (this.interest === undefined) this.wanted = this.held;
  }

  private finishElf(): void {
    if (this.spool !== undefined) {
      this.facts = elfFacts(this.spool.read, this.path, this.size);
      return;
    }
    const whole = this.scratch.first(this.held);
    this.facts = elfFacts((offset, length) => whole.subarray(offset, offset + length), this.path, whole.length);
  }

  private finishInterest({ bytes, read }: Interest): void {
    const facts = read(this.scratch.first(this.held), this.path);
    this.kept.bytes += keptBytes(facts);
    if (this.kept.bytes > this.limits.allKeptBytes) {
      throw new ImageRefused(
        `the files of the image that are read whole are larger than ${this.limits.allKeptBytes} bytes`,
      );
    }
    if (bytes !== 0) this.facts = { ...this.facts, ...facts };
  }
}

function keptBytes({ content, packages = [] }: FileFacts): number {
  return packages.reduce((sum, { name, version }) => sum + 64 + name.length + version.length, content?.length ?? 0);
}

function elfFacts(bytes: ReadBytes, path: string, size: number): FileFacts {
  const safe: ReadBytes = (offset, length) =>
    Number.isSafeInteger(offset) && offset >= 0 && offset < size ? bytes(offset, length) : Buffer.alloc(0);
  const elf = readElf(safe);
  if (elf === undefined) return noFacts;
  return dynamicLoader.test(path) ? { elf, loaderPaths: loaderPaths(safe(0, size)) } : { elf };
}

/** glibc's loader holds the directories that it searches last as one row of texts, each with a slash at its end. */
function loaderPaths(loader: Buffer): string[] {
  const row = /(?:\/(?:usr\/)?(?:local\/)?lib[\w./-]*\/\0){2,}/.exec(loader.toString('latin1', 0, 8 << 20));
  return row === null ? [] : row[0].split('\0').filter((path) => path !== '');
}

/** A file in the system's temporary folder that nobody else sees, for a binary that is too large for memory. */
class Spool {
  private readonly folder = mkdtempSync(join(tmpdir(), 'rehull-'));
  private readonly file = openSync(join(this.folder, 'binary'), 'wx+', 0o600);
  private size = 0;

  write(chunk: Buffer): void {
    for (let done = 0; done < chunk.length; )
      done += writeSync(this.file, chunk, done, chunk.length - done, this.size + done);
    this.size += chunk.length;
  }

  readonly read: ReadBytes = (offset, length) => {
    const bytes = Buffer.alloc(Math.max(0, Math.min(length, this.size - offset)));
    return bytes.subarray(0, readSync(this.file, bytes, 0, bytes.length, offset));
  };

  close(): void {
    closeSync(this.file);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
