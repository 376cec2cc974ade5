import type { Invocation } from '../../src/package-managers/package-manager.ts';
import { readInvocation } from '../../src/package-managers/read.ts';
import { parseShell } from '../../src/shell/parse.ts';
import { commandsOf } from '../../src/shell/walk.ts';

export function read(text: string): Invocation {
  const invocation = readInvocation(commandsOf(parseShell(text)).at(-1)!.command);
  if (invocation === undefined) throw new Error(`no call of a package manager: ${text}`);
  return invocation;
}

/** Manager and action, then whatever is not as usual, in one line. */
export function summary(text: string): string {
  const { manager, action, packages, paths, files, unknown, where, directory, virtual, production, program, output } =
    read(text);
  const list = (name: string, items: readonly string[]) => (items.length > 0 ? [`${name}=${items.join(',')}`] : []);
  return [
    manager,
    action,
    ...packages.map(({ name, version }) => (version === undefined ? name : `${name}|${version}`)),
    ...list(
      'paths',
      paths.map(({ raw }) => raw),
    ),
    ...list('files', files),
    ...list(
      'unknown',
      unknown.map(({ raw }) => raw),
    ),
    ...(where === 'default' ? [] : [where]),
    ...list('directory', directory === undefined ? [] : [directory]),
    ...list('virtual', virtual === undefined ? [] : [virtual]),
    ...(production ? ['production'] : []),
    ...list(
      'program',
      program.map(({ raw }) => raw),
    ),
    ...list('output', output === undefined ? [] : [output.raw]),
  ].join(' ');
}
