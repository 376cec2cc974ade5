import type { Entry, Found, ImageTree } from './image-tree.ts';

/** Who a process of the image is. */
export interface User {
  readonly uid: number;
  readonly gid: number;
  readonly groups: ReadonlySet<number>;
  /** its name in /etc/passwd; undefined for a number that stands for nobody there */
  readonly name: string | undefined;
  readonly home: string | undefined;
}

/** What is wrong with the USER of an image. */
export interface NoUser {
  readonly missing: 'user' | 'group';
  readonly name: string;
}

interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string | undefined;
}

/** Reads USER as engines do: `name`, `uid`, `name:group`, `uid:gid`; nothing is root. */
export function findUser(text: string, tree: ImageTree): User | NoUser {
  const [who = '', group] = text.split(':', 2) as [string, string?];
  const accounts = readAccounts(tree.text('/etc/passwd') ?? '');
  const groups = readGroups(tree.text('/etc/group') ?? '');
  const number = asId(who === '' ? '0' : who);
  const account = accounts.find(({ name, uid }) => name === who || uid === number);
  if (account === undefined && number === undefined) return { missing: 'user', name: who };
  let gid = account?.gid ?? 0;
  if (group !== undefined && group !== '') {
    const found = groups.find(({ name }) => name === group)?.gid ?? asId(group);
    if (found === undefined) return { missing: 'group', name: group };
    gid = found;
  }
  // a group in USER takes the place of all others
  const further = group ? [] : groups.filter(({ members }) => account !== undefined && members.includes(account.name));
  return {
    uid: account?.uid ?? number!,
    gid,
    groups: new Set([gid, ...further.map((one) => one.gid)]),
    name: account?.name,
    home: account?.home,
  };
}

function asId(text: string): number | undefined {
  return /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

function readAccounts(passwd: string): Account[] {
  return passwd.split('\n').flatMap((line) => {
    const [name, , uid, gid, , home] = line.trim().split(':');
    if (!name || asId(uid ?? '') === undefined) return [];
    return { name, uid: Number(uid), gid: asId(gid ?? '') ?? 0, home: home || undefined };
  });
}

function readGroups(group: string): { name: string; gid: number; members: readonly string[] }[] {
  return group.split('\n').flatMap((line) => {
    const [name, , gid, members = ''] = line.trim().split(':');
    if (!name || asId(gid ?? '') === undefined) return [];
    return { name, gid: Number(gid), members: members.split(',').filter((member) => member !== '') };
  });
}

export type Access = 'read' | 'write' | 'execute';

const bits = { read: 0o4, write: 0o2, execute: 0o1 };

/** True where the mode bits give a user an access. Root may do all, but execute only what somebody may. */
export function may(user: User, entry: Entry, access: Access): boolean {
  if (entry.kind === 'link') return true;
  const bit = bits[access];
  if (user.uid === 0) return access !== 'execute' || entry.kind === 'directory' || (entry.mode & 0o111) !== 0;
  if (entry.uid === user.uid) return ((entry.mode >> 6) & bit) !== 0;
  if (user.groups.has(entry.gid)) return ((entry.mode >> 3) & bit) !== 0;
  return (entry.mode & bit) !== 0;
}

/** True where a user comes to what was found and has the access there. */
export function reaches(user: User, found: Found, access: Access): boolean {
  return found.way.every((directory) => may(user, directory, 'execute')) && may(user, found.entry, access);
}
