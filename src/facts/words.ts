import type { Word } from '../shell/tree.ts';

/** Values of variables: `undefined` where one is not set, `null` where only the build knows the value. */
export interface Variables {
  get(name: string): string | null | undefined;
}

/** What a program receives for a word, where its variables are known; undefined where something else decides. */
export function wordValue(word: Word, variables: Variables): string | undefined {
  if (word.value !== undefined) return word.value;
  if (word.glob) return undefined;
  let out = '';
  for (const part of word.parts) {
    if (part.kind === 'text') {
      out += part.text;
      continue;
    }
    if (part.kind !== 'variable') return undefined;
    const value = variables.get(part.name);
    if (part.operator === undefined) {
      if (value === undefined || value === null) return undefined;
      out += value;
    } else if (part.operator === ':-' && !/[$`]/.test(part.operand ?? '')) {
      if (value === null) return undefined;
      out += value || (part.operand ?? '');
    } else return undefined;
  }
  return out;
}
