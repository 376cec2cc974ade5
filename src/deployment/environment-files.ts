import { type Listening, movedAddresses } from './addresses.ts';
import { joinPath } from './builds.ts';
import { environmentFilesOf } from './compose-services.ts';
import { type ComposeFile, composeFilesOf, contractOfService, stackOf } from './compose-stack.ts';
import type { DeploymentChanges, DeploymentFormat, ProjectFile, Surroundings } from './deployment.ts';
import { PlainChanges } from './plain-changes.ts';
import { hostOf, movedValue } from './port-variables.ts';
import { siblingHosts } from './siblings.ts';

const name = 'environment-files';

/** Files of variables that Compose gives to containers: `.env`, `web.env`. */
export const format: DeploymentFormat = {
  name,
  mayBe: (path) => /(^|\/)(\.env(\.[\w.-]+)?|[\w.-]+\.env)$/.test(path),
  examine,
};

/** One `NAME=value` of a file; offsets are those of the value, without quotes. */
interface Line {
  readonly variable: string;
  readonly value: string;
  readonly start: number;
}

function linesOf(text: string): Line[] {
  return [...text.matchAll(/^([ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*=[ \t]*)([^\r\n]*)/gm)].map((match) => {
    const [, lead, variable, rest] = match as unknown as [string, string, string, string];
    const quote = /^["']/.exec(rest)?.[0];
    const end = quote === undefined ? rest.search(/\s+#|\s*$/) : rest.indexOf(quote, 1);
    const value = rest.slice(quote === undefined ? 0 : 1, end === -1 ? rest.length : end);
    return { variable, value, start: match.index + lead.length + (quote === undefined ? 0 : 1) };
  });
}

function examine(file: ProjectFile, around: Surroundings): DeploymentChanges | undefined {
  const siblings = siblingHosts(around);
  const { hosts } = siblings;
  const users = usersOf(file.path, around);
  if (hosts.size === 0 && users.length === 0) return undefined;
  const changes = new PlainChanges(name);
  const lines = linesOf(file.text);
  for (const { variable, value, start } of lines) {
    const range = { start, end: start + value.length };
    for (const address of movedAddresses(value, hosts)) {
      const moved = { start: start + address.edit.range.start, end: start + address.edit.range.end };
      changes.moveAddress({ ...address, range, edit: { range: moved, text: address.edit.text } }, siblings);
    }
    const host = hostOf(variable, lines)?.value;
    const other = host === undefined ? undefined : hosts.get(host);
    const to = other?.movedPorts.find(({ from }) => String(from) === value)?.to;
    if (other !== undefined && to !== undefined)
      changes.change(
        { range, text: String(to) },
        range,
        `${variable} is a port of ${host} that nothing listens on`,
        `${host} in ${other.image} listens on ${to}`,
        `becomes ${to}`,
      );
    else if (host === undefined) changeOwn({ variable, value, start }, users, file, changes, around);
  }
  return changes.findings.length === 0 ? undefined : changes;
}

interface User {
  readonly service: string;
  readonly listening: Listening | undefined;
}

const knownUsers = new WeakMap<Surroundings, ReadonlyMap<string, readonly User[]>>();

/** The services of Compose that are given a file. */
function usersOf(path: string, around: Surroundings): readonly User[] {
  let users = knownUsers.get(around);
  if (users === undefined) {
    users = allUsers(around);
    knownUsers.set(around, users);
  }
  return users.get(path) ?? [];
}

/** Every service that is given files, by the path of each. */
function allUsers(around: Surroundings): Map<string, User[]> {
  const users = new Map<string, User[]>();
  for (const { folder, services } of composeFilesOf(around))
    for (const service of services)
      for (const { text } of environmentFilesOf(service)) {
        const path = joinPath(folder, text);
        const user = { service: service.name, listening: contractOfService(service, folder, around) };
        users.set(path, [...(users.get(path) ?? []), user]);
      }
  return users;
}

/** A variable by which services are told where to listen: moved where it means the same to all of them. */
function changeOwn(
  { variable, value, start }: Line,
  users: readonly User[],
  file: ProjectFile,
  changes: PlainChanges,
  around: Surroundings,
): void {
  const moves = users.map(({ listening }) => movedValue(variable, value, listening?.movedPorts ?? []));
  const next = moves.find((each) => each !== undefined);
  const image = users.find((_user, index) => moves[index] === next)?.listening?.image;
  if (next === undefined) return;
  const range = { start, end: start + value.length };
  const message = `${variable} is a port below 1024`;
  const why = `the program in ${image} listens above 1024`;
  const others = users.filter((_user, index) => moves[index] !== next).map(({ service }) => service);
  if (others.length > 0)
    changes.say(
      'review',
      range,
      message,
      `${why}; ${others.join(', ')} may need it as it is`,
      `write ${next} for the one, in a file of its own`,
    );
  else if (stackOf(file.path, around).some((each) => asks(each, variable)))
    changes.say(
      'review',
      range,
      message,
      `${why}, and Compose files take ${variable} for more than that`,
      `write ${next}, and the port of the host into the Compose file`,
    );
  else changes.change({ range, text: next }, range, message, why, `becomes ${next}`);
}

/** Whether a Compose file puts a variable into its own text. */
function asks({ yaml }: ComposeFile, variable: string): boolean {
  return new RegExp(`\\$\\{?${variable.replace(/[.]/g, '\\.')}\\b`).test(yaml.text);
}
