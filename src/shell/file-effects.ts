import { type FileEffects, noEffects, type PathUse, pathUse } from './file-command.ts';
import { fileCommands, silentCommands } from './file-commands.ts';
import type { Command, Redirect, Word } from './tree.ts';

/**
 * What a command does to files, its redirections included. `words` are its words without wrappers (`unwrap`). Package
 * managers and commands for accounts are not known here.
 */
export function fileEffects(words: readonly Word[], command: Command): FileEffects {
  const program = words[0];
  const own = program === undefined ? noEffects : effectsOf(program, words.slice(1));
  if (command.redirects.length === 0) return own;
  const redirected = redirectEffects(command.redirects);
  return {
    ...own,
    reads: [...own.reads, ...redirected.reads],
    writes: [...own.writes, ...redirected.writes],
  };
}

/** What redirections read and write: also those of groups and loops. */
export function redirectEffects(redirects: readonly Redirect[]): Pick<FileEffects, 'reads' | 'writes'> {
  const reads: PathUse[] = [];
  const writes: PathUse[] = [];
  for (const { operator, target } of redirects) {
    if (target === undefined || /^\/(?:dev|proc)\//.test(target.value ?? '')) continue;
    if (operator === '<') reads.push(pathUse(target));
    else if (operator === '>&' ? !/^(?:\d+|-)$/.test(target.value ?? '') : /^(?:>>?|>\||&>>?|<>)$/.test(operator)) {
      writes.push(pathUse(target));
    }
  }
  return { reads, writes };
}

/** `find -exec find -exec …` goes no deeper than this. */
function nestedEffects(words: readonly Word[]): FileEffects {
  const program = words[0];
  return program === undefined || program.value === 'find'
    ? { ...noEffects, known: false }
    : effectsOf(program, words.slice(1));
}

function effectsOf(program: Word, words: readonly Word[]): FileEffects {
  const name = program.value ?? '';
  if (silentCommands.has(name)) return noEffects;
  const read = fileCommands.get(name);
  return read === undefined ? { ...noEffects, known: false } : { ...noEffects, ...read(words, program, nestedEffects) };
}
