import { blockBytes, continuesSparseMap, readPaxRecords, readTarHeader, type TarHeader, text } from './tar-header.ts';

/** A member of an archive, as all its headers describe it. */
export interface TarMember {
  readonly type: 'file' | 'directory' | 'symbolic-link' | 'hard-link' | 'special';
  readonly name: string;
  readonly linkName: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** bytes of content in the archive */
  readonly size: number;
  /** of a file that is stored with holes: its size with them */
  readonly sparseSize: number | undefined;
  /** where its content begins in the archive */
  readonly offset: number;
}

/** Takes the content of one member: stretches of pieces, which may be written over once `take` has returned. */
export interface TarContent {
  take(piece: Buffer, start: number, end: number): void;
  end(): void;
}

/** Longest extended header that is read, as in Go's archive/tar, which engines use. */
const longestExtension = 1 << 20;

const types: Readonly<Record<string, TarMember['type']>> = {
  '\0': 'file',
  '0': 'file',
  '7': 'file',
  S: 'file',
  '1': 'hard-link',
  '2': 'symbolic-link',
  '3': 'special',
  '4': 'special',
  '5': 'directory',
  '6': 'special',
};
/** Of these nothing follows, whatever their size says. */
const withoutContent = '123456';
/** Of these, `g` says something of all members, which engines do not heed. */
const extensions = 'xgLK';
const none: ReadonlyMap<string, string> = new Map();

/**
 * Reads an archive in pieces as they come, without a copy of any content. Every member is handed to `member`, which may
 * answer with who takes its content. Reads what Go's archive/tar reads; throws for what is damaged.
 */
export class TarReader {
  private readonly member: (member: TarMember) => TarContent | undefined;
  private readonly block = Buffer.alloc(blockBytes);
  private filled = 0;
  private position = 0;
  private left = 0;
  private padding = 0;
  private content: TarContent | undefined;
  private zeros = 0;
  private isSparseMap = false;
  private header: TarHeader | undefined;
  private longName: string | undefined;
  private longLink: string | undefined;
  private records: ReadonlyMap<string, string> | undefined;

  constructor(member: (member: TarMember) => TarContent | undefined) {
    this.member = member;
  }

  push(piece: Buffer): void {
    for (let at = 0; at < piece.length && this.zeros < 2; ) {
      const before = at;
      const rest = piece.length - at;
      if (this.left > 0) {
        const bytes = Math.min(this.left, rest);
        this.content?.take(piece, at, at + bytes);
        this.left -= bytes;
        at += bytes;
        if (this.left === 0) this.endContent();
      } else if (this.padding > 0) {
        const bytes = Math.min(this.padding, rest);
        this.padding -= bytes;
        at += bytes;
      } else if (this.filled === 0 && rest >= blockBytes) {
        at += blockBytes;
        this.position += blockBytes;
        this.takeBlock(piece, before);
        continue;
      } else {
        const bytes = Math.min(blockBytes - this.filled, rest);
        piece.copy(this.block, this.filled, at, at + bytes);
        this.filled += bytes;
        at += bytes;
        if (this.filled === blockBytes) {
          this.filled = 0;
          this.position += bytes;
          this.takeBlock(this.block, 0);
          continue;
        }
      }
      this.position += at - before;
    }
  }

  /** Leaves out what is left of a content that nobody takes. Returns how many bytes of the archive need not be pushed. */
  skip(): number {
    if (this.content !== undefined) return 0;
    const bytes = this.left + this.padding;
    this.left = 0;
    this.padding = 0;
    this.position += bytes;
    return bytes;
  }

  /** To be called behind the last piece. */
  end(): void {
    const isWithin = this.left > 0 || this.filled > 0 || this.header !== undefined || this.isExtended;
    if (this.zeros < 2 && isWithin) throw new Error('it is cut off');
  }

  private get isExtended(): boolean {
    return this.longName !== undefined || this.longLink !== undefined || this.records !== undefined;
  }

  private endContent(): void {
    const content = this.content;
    this.content = undefined;
    content?.end();
  }

  private takeBlock(bytes: Buffer, base: number): void {
    if (this.isSparseMap) {
      this.isSparseMap = continuesSparseMap(bytes, base);
      if (!this.isSparseMap) this.enter(this.header!);
      return;
    }
    const header = readTarHeader(bytes, base);
    if (header === undefined) {
      this.zeros++;
      return;
    }
    if (this.zeros > 0) throw new Error('a header is damaged, or this is no archive');
    if (extensions.includes(header.flag)) this.extend(header);
    else if (header.sparse?.isContinued) {
      this.header = header;
      this.isSparseMap = true;
    } else this.enter(header);
  }

  private enter(header: TarHeader): void {
    this.header = undefined;
    const { records = none, longName, longLink } = this;
    this.records = undefined;
    this.longName = undefined;
    this.longLink = undefined;
    const size = numberOf(records, 'size') ?? header.size;
    const name = records.get('GNU.sparse.name') ?? records.get('path') ?? longName ?? header.name;
    const isOldDirectory = header.flag === '\0' && name.endsWith('/');
    const type = isOldDirectory ? 'directory' : (types[header.flag] ?? 'special');
    this.expect(withoutContent.includes(header.flag) ? 0 : size);
    this.content = this.member({
      type,
      name,
      linkName: records.get('linkpath') ?? longLink ?? header.linkName,
      mode: header.mode,
      uid: numberOf(records, 'uid') ?? header.uid,
      gid: numberOf(records, 'gid') ?? header.gid,
      size: this.left,
      sparseSize:
        type !== 'file'
          ? undefined
          : (numberOf(records, 'GNU.sparse.realsize') ?? numberOf(records, 'GNU.sparse.size') ?? header.sparse?.size),
      offset: this.position,
    });
    if (this.left === 0) this.endContent();
  }

  /** Takes a header that says more of the next one. */
  private extend({ flag, size }: TarHeader): void {
    if (size > longestExtension) throw new Error('an extended header is too long');
    this.expect(size);
    const bytes = Buffer.alloc(size);
    let filled = 0;
    this.content = {
      take: (piece, start, end) => {
        filled += piece.copy(bytes, filled, start, end);
      },
      end: () => {
        if (flag === 'L') this.longName = text(bytes, 0, size);
        else if (flag === 'K') this.longLink = text(bytes, 0, size);
        else if (flag === 'x') this.records = readPaxRecords(bytes);
      },
    };
    if (size === 0) this.endContent();
  }

  private expect(bytes: number): void {
    this.left = bytes;
    this.padding = (blockBytes - (bytes % blockBytes)) % blockBytes;
  }
}

function numberOf(records: ReadonlyMap<string, string>, name: string): number | undefined {
  const value = records.get(name);
  if (value === undefined || value === '') return undefined;
  const number = Number(value);
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(number)) throw new Error('an extended header is damaged');
  return number;
}
