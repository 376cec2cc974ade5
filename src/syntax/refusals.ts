import type { Range } from '../text/range.ts';
import { readFrom } from './instructions/from.ts';
import type { Dockerfile, Instruction } from './tree.ts';

/** Why a build of a file ends before it begins, although its text can be read. */
export interface Refusal {
  readonly message: string;
  readonly range: Range;
  readonly why: string;
  readonly fix: string;
}

type Count = 'any' | 'one' | 'two';

/** What the builder knows: the flags of each instruction, and how many arguments it needs at least. */
const grammar = new Map<string, { readonly flags: readonly string[]; readonly least: Count }>([
  ['add', { flags: ['chown', 'chmod', 'link', 'keep-git-dir', 'checksum', 'exclude', 'unpack'], least: 'two' }],
  ['arg', { flags: [], least: 'one' }],
  ['cmd', { flags: [], least: 'any' }],
  ['copy', { flags: ['from', 'chown', 'chmod', 'link', 'parents', 'exclude'], least: 'two' }],
  ['entrypoint', { flags: [], least: 'any' }],
  ['env', { flags: [], least: 'one' }],
  ['expose', { flags: [], least: 'one' }],
  ['from', { flags: ['platform'], least: 'one' }],
  ['healthcheck', { flags: ['interval', 'timeout', 'start-period', 'start-interval', 'retries'], least: 'one' }],
  ['label', { flags: [], least: 'one' }],
  ['maintainer', { flags: [], least: 'one' }],
  ['onbuild', { flags: [], least: 'any' }],
  ['run', { flags: ['mount', 'network', 'security', 'device'], least: 'any' }],
  ['shell', { flags: [], least: 'any' }],
  ['stopsignal', { flags: [], least: 'one' }],
  ['user', { flags: [], least: 'one' }],
  ['volume', { flags: [], least: 'one' }],
  ['workdir', { flags: [], least: 'one' }],
]);

const STAGE_NAME = /^[a-z][a-z0-9_.-]*$/i;

/**
 * The first instruction that BuildKit's second step refuses: one it does not know, with an unknown flag or with the
 * wrong number of arguments. Source: BuildKit, frontend/dockerfile/instructions. Values of flags are not looked at.
 */
export function findRefusal(file: Dockerfile): Refusal | undefined {
  for (const instruction of file.instructions) {
    const found = refuse(instruction) ?? (instruction.sub === undefined ? undefined : refuse(instruction.sub, true));
    if (found !== undefined) return explain(file, instruction, found);
  }
  return undefined;
}

interface Breach {
  readonly message: string;
  readonly range: Range;
  readonly fix?: string;
  readonly isUnknown?: true;
}

function refuse(instruction: Instruction, isTrigger = false): Breach | undefined {
  const { keyword, keywordRange, range, flags, args, json } = instruction;
  const known = grammar.get(keyword);
  const name = keyword.toUpperCase();
  if (known === undefined) {
    const near = nearest(keyword);
    const message = `unknown instruction: ${shorten(name)}`;
    const fix = near && `did you mean ${near.toUpperCase()}?`;
    return { message, range: keywordRange, isUnknown: true, ...(fix && { fix }) };
  }
  const flag = flags.find((each) => !known.flags.includes(each.name));
  if (flag !== undefined) {
    const takes = known.flags.map((each) => `--${each}`).join(', ');
    const fix = takes === '' ? `${name} takes no flags` : `${name} takes ${takes}`;
    return { message: `unknown flag: --${shorten(flag.name)}`, range: flag.range, fix };
  }
  if (keyword === 'from' && args.length > 0) {
    const { alias, valid } = readFrom(instruction);
    if (!valid) {
      return {
        message: 'FROM requires either one or three arguments',
        range,
        fix: 'write FROM image, or FROM image AS name',
      };
    }
    if (alias !== undefined && !STAGE_NAME.test(alias.text)) {
      return {
        message: `invalid name for build stage: ${shorten(alias.text)}`,
        range: alias.range,
        fix: 'a name begins with a letter; letters, digits, dots, dashes and underscores follow',
      };
    }
  }
  if (isTrigger && (keyword === 'from' || keyword === 'maintainer' || keyword === 'onbuild'))
    return { message: `${name} is not allowed under ONBUILD`, range: keywordRange };
  if (known.least !== 'any' && args.length === 0) return { message: `${name} needs an argument`, range };
  if (known.least === 'two' && args.length < 2)
    return { message: `${name} needs at least two arguments: what to copy, and where to`, range };
  if (keyword === 'shell' && (!json || args.length === 0))
    return { message: 'SHELL needs its arguments as a JSON array', range, fix: 'such as SHELL ["/bin/sh", "-c"]' };
  return undefined;
}

function explain(file: Dockerfile, instruction: Instruction, breach: Breach): Refusal {
  const { message, range, fix, isUnknown } = breach;
  const frontend = file.directives.find(({ name }) => name === 'syntax')?.value;
  if (
    isUnknown &&
    frontend !== undefined &&
    !/^(docker\.io\/)?docker\/dockerfile(-upstream)?(?![^:@])/.test(frontend)
  ) {
    const why = `the file is for the frontend ${shorten(frontend)}, whose instructions are not known`;
    return { message, range, why, fix: 'write it with the instructions of docker/dockerfile' };
  }
  const isFirst = instruction === file.instructions[0];
  const isNone =
    isUnknown && isFirst && !fix?.includes('FROM') && !file.instructions.some(({ keyword }) => keyword === 'from');
  return {
    message,
    range,
    why: 'the builder refuses this file',
    fix: isNone ? 'name a Dockerfile: this is none' : (fix ?? 'correct the instruction, or remove it'),
  };
}

/** The instruction that a misspelt one is meant to be. */
function nearest(keyword: string): string | undefined {
  if (keyword.length > 12) return undefined;
  let best: { name: string; distance: number } | undefined;
  for (const name of grammar.keys()) {
    const distance = editDistance(keyword, name);
    if (distance <= 2 && distance < name.length / 2 && distance < (best?.distance ?? 3)) best = { name, distance };
  }
  return best?.name;
}

/** Letters to insert, delete, replace or swap with their neighbour. */
function editDistance(a: string, b: string): number {
  const rows: number[][] = Array.from({ length: a.length + 1 }, (_, i) => [i]);
  for (let j = 1; j <= b.length; j++) rows[0]![j] = j;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const change = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = swapped ? rows[i - 2]![j - 2]! + 1 : change;
      rows[i]![j] = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, change, swap);
    }
  }
  return rows[a.length]![b.length]!;
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
