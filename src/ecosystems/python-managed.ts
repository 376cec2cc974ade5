import { cutCommands } from '../shell/cut-commands.ts';
import { parseShell } from '../shell/parse.ts';
import { commandsOf } from '../shell/walk.ts';
import { readEnv } from '../syntax/instructions/env.ts';
import { readRun } from '../syntax/instructions/run.ts';
import type { Instruction } from '../syntax/tree.ts';
import type { Edit } from '../text/edit.ts';
import type { BuildView, CommandView, Draft, InstructionView, VariablesView } from './ecosystem.ts';
import { isOn } from './python-environments.ts';

/*
 * The Python that uv downloads by itself (https://docs.astral.sh/uv/concepts/python-versions/). The hardened image is
 * that Python already: the download goes, with the settings that ask for it and the copies of what it brought.
 */

/** Where uv puts it if nothing says otherwise. */
const usualFolders = ['/root/.local', '/root/.local/share', '/root/.local/share/uv', '/root/.local/share/uv/python'];

type Call = Pick<CommandView, 'program' | 'argv'>;

/** The version of the Python that uv downloads for a call; undefined where it downloads none that is known. */
export function downloadedVersion(call: Call, variables: VariablesView): string | undefined {
  const { program, argv } = call;
  const isAsked = variables.get('UV_PYTHON_PREFERENCE') === 'only-managed' || isOn(variables.get('UV_MANAGED_PYTHON'));
  if (program !== 'uv' || !isAsked) return managedVersion(call);
  const at = argv.findIndex((word) => /^(--python|-p)(=|$)/.test(word ?? ''));
  const named = at === -1 ? variables.get('UV_PYTHON') : (argv[at]?.split('=')[1] ?? argv[at + 1]);
  return managedVersion(call) ?? /^3\.\d+/.exec(named ?? '')?.[0];
}

/** The version that `uv python install 3.13` asks for; undefined for other calls. */
function managedVersion({ program, argv }: Call): string | undefined {
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

/** `python3 -m ensurepip`, where the image has pip. */
function asksForPip({ program, argv }: Call): boolean {
  return /^python[\d.]*$/.test(program ?? '') && argv[1] === '-m' && argv[2] === 'ensurepip';
}

/** Takes the download out of the stages whose image is that Python. */
export function leaveManagedPython(view: BuildView, edits: Map<Instruction, Edit[]>, out: Draft): void {
  const why = 'the hardened image is that Python already';
  const folders = new Set<string>();
  for (const { instructions, source } of view.stages) {
    if (source?.hardened !== 'python' || source.isDistribution) continue;
    const goes = (command: CommandView): boolean => isThere(command, source.version) || asksForPip(command);
    const downloads = instructions.some(({ commands, variables }) =>
      commands.some((command) => downloadedVersion(command, variables) === source.version),
    );
    if (downloads) for (const folder of usualFolders) folders.add(folder);
    for (const item of instructions.filter(({ commands }) => commands.some(goes))) {
      const own = item.commands.filter(goes);
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
