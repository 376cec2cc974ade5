import { encodedLength } from '../text/encoding.ts';

/** The builder reads lines of at most so many bytes, line end not counted. */
export const MAX_LINE_BYTES = 65_535;

/** Walks over the lines of a text as the builder does; after `next()` the fields tell of the current line. */
export class LineReader {
  readonly text: string;
  /** 1-based number of the current line */
  number = 0;
  start = 0;
  /** without carriage returns and newline at the end */
  end = 0;
  /** where the next line begins */
  following: number;
  /** set when the next line is too long: then there is no next line */
  tooLong = false;

  constructor(text: string, from: number) {
    this.text = text;
    this.following = from;
  }

  next(): boolean {
    const { text, following } = this;
    if (following >= text.length || this.tooLong) return false;
    const newline = text.indexOf('\n', following);
    let end = newline === -1 ? text.length : newline;
    if ((end - following) * 3 > MAX_LINE_BYTES && encodedLength(text, following, end) > MAX_LINE_BYTES) {
      this.tooLong = true;
      return false;
    }
    this.number++;
    this.start = following;
    this.following = newline === -1 ? text.length : newline + 1;
    while (end > following && text.charCodeAt(end - 1) === 0x0d) end--;
    this.end = end;
    return true;
  }
}
