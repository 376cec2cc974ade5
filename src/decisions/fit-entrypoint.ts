import type { Definition } from '../catalog/definition.ts';
import { type BuildFacts, finalItems } from '../facts/build-facts.ts';
import { baseName } from '../facts/paths.ts';
import type { StartCommand } from '../facts/start-command.ts';
import type { StartDecision } from './start.ts';

/** What CMD has to be, so that the image's own entrypoint starts `argv`; undefined where another program is started. */
export function argumentsFor(
  argv: readonly string[],
  entrypoint: readonly string[] | undefined,
): readonly string[] | undefined {
  if (entrypoint === undefined) return argv;
  // options alone are for the image's own program
  if (argv[0]?.startsWith('-')) return argv;
  const init = /^(tini|dumb-init)$/.test(baseName(entrypoint[0] ?? ''));
  const program = init ? entrypoint.slice(entrypoint.indexOf('--') + 1) : entrypoint;
  const [first, ...more] = program;
  // what such a script is given, it starts
  if (first === undefined || /(^|-)entrypoint(\.sh)?$/.test(baseName(first))) return argv;
  if (baseName(argv[0] ?? '') !== baseName(first)) return undefined;
  const own = argv.slice(1);
  return more.every((word, index) => own[index] === word) ? own.slice(more.length) : own;
}

/** The start command on an image whose program is its own: CMD holds what the image's entrypoint does not say. */
export function fitToEntrypoint(
  decided: StartDecision,
  { entrypoint, cmd, argv: today }: StartCommand,
  definition: Definition,
  facts: BuildFacts,
): StartDecision {
  const { argv } = decided;
  if (argv === undefined || decided.shell !== undefined) return decided;
  const script = baseName(entrypoint?.argv[0] ?? '');
  const isImages =
    /^(docker-)?(php-)?entrypoint(\.sh)?$/.test(script) &&
    !finalItems(facts).some(({ copy }) => copy?.targets.some((target) => baseName(target) === script));
  // an ENTRYPOINT of the project's own stays
  if (entrypoint !== undefined && !isImages) return decided;
  const args = argumentsFor(argv, definition.entrypoint);
  if (args === undefined) return decided;
  const same = (a: readonly string[] | undefined, b: readonly string[] | undefined): boolean =>
    (a ?? []).join('\0') === (b ?? []).join('\0') && (a ?? []).length === (b ?? []).length;
  const dropped = entrypoint === undefined ? undefined : ('drop' as const);
  // what an image of another publisher starts by default is what the hardened one starts by default
  if (entrypoint === undefined && cmd === undefined && args.length === 0)
    return { ...decided, throughImage: true, entrypoint: undefined, cmd: undefined, why: [] };
  if (args.length === 0 && definition.cmd !== undefined && definition.cmd.length > 0) {
    // CMD cannot be taken back, an ENTRYPOINT does it
    return { ...decided, entrypoint: argv, cmd: cmd === undefined ? undefined : 'drop', why: [whyOf(definition)] };
  }
  if (cmd === undefined) {
    const needed = !same(args, definition.cmd);
    return {
      ...decided,
      throughImage: true,
      entrypoint: dropped,
      cmd: needed ? args : undefined,
      why: needed || dropped !== undefined ? [...reasons(decided, today), whyOf(definition)] : [],
    };
  }
  const kept = same(args, cmd.argv) && !cmd.shellForm;
  const rest = args.length === 0 ? ('drop' as const) : args;
  return {
    ...decided,
    throughImage: true,
    entrypoint: dropped,
    cmd: kept ? undefined : rest,
    why: kept && dropped === undefined ? [] : [...reasons(decided, today), whyOf(definition)],
  };
}

function whyOf({ image, entrypoint = [] }: Definition): string {
  return entrypoint.length === 0
    ? `dhi.io/${image} has no entrypoint`
    : `dhi.io/${image} starts ${entrypoint.slice(0, 3).join(' ')} itself`;
}

/** What was changed of the command itself; how it came to be in CMD is said anew. */
function reasons({ why, argv }: StartDecision, today: readonly string[] | undefined): string[] {
  const changed = (argv ?? []).join('\0') !== (today ?? []).join('\0');
  return changed ? why.filter((each) => !each.includes('by itself, the hardened one does not')) : [];
}
