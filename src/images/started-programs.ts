import { posix } from 'node:path';
import { parseShell } from '../shell/parse.ts';
import type { Script } from '../shell/tree.ts';
import { textOf } from '../shell/word.ts';
import { unwrappedCommandsOf } from '../shell/wrappers.ts';

/** A program that a start command calls in the end, behind wrappers and shells. */
export interface StartedProgram {
  readonly name: string;
  /** its arguments; undefined where the shell makes one of them */
  readonly words: readonly (string | undefined)[];
  /** what stands before it changes where programs and files are looked for */
  readonly elsewhere: boolean;
}

/** Built into every POSIX shell, bash's included: no file is needed. */
const builtins = new Set(
  (
    '. : [ [[ alias bg bind break builtin caller cd command compgen complete continue declare dirs disown echo enable eval exec exit ' +
    'export false fc fg getopts hash help history jobs kill let local logout mapfile popd printf pushd pwd read readarray ' +
    'readonly return set shift shopt source suspend test times trap true type typeset ulimit umask unalias unset wait'
  ).split(' '),
);

/** The programs that are called whatever happens; what the text leaves open is left out. */
export function startedPrograms(argv: readonly string[]): StartedProgram[] {
  const script: Script = parseShell(argv.map(quote).join(' '));
  if (script.problem !== undefined) return [];
  const programs: StartedProgram[] = [];
  const functions = new Set<string>();
  let elsewhere = false;
  for (const { unwrapped, context } of unwrappedCommandsOf(script)) {
    const { path, words, assignments, directory } = unwrapped;
    if (context.function !== undefined) functions.add(context.function);
    if (assignments.some(({ name }) => name === 'PATH')) elsewhere = true;
    const name = path && textOf(path);
    if (name === undefined) continue;
    if (['cd', 'pushd', '.', 'source', 'export', 'eval'].includes(name))
      elsewhere ||= name !== 'export' || setsPath(words);
    if (builtins.has(name) || functions.has(name) || context.conditional || context.function !== undefined) continue;
    programs.push({
      name,
      words: words.slice(1).map((word) => word.value),
      elsewhere: elsewhere || directory !== undefined,
    });
  }
  return programs;
}

function setsPath(words: readonly { readonly raw: string }[]): boolean {
  return words.some(({ raw }) => raw.startsWith('PATH='));
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** The file of the project that an interpreter is told to run, with what it may be called; undefined where none is named. */
export function startFile(program: string, words: readonly (string | undefined)[]): readonly string[] | undefined {
  const name = posix.basename(program);
  if (name === 'java') {
    const jar = words.indexOf('-jar');
    const file = jar === -1 ? undefined : words[jar + 1];
    return file === undefined ? undefined : [file];
  }
  // of other interpreters some of these take a value: `php -S ADDRESS`
  const first = /^python/.test(name)
    ? words.find((word) => word === undefined || !/^-(?:[uBOEIsS]|OO|W\w+)$/.test(word))
    : words[0];
  if (first === undefined || first.startsWith('-') || first === '') return undefined;
  if (/^(?:node|nodejs)$/.test(name)) {
    if (first === 'inspect') return undefined;
    return ['', '.js', '.json', '.node', '/package.json', '/index.js'].map((end) => first + end);
  }
  if (name === 'dotnet') return /\.dll$/.test(first) ? [first] : undefined;
  return /^(?:python[\d.]*|ruby|perl|php|sh|bash|dash|ash)$/.test(name) ? [first] : undefined;
}
