import { hasOption, type Option, optionValue, readOptions } from '../shell/options.ts';
import type { Command, Word } from '../shell/tree.ts';
import { leadingText, textOf } from '../shell/word.ts';
import type { Invocation, PackageManager, PackageRequest } from './package-manager.ts';

/*
 * Nearly every package manager is called as `program [options] subcommand [options] operands`. A manager's file says
 * what its subcommands do and which of its options take a value.
 */

type Action = Invocation['action'];

/** One call, taken apart. */
export interface Call {
  /** the subcommand's name; empty if there is none or it is not known */
  readonly subcommand: string;
  readonly options: readonly Option[];
  readonly operands: readonly Word[];
  readonly command: Command;
}

export interface ManagerDefinition {
  readonly name: string;
  readonly programs: readonly string[];
  readonly scope: 'system' | 'language';
  /** options that take a value, separated by spaces */
  readonly values: string;
  /** the same for single subcommands, in place of `values` */
  readonly valuesOf?: ReadonlyMap<string, string>;
  readonly singleDashLong?: boolean;
  /** subcommands after whose first operand everything belongs to another program: `run`, `exec` */
  readonly runs?: readonly string[];
  /** what each subcommand does, as `action: 'subcommand subcommand …'` */
  readonly actions: { readonly [action in Action]?: string };
  /** what a subcommand that is not in `actions` does */
  readonly otherwise?: Action;
  /** everything about a call that its action does not say */
  readonly describe: (call: Call, action: Action) => Partial<Invocation>;
}

/** A package manager from its definition. */
export function defineManager(definition: ManagerDefinition): PackageManager {
  const values = setOf(definition.values);
  const valuesOf = new Map([...(definition.valuesOf ?? [])].map(([name, list]) => [name, setOf(list)]));
  const runs = new Set(definition.runs);
  const actions = new Map<string, Action>();
  for (const [action, subcommands] of Object.entries(definition.actions)) {
    for (const subcommand of setOf(subcommands)) actions.set(subcommand, action as Action);
  }
  const { singleDashLong = false } = definition;
  const read = (words: readonly Word[], command: Command): Invocation => {
    const before = readOptions(words.slice(1), { values, singleDashLong, stopAtOperand: true });
    const subcommand = before.operands[0]?.value ?? '';
    const after = readOptions(before.operands.slice(1), {
      values: valuesOf.get(subcommand) ?? values,
      singleDashLong,
      stopAtOperand: runs.has(subcommand),
    });
    const options = [...before.options, ...after.options];
    const action = actions.get(subcommand) ?? definition.otherwise ?? 'other';
    const call: Call = { subcommand, options, operands: after.operands, command };
    return invocation(definition, action, call, definition.describe(call, action));
  };
  return { name: definition.name, programs: definition.programs, read };
}

/** An invocation with nothing in it but what is given. */
export function invocation(
  manager: { readonly name: string; readonly scope: 'system' | 'language' },
  action: Action,
  call: { readonly options: readonly Option[]; readonly command: Command },
  details: Partial<Invocation>,
): Invocation {
  return {
    manager: manager.name,
    scope: manager.scope,
    action,
    packages: [],
    paths: [],
    files: [],
    unknown: [],
    where: 'default',
    directory: undefined,
    virtual: undefined,
    production: false,
    program: [],
    output: undefined,
    options: call.options,
    command: call.command,
    ...details,
  };
}

/** A list of names separated by spaces. */
export function setOf(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/).filter((name) => name !== ''));
}

/** How a manager's operands name packages. */
export interface PackageSyntax {
  /** matches where the version begins, its operator included */
  readonly version: RegExp;
  /** matches operands that are files, directories or addresses */
  readonly path: RegExp;
  /** takes away what belongs neither to name nor to version */
  readonly name?: (name: string) => string;
}

/** Sorts operands into packages, paths and what cannot be read. */
export function readPackages(
  operands: readonly Word[],
  syntax: PackageSyntax,
): Pick<Invocation, 'packages' | 'paths' | 'unknown'> {
  const packages: PackageRequest[] = [];
  const paths: Word[] = [];
  const unknown: Word[] = [];
  for (const word of operands) {
    const text = word.braces ? undefined : textOf(word);
    const known = text ?? leadingText(word);
    if (syntax.path.test(known)) {
      paths.push(word);
      continue;
    }
    const version = syntax.version.exec(known);
    if (word.braces || (text === undefined && version === null) || known === '') {
      unknown.push(word);
      continue;
    }
    const name = version === null ? known : known.slice(0, version.index);
    packages.push({
      name: syntax.name?.(name) ?? name,
      version: version === null ? undefined : (text ?? unquoted(word.raw)).slice(version.index),
      word,
    });
  }
  return { packages, paths, unknown };
}

function unquoted(raw: string): string {
  const quote = raw[0];
  return (quote === '"' || quote === "'") && raw.at(-1) === quote ? raw.slice(1, -1) : raw;
}

/** The texts of the values of an option that may be given several times; values that are not known are left out. */
export function optionTexts(options: readonly Option[], ...names: readonly string[]): string[] {
  const texts: string[] = [];
  for (const { name, value } of options) {
    const text = value === undefined || !names.includes(name) ? undefined : textOf(value);
    if (text !== undefined) texts.push(text);
  }
  return texts;
}

/** The values of an option that are not known. */
export function unknownValues(options: readonly Option[], ...names: readonly string[]): Word[] {
  return options.flatMap(({ name, value }) =>
    value !== undefined && names.includes(name) && textOf(value) === undefined ? [value] : [],
  );
}

/** `where` and `directory` for an option that names a directory to install into. */
export function intoDirectory(
  options: readonly Option[],
  ...names: readonly string[]
): Pick<Invocation, 'where' | 'directory'> | undefined {
  if (!hasOption(options, ...names)) return undefined;
  const value = optionValue(options, ...names);
  return { where: 'directory', directory: value === undefined ? undefined : (textOf(value) ?? value.raw) };
}
