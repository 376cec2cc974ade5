import { parse } from 'yaml';
import type { Account, DefinedPath, Definition } from './definition.ts';

/** A text that is no valid definition, and why. */
export interface DefinitionProblem {
  readonly problem: string;
}

/** A definition is a few kilobytes; the largest of the public catalog has 66. */
export const MAX_DEFINITION_BYTES = 1 << 20;

const DEFINITION_PATH = /^([a-z0-9]+(?:[._-]+[a-z0-9]+)*)\/([a-z]+-\d+(?:\.\d+)*)\/([A-Za-z0-9][A-Za-z0-9._-]*)\.yaml$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const PORT = /^\d{1,5}(?:-\d{1,5})?(?:\/(?:tcp|udp|sctp))?$/;

/** Packages that bring a shell, the most capable first. */
const SHELLS = ['bash', 'dash', 'busybox', 'zsh', 'ksh', 'mksh', 'fish'];
/** Packages that are package managers, with the name their program goes by. */
const PACKAGE_MANAGERS = new Map([
  ['apt', 'apt'],
  ['dpkg', 'dpkg'],
  ['apk-tools', 'apk'],
]);

/** True for the path of a definition below the catalog's `image/` folder: `python/debian-13/3.13.yaml`. */
export function isDefinitionPath(path: string): boolean {
  return DEFINITION_PATH.test(path);
}

/**
 * Reads one definition of the public catalog, all defaults filled in.
 * `path` is the file below `image/`. Never throws: a text that does not hold what a definition must hold is a problem.
 */
export function importDefinition(path: string, text: string): Definition | DefinitionProblem {
  const place = DEFINITION_PATH.exec(path);
  if (place === null) return { problem: `${path}: not the path of a definition` };
  if (text.length > MAX_DEFINITION_BYTES) return { problem: `${path}: larger than ${MAX_DEFINITION_BYTES} bytes` };
  try {
    const root: unknown = parse(text, { maxAliasCount: 100, logLevel: 'error' });
    return readDefinition(place[1]!, place[2]!, place[3]!, mapping(root, 'the file'));
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
    return { problem: `${path}: ${reason}` };
  }
}

type Mapping = Readonly<Record<string, unknown>>;

class Invalid extends Error {}

function readDefinition(image: string, distribution: string, base: string, root: Mapping): Definition {
  if (string(root.image, 'image') !== `dhi.io/${image}`) throw new Invalid(`image is not dhi.io/${image}`);
  const variant = string(root.variant, 'variant');
  if (variant !== 'runtime' && variant !== 'dev') throw new Invalid('variant is neither runtime nor dev');
  const tags = [...new Set(strings(root.tags, 'tags', TAG))].sort();
  if (tags.length === 0) throw new Invalid('tags is empty');

  const accounts = mapping(root.accounts, 'accounts');
  const users = list(accounts.users, 'accounts.users').map(readUser);
  const groups = list(accounts.groups, 'accounts.groups').map(readGroup);
  if (accounts.root === true) {
    if (!users.some((user) => user.uid === 0)) users.unshift({ name: 'root', uid: 0, gid: 0 });
    if (!groups.some((group) => group.gid === 0)) groups.unshift({ name: 'root', gid: 0 });
  }

  const listed = strings(mapping(root.contents, 'contents').packages, 'contents.packages', /^[!-~]+$/);
  const packages = [...new Set(listed.filter((name) => !name.startsWith('!')).map((name) => name.split('=', 1)[0]!))];
  packages.sort();
  const has = new Set(packages);
  const dates = root.dates === undefined ? {} : mapping(root.dates, 'dates');

  return {
    image,
    file: `${distribution}/${base}`,
    variant,
    flavor: optional(root.flavor, (value) => string(value, 'flavor', TAG)),
    distribution,
    tags,
    platforms: strings(root.platforms, 'platforms').sort(),
    user: resolveUser(string(accounts['run-as'], 'accounts.run-as'), users, groups),
    users,
    groups,
    workdir: optional(root['work-dir'], (value) => string(value, 'work-dir')),
    environment: readEnvironment(root.environment),
    entrypoint: optional(root.entrypoint, (value) => strings(value, 'entrypoint')),
    cmd: optional(root.cmd, (value) => strings(value, 'cmd')),
    ports: strings(root.ports ?? [], 'ports', PORT).map((port) => (port.includes('/') ? port : `${port}/tcp`)),
    stopSignal: optional(root['stop-signal'], (value) => string(value, 'stop-signal')),
    shell: SHELLS.find((name) => has.has(name)),
    packageManagers: [...PACKAGE_MANAGERS].filter(([name]) => has.has(name)).map(([, program]) => program),
    packages,
    paths: list(root.paths, 'paths').flatMap(readPath),
    release: optional(dates.release, (value) => string(value, 'dates.release', DATE)),
    endOfLife: optional(dates['end-of-life'], (value) => string(value, 'dates.end-of-life', DATE)),
  };
}

