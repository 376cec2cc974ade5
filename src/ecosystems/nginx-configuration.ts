import { type NginxDirective, type NginxWord, nginxDirectives, readNginx } from '../server-configuration/nginx.ts';
import type { Edit } from '../text/edit.ts';
import type { Listener } from './ecosystem.ts';
import { isBelow, type ServerFile } from './server-files.ts';

/** Where the hardened image's user may write, and where its process id goes. Source: catalog, image/nginx. */
export interface NginxPlaces {
  readonly writable: readonly string[];
  /** undefined where `/run` belongs to nginx */
  readonly pid: string | undefined;
  /** whether the pid that nginx is compiled with is known to lie where nginx may write */
  readonly pidByDefault: boolean;
}

/** What a configuration means for an image whose nginx is not root. */
export interface NginxChanges {
  readonly listens: readonly Listener[];
  /** offsets into the file, or into the Dockerfile for a text that stands there */
  readonly edits: readonly { readonly edit: Edit; readonly why: string }[];
  readonly writes: readonly string[];
  readonly owns: readonly string[];
  readonly includes: readonly string[];
  /** a module that is loaded */
  readonly module: string | undefined;
  /** sentences to confirm */
  readonly reviews: readonly { readonly message: string; readonly why: string; readonly fix: string }[];
}

const temporary = /^((client_body|proxy|fastcgi|uwsgi|scgi)_temp_path|(proxy|fastcgi|uwsgi|scgi)_cache_path)$/;
const logs = /^(error_log|access_log)$/;

/** Works out what a file of nginx's configuration asks of the image, and what has to change in it. */
export function changesOf(
  file: ServerFile,
  source: NonNullable<ServerFile['source']>,
  places: NginxPlaces,
  variable: (name: string) => string | null | undefined,
): NginxChanges {
  const { directives, problem } = readNginx(source.text);
  const offset = source.kind === 'inline' ? source.offset : 0;
  const at = (start: number, end: number) => ({ start: start + offset, end: end + offset });
  const where: NonNullable<Listener['place']>['in'] =
    source.kind === 'inline' ? { instruction: file.instruction } : { file: source.path };
  const listens: Listener[] = [];
  const edits: { edit: Edit; why: string }[] = [];
  const writes: string[] = [];
  const owns: string[] = [];
  const includes: string[] = [];
  const reviews: NginxChanges['reviews'][number][] = [];
  let module: string | undefined;
  const moved = new Set<number>();
  const all = [...nginxDirectives(directives)];
  const isMain = all.some(({ name, context }) => context.length === 0 && /^(http|events|stream)$/.test(name.value));
  const keepsPort = all.some(saysRedirects);
  for (const server of all.filter(isWebServer)) {
    const own = server.children.filter(({ name }) => name.value === 'listen');
    const open = server.children.some(({ name }) => name.value === 'include');
    if (own.length > 0 || open || server.children.length === 0) continue;
    const first = server.children[0]!.range.start;
    const gap = source.text.slice(server.body!.start, first);
    const indent = gap.includes('\n') ? gap.slice(gap.lastIndexOf('\n')) : ' ';
    const start = server.body!.start;
    const redirect = keepsPort ? '' : `${indent}port_in_redirect off;`;
    moved.add(80);
    listens.push({
      port: 80,
      place: { in: where, range: at(start, start), text: `${indent}listen {port};${redirect}` },
    });
  }
  for (const directive of all.filter(({ name }) => name.value === 'listen')) {
    const [address] = directive.args;
    if (address === undefined) continue;
    const named = /^(?:.*:)?\$\{?(\w+)\}?$/.exec(address.value)?.[1];
    const value = named === undefined ? undefined : variable(named);
    if (named !== undefined) {
      if (typeof value === 'string' && /^\d+$/.test(value)) listens.push({ port: Number(value), place: undefined });
      continue;
    }
    const found = listenedPort(address);
    if (found === undefined || found.port > 1023) continue;
    moved.add(found.port);
    const place = { in: where, range: at(found.start, found.end), text: `${found.bare ? ':' : ''}{port}` };
    listens.push({ port: found.port, place });
  }
  for (const { range, text } of keepsPort ? [] : redirectLines(all, source.text))
    edits.push({
      edit: { range: at(range.start, range.end), text },
      why: 'redirects go on without the port of the container',
    });
  for (const directive of all) {
    const { name, args, context } = directive;
    const [first] = args;
    if (name.value === 'load_module' && first !== undefined) module ??= first.value;
    if (name.value === 'include' && first !== undefined) includes.push(first.value);
    if (context.length === 0 && isMain && name.value === 'user') {
      const newline = source.text.indexOf('\n', directive.range.end);
      const rest = newline === -1 ? source.text.length : newline + 1;
      const whole = /^[ \t\r]*\n?$/.test(source.text.slice(directive.range.end, rest));
      const begin = source.text.lastIndexOf('\n', directive.range.start) + 1;
      const start = /^\s*$/.test(source.text.slice(begin, directive.range.start)) ? begin : directive.range.start;
      edits.push({
        edit: { range: at(start, whole ? rest : directive.range.end), text: '' },
        why: 'only root can change the user of its workers',
      });
    }
    if (name.value === 'pid' && first !== undefined && places.pid !== undefined && !isWritable(first.value, places)) {
      edits.push({
        edit: { range: at(first.range.start, first.range.end), text: places.pid },
        why: `the image's user may write to ${places.pid.slice(0, places.pid.lastIndexOf('/'))}, not to /run`,
      });
    }
    if (temporary.test(name.value) && first !== undefined) writes.push(...foldersOf(first.value, places, true));
    if (logs.test(name.value) && first !== undefined) writes.push(...foldersOf(first.value, places, false));
    if (name.value === 'ssl_certificate_key' && first !== undefined) owns.push(first.value);
    if (/_pass$/.test(name.value) && first !== undefined) {
      const self = /^(https?):\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::(\d+))?(?=\/|$)/.exec(first.value);
      const port = self === null ? 0 : Number(self[2] ?? (self[1] === 'https' ? 443 : 80));
      if (self !== null && moved.has(port) && first.range.end - first.range.start === first.value.length) {
        const end = first.range.start + self[0].length;
        const start = end - (self[2]?.length ?? 0);
        listens.push({
          port,
          place: { in: where, range: at(start, end), text: self[2] === undefined ? ':{port}' : '{port}' },
        });
      }
    }
  }
  if (
    isMain &&
    places.pid !== undefined &&
    !places.pidByDefault &&
    !all.some(({ name, context }) => name.value === 'pid' && context.length === 0)
  ) {
    const first = directives.find(({ name }) => name.value !== 'user') ?? directives[0]!;
    const start = first.range.start;
    edits.push({
      edit: { range: at(start, start), text: `pid ${places.pid};\n` },
      why: `the image's user may write to ${places.pid.slice(0, places.pid.lastIndexOf('/'))}`,
    });
  }
  if (moved.size > 0 && /\$\{?server_port\b/.test(source.text)) {
    reviews.push({
      message: `${nameOf(file, source)} hands on $server_port, which changes with the port`,
      why: 'it is the port inside of the container',
      fix: 'write the port that clients use, where they are told it',
    });
  }
  if (problem !== undefined && source.kind === 'project' && file.path.endsWith('.conf')) {
    reviews.push({
      message: `${source.path} cannot be read to its end: ${problem}`,
      why: 'what stands behind that is not known',
      fix: 'check that no `listen` in it is below 1024',
    });
  }
  return { listens, edits, writes, owns, includes, module, reviews };
}

