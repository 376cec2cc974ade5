import { listenedPort, redirectLines, saysRedirects } from '../ecosystems/nginx-configuration.ts';
import { type NginxDirective, type NginxWord, nginxDirectives, readNginx } from '../server-configuration/nginx.ts';
import type { Edit } from '../text/edit.ts';
import type { Range } from '../text/range.ts';
import { type Listening, type MovedAddress, movedAddresses } from './addresses.ts';
import { joinPath } from './builds.ts';
import { isNamedVolume, volumesOf } from './compose-services.ts';
import { composeFilesOf, contractOfService } from './compose-stack.ts';
import type { DeploymentChanges, DeploymentFormat, ProjectFile, Surroundings } from './deployment.ts';
import { PlainChanges } from './plain-changes.ts';
import { siblingHosts } from './siblings.ts';

const name = 'server-addresses';

/** What proxies and the like are told of the other containers of the project: their names and ports. */
export const format: DeploymentFormat = {
  name,
  mayBe: (path) =>
    /\.(conf|cfg|nginx|vhost)(\.(template|tmpl|in|j2))?$|(^|\/)(Caddyfile[^/]*|[^/]+\.caddy|nginx[\w.-]*)$|(^|\/)(prometheus|traefik)[\w.-]*\.(ya?ml|toml)$|(^|\/)sites-(available|enabled)\//i.test(
      path,
    ),
  examine,
};

function examine(file: ProjectFile, around: Surroundings): DeploymentChanges | undefined {
  const siblings = siblingHosts(around);
  const listening = mountedInto(file.path, around);
  if (siblings.hosts.size === 0 && listening === undefined) return undefined;
  const changes = new PlainChanges(name);
  const directives = isNginx(file.text) ? [...nginxDirectives(readNginx(file.text).directives)] : undefined;
  const found =
    directives === undefined
      ? addressesInLines(file.text, siblings.hosts)
      : addressesInNginx(directives, upstreamsOf(around), file.text, siblings.hosts);
  for (const address of found) changes.moveAddress(address, siblings);
  if (directives !== undefined && listening !== undefined) moveListeners(directives, file.text, listening, changes);
  return changes.findings.length === 0 ? undefined : changes;
}

/** Whether a text is nginx's: Apache's has tags, and the others have no semicolons behind what they say of proxies. */
function isNginx(text: string): boolean {
  return /^\s*(server|upstream|http|location\s[^{]*|stream)\s*\{|^\s*(proxy_pass|\w+_pass|listen)\s[^\n]*;/m.test(text);
}

const passes = /^(proxy|grpc|uwsgi|fastcgi|scgi|memcached)_pass$|^(set|proxy_redirect)$/;

function addressesInNginx(
  directives: readonly NginxDirective[],
  upstreams: ReadonlySet<string>,
  text: string,
  hosts: ReadonlyMap<string, Listening>,
): MovedAddress[] {
  const within = ({ range }: NginxWord, bare?: number) =>
    movedAddresses(text.slice(range.start, range.end), hosts, bare).map((each) => shifted(each, range.start));
  return directives.flatMap(({ name: { value }, args, context }) => {
    if (value === 'server' && context.at(-1) === 'upstream') return args.slice(0, 1).flatMap((arg) => within(arg, 80));
    // the name of an upstream is none of a host
    return passes.test(value) ? args.flatMap((arg) => within(arg)).filter(({ host }) => !upstreams.has(host)) : [];
  });
}

const knownUpstreams = new WeakMap<Surroundings, ReadonlySet<string>>();

/** The names of all `upstream` blocks of the project: they may stand in another file than what names them. */
function upstreamsOf(around: Surroundings): ReadonlySet<string> {
  let names = knownUpstreams.get(around);
  if (names === undefined) {
    names = new Set(
      around.files
        .filter(({ path }) => format.mayBe(path))
        .flatMap(({ text }) => [...text.matchAll(/^[ \t]*upstream[ \t]+([\w.-]+)\s*\{/gm)].map(([, each]) => each!)),
    );
    knownUpstreams.set(around, names);
  }
  return names;
}

/** Addresses in files of one thing a line, comments left out. `reverse_proxy api` of Caddy means port 80. */
function addressesInLines(text: string, hosts: ReadonlyMap<string, Listening>): MovedAddress[] {
  const found: MovedAddress[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    const code = line.replace(/(^|\s)#.*$/, '');
    const proxied = /^\s*(reverse_proxy|to)\s+(?:[/@*]\S*\s+)?/.exec(code)?.[0].length ?? 0;
    const parts = proxied === 0 ? [{ at: 0, bare: undefined }] : [{ at: proxied, bare: 80 }];
    for (const { at, bare } of parts)
      for (const each of movedAddresses(code.slice(at), hosts, bare)) found.push(shifted(each, start + at));
    start += line.length + 1;
  }
  return found;
}

function shifted(address: MovedAddress, by: number): MovedAddress {
  const move = ({ start, end }: Range): Range => ({ start: start + by, end: end + by });
  const edit: Edit = { range: move(address.edit.range), text: address.edit.text };
  return { ...address, range: move(address.range), edit };
}

/** What Compose mounts into an image of the project, and whose port moved. */
interface Mounted {
  readonly path: string;
  readonly listening: Listening;
}

const knownMounts = new WeakMap<Surroundings, readonly Mounted[]>();

/** What a file of nginx's configuration is mounted into by Compose: an image of the project. */
function mountedInto(path: string, around: Surroundings): Listening | undefined {
  let mounts = knownMounts.get(around);
  if (mounts === undefined) {
    mounts = composeFilesOf(around).flatMap(({ folder, services }) =>
      services.flatMap((service) => {
        const listening = contractOfService(service, folder, around);
        if (listening === undefined || listening.movedPorts.length === 0) return [];
        return volumesOf(service, true)
          .filter(({ source, target }) => !isNamedVolume(source) && /nginx|conf/.test(target))
          .map(({ source }) => ({ path: joinPath(folder, source), listening }));
      }),
    );
    knownMounts.set(around, mounts);
  }
  return mounts.find((each) => path === each.path || path.startsWith(`${each.path}/`))?.listening;
}

function moveListeners(
  directives: readonly NginxDirective[],
  text: string,
  { movedPorts, image }: Listening,
  changes: PlainChanges,
): void {
  const why = `it is mounted into ${image}, which listens above 1024`;
  let moves = false;
  for (const { name: directive, args } of directives) {
    const found = directive.value === 'listen' && args[0] !== undefined ? listenedPort(args[0]) : undefined;
    const to = movedPorts.find(({ from }) => from === found?.port)?.to;
    if (found === undefined || to === undefined) continue;
    moves = true;
    const range = { start: found.start, end: found.end };
    changes.change(
      { range, text: `${found.bare ? ':' : ''}${to}` },
      args[0]!.range,
      `listen ${found.port} is a port below 1024`,
      why,
      `becomes ${to}`,
    );
  }
  if (moves && !directives.some(saysRedirects))
    for (const edit of redirectLines(directives, text)) changes.edits.push(edit);
}
