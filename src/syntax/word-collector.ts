import { isSpace } from './characters.ts';
import type { PlacedWord } from './words.ts';

/** Puts words together from the stretches that the shell lexer meets. */
export class WordCollector {
  readonly words: PlacedWord[] = [];
  #word = '';
  #inWord = false;
  #start = 0;

  /** Adds text whose white space ends no word; `start` is where it stands. */
  addRaw(text: string, start: number): void {
    if (!this.#inWord) this.#start = start;
    this.#word += text;
    this.#inWord = true;
  }

  /** Adds text that stands at `start` as it is; its white space ends words. */
  addLiteral(text: string, start: number): void {
    this.#addSplit(text, (at) => start + at);
  }

  /** Adds what came of the substitution at [start, end); its white space ends words. */
  addSubstituted(text: string, start: number, end: number): void {
    this.#addSplit(text, (_, isEnd) => (isEnd ? end : start));
  }

  /** Ends the last word. */
  finish(end: number): void {
    if (this.#word === '') return;
    this.words.push({ text: this.#word, start: this.#start, end });
    this.#word = '';
    this.#inWord = false;
  }

  #addSplit(text: string, place: (at: number, isEnd: boolean) => number): void {
    for (let at = 0; at < text.length; ) {
      let end = at;
      while (end < text.length && !isSpace(text.charCodeAt(end))) end++;
      if (end > at) this.addRaw(text.slice(at, end), place(at, false));
      if (end < text.length && this.#inWord) this.finish(place(end, true));
      while (end < text.length && isSpace(text.charCodeAt(end))) end++;
      at = end;
    }
  }
}