function nameOf(file: ServerFile, source: NonNullable<ServerFile['source']>): string {
  return source.kind === 'project' ? source.path : file.path;
}

/** Whether a directive says which port redirects name. */
export function saysRedirects({ name }: NginxDirective): boolean {
  return /^(port_in_redirect|absolute_redirect)$/.test(name.value);
}

function isWebServer({ name, body, context }: NginxDirective): boolean {
  return name.value === 'server' && body !== undefined && !/^(stream|mail|upstream)$/.test(context.at(-1) ?? '');
}

/** Lines that keep the container's port out of redirects, for each server on one that moves. */
export function redirectLines(all: readonly NginxDirective[], text: string): Edit[] {
  return all.filter(isWebServer).flatMap((server) => {
    const last = server.children.findLast(({ name, args }) => {
      const port = name.value === 'listen' && args[0] !== undefined ? listenedPort(args[0]) : undefined;
      return port !== undefined && (port.port === 80 || port.port === 443);
    });
    if (last === undefined) return [];
    const line = text.slice(text.lastIndexOf('\n', last.range.start) + 1, last.range.start);
    const indent = /^\s*$/.test(line) && text.lastIndexOf('\n', last.range.start) !== -1 ? `\n${line}` : ' ';
    const { end } = last.range;
    return [{ range: { start: end, end }, text: `${indent}port_in_redirect off;` }];
  });
}

/** The port of a `listen` address and where it stands; `bare`: the address names none, which means 80. */
export function listenedPort({
  value,
  range,
}: NginxWord): { port: number; start: number; end: number; bare: boolean } | undefined {
  if (value.startsWith('unix:') || value.includes('$') || value.length !== range.end - range.start) return undefined;
  const digits = /^(?:.*:)?(\d{1,5})$/.exec(value)?.[1];
  if (digits !== undefined && !/^\d+(\.\d+){3}$/.test(value))
    return { port: Number(digits), start: range.end - digits.length, end: range.end, bare: false };
  return /^(\*|\[[\d:a-fA-F]*\]|[\w.-]+)$/.test(value)
    ? { port: 80, start: range.end, end: range.end, bare: true }
    : undefined;
}

function isWritable(path: string, places: NginxPlaces): boolean {
  return places.writable.some((folder) => isBelow(path, folder));
}

/** The folder that has to be there for nginx to write a file, or files below a path. */
function foldersOf(path: string, places: NginxPlaces, isFolder: boolean): string[] {
  if (!path.startsWith('/') || path.startsWith('/dev/') || path.includes('$')) return [];
  const folder = isFolder ? path.replace(/\/+$/, '') : path.slice(0, path.lastIndexOf('/'));
  return folder === '' || isWritable(folder, places) ? [] : [folder];
}