/**
 * The user an image starts as. A number that no account has is a user without a name; its group is 0, as container
 * runtimes decide it.
 */
function resolveUser(runAs: string, users: readonly Account[], groups: Definition['groups']): Account {
  const [who = '', group] = runAs.split(':', 2);
  const numeric = /^\d{1,10}$/.test(who);
  const account =
    users.find((user) => (numeric ? user.uid === Number(who) : user.name === who)) ??
    (who === 'root' || who === '0' ? { name: 'root', uid: 0, gid: 0 } : undefined) ??
    (numeric ? { name: who, uid: Number(who), gid: 0 } : undefined);
  if (account === undefined) throw new Invalid(`accounts.run-as ${quote(runAs)} is none of accounts.users`);
  if (group === undefined) return account;
  const gid = /^\d{1,10}$/.test(group) ? Number(group) : groups.find((known) => known.name === group)?.gid;
  if (gid === undefined) throw new Invalid(`accounts.run-as ${quote(runAs)} is none of accounts.groups`);
  return { ...account, gid };
}

function readUser(value: unknown): Account {
  const user = mapping(value, 'accounts.users');
  return { name: string(user.name, 'user name'), uid: number(user.uid, 'uid'), gid: number(user.gid, 'gid') };
}

function readGroup(value: unknown): Definition['groups'][number] {
  const group = mapping(value, 'accounts.groups');
  return { name: string(group.name, 'group name'), gid: number(group.gid, 'gid') };
}

function readEnvironment(value: unknown): Readonly<Record<string, string>> {
  if (value === undefined) return {};
  const entries = Object.entries(mapping(value, 'environment'));
  return Object.fromEntries(entries.map(([name, text]) => [name, string(text, 'environment')]));
}

/** A path that a definition makes; nothing for the few that it deletes. */
function readPath(value: unknown): DefinedPath[] {
  const path = mapping(value, 'paths');
  const type = string(path.type, 'paths.type');
  if (type === 'delete') return [];
  if (type !== 'directory' && type !== 'symlink' && type !== 'file' && type !== 'emptyfile') {
    throw new Invalid(`unknown type of path ${quote(type)}`);
  }
  return [
    {
      type: type === 'emptyfile' ? 'file' : type,
      path: string(path.path, 'paths.path'),
      uid: number(path.uid, 'paths.uid'),
      gid: number(path.gid, 'paths.gid'),
      mode: optional(path.mode, readMode),
      source: type === 'symlink' ? string(path.source, 'paths.source') : undefined,
    },
  ];
}

/** Four octal digits, however it is written: `0750` for `750`. */
function readMode(value: unknown): string {
  return Number.parseInt(string(value, 'paths.mode', /^[0-7]{3,5}$/), 8)
    .toString(8)
    .padStart(4, '0');
}

function mapping(value: unknown, what: string): Mapping {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Invalid(`${what} is no mapping`);
  return value as Mapping;
}

function list(value: unknown, what: string): readonly unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new Invalid(`${what} is no list`);
  return value;
}

function string(value: unknown, what: string, form?: RegExp): string {
  if (typeof value !== 'string') throw new Invalid(`${what} is no text`);
  if (form !== undefined && !form.test(value)) throw new Invalid(`${what} ${quote(value)} has the wrong form`);
  return value;
}

/** A value as it may be printed: short, and without what would steer a terminal. */
function quote(value: string): string {
  return JSON.stringify(value.slice(0, 80));
}

function strings(value: unknown, what: string, form?: RegExp): string[] {
  if (!Array.isArray(value)) throw new Invalid(`${what} is no list`);
  return value.map((entry) => string(entry, what, form));
}

function number(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) throw new Invalid(`${what} is no number`);
  return value;
}

function optional<T>(value: unknown, read: (value: unknown) => T): T | undefined {
  return value === undefined || value === null ? undefined : read(value);
}

/** What makes a set of definitions unfit as a catalog; undefined where nothing does. */
export function wholeCatalogProblem(definitions: readonly Definition[]): string | undefined {
  if (definitions.length === 0) return 'there is not one definition in it';
  const claimed = new Map<string, string>();
  for (const { image, file, tags } of definitions) {
    for (const tag of tags) {
      const name = `${image}:${tag}`;
      const other = claimed.get(name);
      if (other !== undefined) return `${name} is claimed by ${image}/${other} and by ${image}/${file}`;
      claimed.set(name, file);
    }
  }
  return undefined;
}
