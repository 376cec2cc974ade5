import type { Invocation } from '../package-managers/package-manager.ts';
import { readInvocation } from '../package-managers/read.ts';
import { type AccountCommand, readAccountCommand } from '../shell/account-commands.ts';
import { fileEffects, hasNoFileEffect } from '../shell/file-effects.ts';
import { parseShell } from '../shell/parse.ts';
import type { Command, Script, Word } from '../shell/tree.ts';
import { walkCommands } from '../shell/walk.ts';
import { unwrapCommand } from '../shell/wrappers.ts';
import { readRun } from '../syntax/instructions/run.ts';
import type { Instruction } from '../syntax/tree.ts';
import { baseName, resolvePath } from './paths.ts';
import { isProjectCommand } from './project-commands.ts';
import { type Variables, wordValue } from './words.ts';

/** A path that a command uses. `subtree`: it and all below it. */
export interface Use {
  readonly path: string;
  readonly subtree: boolean;
}

/** One program call inside a RUN, interpreted. */
export interface CommandFacts {
  readonly command: Command;
  /** base name of the program, wrappers taken off; undefined where it is not known before the build */
  readonly program: string | undefined;
  /** the words as the program receives them; undefined entries are not known before the build */
  readonly argv: readonly (string | undefined)[];
  readonly words: readonly Word[];
  /**
   * `package-manager`, `account`: see the fields. `files`: works on the files it names. `nothing`: leaves no trace in
   * the image. `project`: works below its working directory. `unknown`: may write anywhere.
   */
  readonly kind: 'package-manager' | 'account' | 'files' | 'nothing' | 'project' | 'unknown';
  readonly invocation: Invocation | undefined;
  readonly account: AccountCommand | undefined;
  readonly workdir: string;
  readonly reads: readonly Use[];
  readonly writes: readonly Use[];
  readonly removes: readonly Use[];
  readonly owners: readonly { readonly path: string | undefined; readonly owner: Word | undefined; readonly recursive: boolean }[];
  readonly makesFolders: boolean;
  readonly conditional: boolean;
}

/** A RUN, interpreted. */
export interface RunFacts {
  readonly instruction: Instruction;
  readonly script: Script | undefined;
  readonly commands: readonly CommandFacts[];
  /** false where it is not a POSIX shell's text, or no shell would accept it */
  readonly readable: boolean;
}

/** Interprets a RUN in its working directory, with the variables that it sees. */
export function readRunFacts(instruction: Instruction, workdir: string, environment: Variables, posix: boolean): RunFacts {
  const run = readRun(instruction);
  if (!posix) return { instruction, script: undefined, commands: [], readable: false };
  const script = run.form === 'heredoc' ? parseShell(run.script, run.scriptStart) : parseShell(run.form === 'shell' ? run.text : quoteArgv(run.argv));
  if (script.problem !== undefined) return { instruction, script, commands: [], readable: false };
  return { instruction, script, commands: readScript(script, workdir, environment), readable: true };
}

/** Interprets the commands of a script in order; `cd` moves what follows. */
export function readScript(script: Script, workdir: string, environment: Variables): CommandFacts[] {
  const variables = new Map(environment);
  const out: CommandFacts[] = [];
  let at = workdir;
  for (const { command, conditional, subshell } of walkCommands(script)) {
    for (const { name, value } of command.assignments) variables.set(name, value === undefined ? '' : wordValue(value, variables));
    if (command.words.length === 0) continue;
    const facts = readCommand(command, at, variables, conditional);
    if (facts.program === 'cd' && !subshell) at = resolvePath(at, facts.argv[1] ?? '/root');
    out.push(facts);
  }
  return out;
}

function readCommand(command: Command, workdir: string, variables: Variables, conditional: boolean): CommandFacts {
  const { words } = unwrapCommand(command);
  const argv = words.map((word) => wordValue(word, variables));
  const program = argv[0] === undefined ? undefined : baseName(argv[0]);
  const path = (word: Word): string | undefined => {
    const value = wordValue(word, variables);
    if (value !== undefined) return resolvePath(workdir, value.replace(/^~(?=\/|$)/, '/root'));
    return word.glob || word.parts.length > 0 ? literalPrefix(word, workdir, variables) : undefined;
  };
  const base = { command, program, argv, words, workdir, conditional };
  const none = { invocation: undefined, account: undefined, reads: [], writes: [], removes: [], owners: [], makesFolders: false };
  if (program === undefined) return { ...base, ...none, kind: 'unknown' };
  const invocation = readInvocation(words, command);
  if (invocation !== undefined) return { ...base, ...none, kind: 'package-manager', invocation };
  const account = readAccountCommand(words);
  if (account !== undefined) return { ...base, ...none, kind: 'account', account };
  const effects = fileEffects(words, command);
  const uses = (list: readonly { readonly word: Word; readonly subtree: boolean }[]): Use[] =>
    list.map(({ word, subtree }) => ({ path: path(word) ?? '/', subtree: subtree || word.value === undefined }));
  const files = {
    ...none,
    reads: uses(effects.reads),
    writes: uses(effects.writes),
    removes: uses(effects.removes),
    owners: effects.owners.map((owner) => ({ path: path(owner.word), owner: owner.owner, recursive: owner.recursive })),
    makesFolders: program === 'mkdir',
  };
  if (effects.known) {
    const quiet = files.writes.length + files.removes.length + files.owners.length + effects.modes.length === 0;
    return { ...base, ...files, kind: quiet && hasNoFileEffect(program) ? 'nothing' : 'files' };
  }
  return { ...base, ...files, kind: isProjectCommand(program, argv.slice(1)) ? 'project' : 'unknown' };
}

/** The folder that a path with unknown parts lies in for certain. */
function literalPrefix(word: Word, workdir: string, variables: Variables): string | undefined {
  let known = '';
  for (const part of word.parts) {
    const text = part.kind === 'text' ? part.text : part.kind === 'variable' && part.operator === undefined ? variables.get(part.name) : undefined;
    if (text === undefined) break;
    const special = part.kind === 'text' && !part.quoted ? text.search(/[*?[]/) : -1;
    if (special !== -1) {
      known += text.slice(0, special);
      break;
    }
    known += text;
  }
  const slash = known.lastIndexOf('/');
  if (slash === -1) return known === '' && word.parts[0]?.kind !== 'text' ? undefined : workdir;
  return resolvePath(workdir, known.slice(0, slash + 1));
}

function quoteArgv(argv: readonly { readonly value: string }[]): string {
  return argv.map(({ value }) => `'${value.replaceAll("'", "'\\''")}'`).join(' ');
}
