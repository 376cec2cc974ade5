import { sentence, visible } from './clean-text.ts';

/** Text of a finding with everything escaped that Markdown or a forge would act on, mentions included. */
export function prose(text: string): string {
  return sentence(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[\\`*_[\]|#~]/g, '\\$&')
    .replace(/@(?=\w)/g, '@\u2060');
}

/** Text between backticks, in a table too. */
export function code(text: string): string {
  const clean = visible(text).replaceAll('\t', ' ').replaceAll('|', '\\|');
  const longest = Math.max(0, ...(clean.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest > 0 ? `${fence} ${clean} ${fence}` : `${fence}${clean}${fence}`;
}

/** `1 file`, `2 files` */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
