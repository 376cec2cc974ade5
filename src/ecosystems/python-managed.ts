import { cutCommands } from '../shell/cut-commands.ts';
import { parseShell } from '../shell/parse.ts';
import { commandsOf } from '../shell/walk.ts';
import { readEnv } from '../syntax/instructions/env.ts';
import { readRun } from '../syntax/instructions/run.ts';
import type { Instruction } from '../syntax/tree.ts';
import type { Edit } from '../text/edit.ts';
import type { BuildView, CommandView, Draft, InstructionView } from './ecosystem.ts';

/*
 * The Python that uv downloads by itself (https://docs.astral.sh/uv/concepts/python-versions/). The hardened image is
 * that Python already: the download goes, with the settings that ask for it and the copies of what it brought.
 */

/** Where uv puts it if nothing says otherwise. */
const usualFolders = ['/root/.local/share/uv', '/root/.local/share/uv/python'];

/** The version that `uv python install 3.13` asks for; undefined for other calls. */
export function managedVersion({ program, argv }: Pick<CommandView, 'program' | 'argv'>): string | undefined {
  const at = argv.indexOf('python');
  if (program !== 'uv' || at === -1 || argv[at + 1] !== 'install') return undefined;
  const versions = argv
    .slice(at + 2)
    .flatMap((word) => /^(?:cpython-?|cpython@)?(3\.\d+)(?:\.\d+)?$/.exec(word ?? '')?.[1] ?? []);
  return versions.length === 1 ? versions[0] : undefined;
}

/** Whether the stage's image is the Python that the command would download. */
export function isThere(command: CommandView, version: string | undefined): boolean {
  const asked = managedVersion(command);
  return asked !== undefined && version !== undefined && `${version}.`.startsWith(`${asked}.`);
}

/** Takes the download out of the stages whose image is that Python. */
export function leaveManagedPython(view: BuildView, edits: Map<Instruction, Edit[]>, out: Draft): void {
  const why = 'the hardened image is that Python already';
  const folders = new Set<string>();
  for (const { instructions, source } of view.stages) {
    const calls = instructions.filter(({ commands }) => commands.some((command) => isThere(command, source?.version)));
    if (calls.length === 0) continue;
    for (const folder of usualFolders) folders.add(folder);
    for (const item of calls) {
      const own = item.commands.filter((command) => isThere(command, source?.version));
      const cuts = own.length === item.commands.length ? undefined : withoutCalls(item.instruction, own);
      if (own.length === item.commands.length) out.drops.push({ instruction: item.instruction, why });
      else if (cuts !== undefined) edits.set(item.instruction, [...(edits.get(item.instruction) ?? []), ...cuts]);
      else out.problems.push({ instruction: item.instruction, message: 'uv installs a Python of its own', why });
    }
    for (const item of instructions) {
      const { cuts, all, folder } = settingsOf(item);
      if (folder !== undefined) folders.add(folder);
      if (all) out.drops.push({ instruction: item.instruction, why });
      else if (cuts.length > 0) edits.set(item.instruction, [...(edits.get(item.instruction) ?? []), ...cuts]);
    }
  }
  for (const { instruction, copy } of view.chain.flatMap((index) => view.stages[index]!.instructions)) {
    if (typeof copy?.from === 'number' && copy.sources.every((path) => folders.has(path.replace(/\/+$/, ''))))
      out.drops.push({ instruction, why });
  }
}

/** A RUN without these of its calls; undefined where they cannot go alone. */
function withoutCalls(instruction: Instruction, calls: readonly CommandView[]): readonly Edit[] | undefined {
  const { command } = readRun(instruction);
  if (command?.kind !== 'shell') return undefined;
  const script = parseShell(command.text);
  const places = new Set(calls.map((call) => call.command.range.start));
  const own = commandsOf(script).flatMap((found) => (places.has(found.command.range.start) ? [found.command] : []));
  const edits = cutCommands(script, own);
  return edits === 'all' ? undefined : edits;
}

/** Settings of uv that ask for a Python of its own. */
function settingsOf({ instruction }: InstructionView): {
  readonly cuts: readonly Edit[];
  readonly all: boolean;
  readonly folder: string | undefined;
} {
  if (instruction.keyword !== 'env') return { cuts: [], all: false, folder: undefined };
  const { pairs } = readEnv(instruction, '\\');
  const own = pairs.filter(
    ({ name, value }) =>
      /^UV_(PYTHON_INSTALL_DIR|MANAGED_PYTHON)$/.test(name.text) ||
      (name.text === 'UV_PYTHON_PREFERENCE' && /managed/.test(value.text)),
  );
  const cuts = own.map((pair): Edit => {
    const next = pairs[pairs.indexOf(pair) + 1];
    const before = pairs[pairs.indexOf(pair) - 1];
    const range =
      next === undefined
        ? { start: before?.range.end ?? pair.range.start, end: pair.range.end }
        : { start: pair.range.start, end: next.range.start };
    return { range, text: '' };
  });
  const folder = own.find(({ name }) => name.text === 'UV_PYTHON_INSTALL_DIR')?.value.text.replace(/["']/g, '');
  return { cuts, all: own.length > 0 && own.length === pairs.length, folder: folder?.replace(/\/+$/, '') };
}
