import { toExec } from '../shell/exec-form.ts';
import { parseShell } from '../shell/parse.ts';
import { readCmd } from '../syntax/instructions/cmd.ts';
import { readEntrypoint } from '../syntax/instructions/entrypoint.ts';
import type { Instruction } from '../syntax/tree.ts';
import type { Range } from '../text/range.ts';
import type { BuildFacts } from './build-facts.ts';
import { baseName } from './paths.ts';

/** One half of the start command (ENTRYPOINT or CMD) as a list of arguments, or why it is none. */
export interface StartPart {
  readonly instruction: Instruction | undefined;
  readonly argv: readonly string[];
  /** set where a shell decides what is run: what forces it */
  readonly shell: { readonly reason: string; readonly range: Range } | undefined;
  /** shell form in the file, even where it means the same as `argv` */
  readonly shellForm: boolean;
  /** environment and working directory that the shell form set before the program */
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly workdir: string | undefined;
  /** variables whose value of today is now fixed */
  readonly expanded: readonly string[];
}

/** What the container runs: ENTRYPOINT with CMD as its arguments. */
export interface StartCommand {
  readonly entrypoint: StartPart | undefined;
  readonly cmd: StartPart | undefined;
  /** the image's own entrypoint is still in front */
  readonly imageEntrypoint: readonly string[] | undefined;
  readonly imageCmd: readonly string[] | undefined;
  /** the whole argument list, wrappers and launchers included; undefined where a shell decides or nothing is started */
  readonly argv: readonly string[] | undefined;
}

/** Reads the effective start command of the final image as it is today. */
export function readStart(facts: BuildFacts): StartCommand {
  const { contract } = facts;
  const entrypoint = contract.entrypoint === undefined ? undefined : readPart(contract.entrypoint, facts);
  const cmd = contract.cmd === undefined ? undefined : readPart(contract.cmd, facts);
  const imageEntrypoint = contract.imageEntrypoint ? contract.image.entrypoint : undefined;
  const imageCmd = contract.imageCmd ? contract.image.cmd : undefined;
  return { entrypoint, cmd, imageEntrypoint, imageCmd, argv: effective(entrypoint, cmd, imageEntrypoint, imageCmd) };
}

/** A program that an image's entrypoint script ends up starting, given the arguments of CMD. */
function effective(
  entrypoint: StartPart | undefined,
  cmd: StartPart | undefined,
  imageEntrypoint: readonly string[] | undefined,
  imageCmd: readonly string[] | undefined,
): readonly string[] | undefined {
  if (entrypoint?.shell !== undefined || (entrypoint === undefined && cmd?.shell !== undefined)) return undefined;
  // a shell form ENTRYPOINT ignores CMD
  if (entrypoint?.shellForm) return entrypoint.argv;
  const args = cmd?.argv ?? imageCmd ?? [];
  if (entrypoint !== undefined && entrypoint.argv.length > 0) {
    return cmd?.shell === undefined ? [...entrypoint.argv, ...args] : undefined;
  }
  if (entrypoint !== undefined || imageEntrypoint === undefined) return args.length > 0 ? args : undefined;
  if (baseName(imageEntrypoint[0] ?? '') === 'docker-entrypoint.sh') return args.length > 0 ? args : undefined;
  return [...imageEntrypoint, ...args];
}

function readPart(instruction: Instruction, facts: BuildFacts): StartPart {
  const form = instruction.keyword === 'entrypoint' ? readEntrypoint(instruction) : readCmd(instruction);
  const none = { instruction, shell: undefined, environment: [], workdir: undefined, shellForm: false, expanded: [] };
  if (form === undefined) return { ...none, argv: [] };
  if (form.kind === 'exec') {
    const argv = form.argv.map(({ text }) => text);
    const inner = unwrapShell(argv, facts);
    return inner === undefined ? { ...none, argv, shell: shellOfArgv(argv, instruction) } : { ...none, argv: inner };
  }
  const exec = toExec(parseShell(form.text), knownVariables(facts, form.text.text));
  if ('reason' in exec)
    return { ...none, argv: [], shellForm: true, shell: { reason: exec.reason, range: exec.range } };
  const { argv, environment, workdir, expanded } = exec;
  return { instruction, shell: undefined, shellForm: true, argv, environment, workdir, expanded };
}

/** The variables of the container that a text names, as far as the file says what they are. */
function knownVariables(facts: BuildFacts, text: string): Map<string, string | undefined> {
  const known = new Map<string, string | undefined>();
  for (const [, name] of text.matchAll(/\$\{?([A-Za-z_]\w*)/g)) {
    const value = facts.environment.get(name!);
    if (typeof value === 'string') known.set(name!, value);
  }
  return known;
}

/** `["sh", "-c", "exec app --flag"]` where the script is one plain command. */
function unwrapShell(argv: readonly string[], facts: BuildFacts): readonly string[] | undefined {
  const program = baseName(argv[0] ?? '');
  if (!/^(ba|da|a)?sh$/.test(program) || argv.length !== 3 || !/^-[el]*c$/.test(argv[1] ?? '')) return undefined;
  const exec = toExec(parseShell(argv[2]!), knownVariables(facts, argv[2]!));
  return 'reason' in exec || exec.environment.length > 0 || exec.workdir !== undefined ? undefined : exec.argv;
}

function shellOfArgv(argv: readonly string[], { range }: Instruction): StartPart['shell'] {
  const program = baseName(argv[0] ?? '');
  return /^(ba|da|a)?sh$/.test(program) ? { reason: `starts ${program} by name`, range } : undefined;
}
