/*
 * The patterns of `${name#pattern}`, `${name%pattern}` and `${name/pattern/text}`: `*`, `?` and escapes, no brackets.
 * Matching is done piece by piece between the stars, so that no pattern can make it slow. A newline is matched by
 * itself only, as in the builder.
 */

import { SubstitutionError } from './substitution-error.ts';

/** One character of a pattern; `undefined` is `?`. */
type Unit = string | undefined;

/** The pieces of a pattern between its stars. */
type Pattern = readonly (readonly Unit[])[];

/** Comparisons that one substitution may cost. */
const MAX_COMPARISONS = 1 << 20;

/** `${value#pattern}`; `greedy` for `##`. Throws a SubstitutionError if the pattern is refused. */
export function removePrefix(pattern: string, value: string, greedy: boolean): string {
  const pieces = compile(pattern);
  const characters = charactersOf(value);
  const match = new Matcher(characters).match(pieces, 0, true, greedy);
  return match === undefined ? value : characters.slice(match.end).join('');
}

/** `${value%pattern}`; `greedy` for `%%`. */
export function removeSuffix(pattern: string, value: string, greedy: boolean): string {
  const pieces = compile(pattern)
    .map((piece) => [...piece].reverse())
    .reverse();
  const characters = charactersOf(value).reverse();
  const match = new Matcher(characters).match(pieces, 0, true, greedy);
  return match === undefined ? value : characters.slice(match.end).reverse().join('');
}

/** `${value/pattern/replacement}`; `all` for `//`. */
export function replacePattern(pattern: string, replacement: string, value: string, all: boolean): string {
  const pieces = compile(pattern);
  const characters = charactersOf(value);
  const matcher = new Matcher(characters);
  const out: string[] = [];
  let copied = 0;
  let from = 0;
  while (from <= characters.length) {
    const match = matcher.match(pieces, from, false, true);
    if (match === undefined) break;
    const empty = match.end === match.start;
    if (!empty || match.start > copied || copied === 0) {
      out.push(characters.slice(copied, match.start).join(''), replacement);
      copied = match.end;
      if (!all) break;
    }
    from = empty ? match.end + 1 : match.end;
  }
  out.push(characters.slice(copied).join(''));
  return out.join('');
}

function charactersOf(value: string): string[] {
  return /[\ud800-\udfff]/.test(value) ? [...value] : value.split('');
}

function compile(pattern: string): Pattern {
  const pieces: Unit[][] = [[]];
  const characters = [...pattern];
  for (let i = 0; i < characters.length; i++) {
    let character = characters[i]!;
    if (character === '*') {
      pieces.push([]);
      continue;
    }
    if (character === '\\') {
      const next = characters[i + 1];
      if (next === '}' || next === '/') continue;
      if (next !== '*' && next !== '?' && next !== '\\') {
        throw new SubstitutionError(`invalid pattern (${pattern}) in substitution: invalid escape '\\${next ?? ''}'`);
      }
      character = next;
      i++;
    } else if (character === '?') {
      pieces.at(-1)!.push(undefined);
      continue;
    }
    pieces.at(-1)!.push(character);
  }
  return pieces;
}

class Matcher {
  readonly #value: readonly string[];
  #comparisons = 0;
  #lastLineStart = 0;
  #lastLineEnd = -1;

  constructor(value: readonly string[]) {
    this.#value = value;
  }

  /** The match that begins at or, unless `anchored`, after `from`: the leftmost, then the longest if `greedy`. */
  match(
    pattern: Pattern,
    from: number,
    anchored: boolean,
    greedy: boolean,
  ): { start: number; end: number } | undefined {
    for (let searched = from; ; ) {
      const first = pattern[0]!;
      const start = anchored
        ? this.#fits(first, searched)
          ? searched
          : -1
        : this.#find(first, searched, this.#value.length);
      if (start === -1) return undefined;
      const end = this.#rest(pattern, start + first.length, greedy);
      if (end !== -1) return { start, end };
      // a later beginning in the same line has no more room than this one had
      searched = this.#lineEnd(start + first.length) + 1;
      if (anchored || searched > this.#value.length) return undefined;
    }
  }

  /** The end of the match whose first piece ended at `from`; -1 if there is none. */
  #rest(pattern: Pattern, from: number, greedy: boolean): number {
    let end = from;
    for (let i = 1; i < pattern.length; i++) {
      const piece = pattern[i]!;
      const limit = this.#lineEnd(end);
      const last = i === pattern.length - 1;
      const place = last && greedy ? this.#findLast(piece, end, limit) : this.#find(piece, end, limit);
      if (place === -1) return -1;
      end = place + piece.length;
    }
    return end;
  }

  #fits(piece: readonly Unit[], at: number): boolean {
    if (at + piece.length > this.#value.length) return false;
    for (let i = 0; i < piece.length; i++) {
      if (++this.#comparisons > MAX_COMPARISONS) throw new SubstitutionError('pattern in substitution is too costly');
      const character = this.#value[at + i];
      if (piece[i] === undefined ? character === '\n' : character !== piece[i]) return false;
    }
    return true;
  }

  #find(piece: readonly Unit[], from: number, limit: number): number {
    for (let at = from; at <= limit; at++) if (this.#fits(piece, at)) return at;
    return -1;
  }

  #findLast(piece: readonly Unit[], from: number, limit: number): number {
    for (let at = limit; at >= from; at--) if (this.#fits(piece, at)) return at;
    return -1;
  }

  #lineEnd(from: number): number {
    if (from > this.#lastLineEnd || from < this.#lastLineStart) {
      const end = this.#value.indexOf('\n', from);
      this.#lastLineStart = from;
      this.#lastLineEnd = end === -1 ? this.#value.length : end;
    }
    return this.#lastLineEnd;
  }
}
