import type { Definition } from '../catalog/definition.ts';
import type { Ecosystem } from '../ecosystems/ecosystem.ts';
import { type BuildFacts, finalItems } from '../facts/build-facts.ts';
import { baseName } from '../facts/paths.ts';
import type { StartCommand } from '../facts/start-command.ts';
import { parseShell } from '../shell/parse.ts';
import { commandsOf } from '../shell/walk.ts';
import { providedBy } from '../sources/tool-packages.ts';
import { readCmd } from '../syntax/instructions/cmd.ts';
import { readEntrypoint } from '../syntax/instructions/entrypoint.ts';
import type { Remark } from './settings.ts';
import { type StartDecision, scriptOf } from './start.ts';

/** What a start command that stays in a shell calls, and the runtime image lacks. */
export interface ShellTools {
  /** packages to be carried */
  readonly packages: readonly string[];
  readonly remarks: readonly Remark[];
}

/** what every POSIX shell does itself */
const builtins =
  /^(:|\.|\[|test|true|false|echo|printf|exit|set|export|cd|return|exec|command|kill|read|shift|wait|trap|unset|local|eval|umask|source|type|readonly|break|continue|getopts|pwd|times|hash|alias|let)$/;

const maximumScripts = 16;

/** Finds the programs that the start command and the project's scripts behind it call. */
export function shellTools(
  facts: BuildFacts,
  start: StartCommand,
  decided: StartDecision,
  ecosystem: Ecosystem,
  runtime: Definition,
  build: Definition | undefined,
): ShellTools {
  const family = runtime.distribution.startsWith('alpine') ? 'alpine' : 'debian';
  const { range } = decided.shell!;
  const packages = new Set<string>();
  const remarks: Remark[] = [];
  const copied = new Set(finalItems(facts).flatMap(({ copy }) => (copy?.targets ?? []).map(baseName)));
  const texts = startTexts(facts, start, decided);
  const seen = new Set<string>(texts);
  const called = new Set<string>();
  const installed = finalItems(facts).flatMap(({ run }) =>
    (run?.commands ?? []).flatMap(({ invocation }) =>
      invocation?.scope === 'system' && invocation.action === 'install'
        ? invocation.packages.map(({ name }) => name)
        : [],
    ),
  );
  for (let at = 0; at < texts.length && at < maximumScripts; at++) {
    const text = texts[at]!;
    const shebang = /^#!\s*(?:\/usr\/bin\/env\s+)?(\S+)/.exec(text)?.[1];
    if (shebang !== undefined) called.add(shebang);
    for (const { command } of commandsOf(parseShell(text))) {
      const words = command.words.map(({ value }) => value);
      const first = words[0] === 'exec' || words[0] === '.' || words[0] === 'source' ? 1 : 0;
      const program = words[first];
      if (program === undefined || /^["$]/.test(program)) continue;
      const script = scriptOf(program, facts);
      if (script === undefined) called.add(program);
      else if (script === '') {
        remarks.push({
          rule: 'no-shell-at-runtime',
          severity: 'review',
          range,
          message: `${program} is a script that is not at hand`,
          why: 'the image holds a shell and little else',
          fix: `check that every program that it calls is in ${runtime.image}`,
        });
      } else if (!seen.has(script)) {
        seen.add(script);
        texts.push(script);
      }
    }
  }
  for (const path of called) {
    const program = baseName(path);
    if (program === '' || builtins.test(program) || ecosystem.programs.includes(program)) continue;
    if (/^(sh|ash|dash)$/.test(program) || program === runtime.shell || copied.has(program)) continue;
    if (providedBy(runtime.packages, program, family) === true) continue;
    // what the build stage has without an install, or what a RUN installs there
    const there = [...(build?.packages ?? []), ...installed];
    const brings = there.find((name) => providedBy([name], program, family) === true);
    if (brings !== undefined) {
      packages.add(brings);
      continue;
    }
    remarks.push({
      rule: 'no-shell-at-runtime',
      severity: 'review',
      range,
      message: `the start command calls ${program}, which ${runtime.image} may not have`,
      why: 'the image holds a shell and little else',
      fix: `check that ${program} is in the image, or copy it over`,
    });
  }
  return { packages: [...packages].sort(), remarks };
}

/** What shells run when the container starts, as texts. */
function startTexts(facts: BuildFacts, start: StartCommand, decided: StartDecision): string[] {
  const own = Array.isArray(decided.entrypoint) ? decided.entrypoint : undefined;
  const argvs: (readonly string[])[] = own === undefined ? [] : [own];
  const texts: string[] = [];
  if (own === undefined) {
    for (const part of [start.entrypoint, start.cmd]) {
      const { instruction } = part ?? {};
      if (instruction === undefined) continue;
      const form = instruction.keyword === 'entrypoint' ? readEntrypoint(instruction) : readCmd(instruction);
      if (form?.kind === 'exec') argvs.push(form.argv.map(({ text }) => text));
      else if (form !== undefined) texts.push(form.text.text);
    }
  }
  for (const argv of argvs) {
    const program = baseName(argv[0] ?? '');
    const isShell = /^(ba|da|a)?sh$/.test(program);
    if (isShell && /^-[el]*c$/.test(argv[1] ?? '')) texts.push(`#!${program}\n${argv[2] ?? ''}`);
    else {
      const script = scriptOf((isShell ? argv[1] : argv[0]) ?? '', facts);
      if (script !== undefined && script !== '') texts.push(script);
      if (isShell) texts.push(`#!${program}\n`);
    }
  }
  return texts;
}
