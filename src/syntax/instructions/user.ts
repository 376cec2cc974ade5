import type { Argument, Instruction } from '../tree.ts';
import { readWhole } from './word-list.ts';

export interface User {
  /** `user[:group]`, variables unexpanded */
  readonly whole: Argument;
  readonly user: string;
  readonly group: string | undefined;
}

/** `USER user[:group]`; undefined where nothing follows the keyword. */
export function readUser(instruction: Instruction): User | undefined {
  const whole = readWhole(instruction);
  return whole === undefined ? undefined : { whole, ...splitUser(whole.text) };
}

/** Splits `user:group`. A colon inside a `${…}` does not separate. */
export function splitUser(text: string): { readonly user: string; readonly group: string | undefined } {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (text.startsWith('${', i)) depth++;
    else if (text[i] === '}' && depth > 0) depth--;
    else if (text[i] === ':' && depth === 0) return { user: text.slice(0, i), group: text.slice(i + 1) };
  }
  return { user: text, group: undefined };
}
