import { type ConfigurationLine, readLines } from '../server-configuration/lines.ts';
import type { Range } from '../text/range.ts';
import type { ServerText } from './server-changes.ts';

type Word = ConfigurationLine['words'][number];
type Variable = (name: string) => string | null | undefined;

/** What Caddy listens on where a site's address names no port. */
interface Implied {
  http: boolean;
  https: boolean;
}

/**
 * Writes down what a Caddyfile asks for that only root may do. Addresses with a port below 1024 move; sites that are
 * named by a host have theirs from the options `http_port` and `https_port`. Source: Caddy's documentation of the
 * Caddyfile's structure, addresses and global options. `isMain`: Caddy starts with it; other files are imported.
 */
export function readCaddyfile(text: ServerText, variable: Variable, isMain: boolean): void {
  const lines = withoutHeredocs(readLines(text.text));
  const options = lines[0]?.words.length === 1 && lines[0].words[0]!.text === '{' ? lines[0] : undefined;
  const implied: Implied = { http: false, https: false };
  const set = new Set<string>();
  let depth = 0;
  let sites = 0;
  let isOpen = true;
  for (const line of lines) {
    const last = line.words.at(-1)!.text;
    const [first] = line.words;
    if (depth === 0 && line !== options) {
      const named = line.words.filter((word) => word.text !== '{');
      // without braces the first line is the address of the only site, and all others are its directives
      if (isOpen && isAddress(named[0], isMain)) {
        for (const word of named) address(text, word, variable, implied);
        sites++;
        isOpen = last === '{' || last.endsWith(',');
      } else directive(text, line.words);
    } else {
      if (depth === 1 && sites === 0 && options !== undefined && /^https?_port$/.test(first!.text))
        set.add(first!.text);
      directive(text, line.words);
    }
    if (last === '{') depth++;
    if (first!.text === '}') {
      depth--;
      if (depth === 0) isOpen = true;
    }
  }
  const missing = [
    ...(implied.http && !set.has('http_port') ? ['http_port 8080'] : []),
    ...(implied.https && !set.has('https_port') ? ['https_port 8443'] : []),
  ];
  if (implied.https)
    text.review(
      'certificates that a volume at /data holds already belong to root',
      'Caddy keeps them there, and does not run as root any more',
      'run `chown -R 65532:65532` on that volume once, as root',
    );
  if (missing.length === 0) return;
  if (!isMain) {
    text.review(
      `${text.name} names sites by their host, which listen on 80 and 443`,
      'only root may listen below 1024',
      `put ${missing.join(' and ')} into the global options of the Caddyfile`,
    );
    return;
  }
  const why = 'sites that are named by a host listen there; clients still use 80 and 443';
  const block = missing.map((option) => `\t${option}\n`).join('');
  if (options !== undefined) text.replace(at(options.range.end), block, why);
  else text.replace(at(lines[0]!.range.start), `{\n${block}}\n\n`, why);
}

function at(offset: number): Range {
  return { start: offset, end: offset };
}

/** A text between `<<NAME` and `NAME` is a value. */
function withoutHeredocs(lines: readonly ConfigurationLine[]): ConfigurationLine[] {
  const out: ConfigurationLine[] = [];
  let until: string | undefined;
  for (const line of lines) {
    if (until === undefined) out.push(line);
    else if (line.words[0]!.text === until) until = undefined;
    if (until === undefined) until = /^<<(\w+)$/.exec(line.words.at(-1)!.text)?.[1];
  }
  return out;
}

function isAddress(word: Word | undefined, isMain: boolean): boolean {
  if (word === undefined || /^[(&@}]/.test(word.text)) return false;
  return word.text !== 'import' && (isMain || /[.:]|^localhost|^\{\$/.test(word.text));
}

function address(text: ServerText, { text: word, range }: Word, variable: Variable, implied: Implied): void {
  const written = word.replace(/,$/, '');
  if (written === '') return;
  const named = /^(https?:\/\/)?\{\$(\w+)(?::([^}]*))?\}(:\d+)?$/.exec(written);
  if (named !== null) {
    const [, , name = '', fallback] = named;
    const value = variable(name) ?? fallback;
    const own = typeof value === 'string' ? /^(?:https?:\/\/)?[^/:]*:(\d{1,5})$/.exec(value)?.[1] : undefined;
    if (own !== undefined && Number(own) < 1024)
      text.review(
        `${text.name} has the address of a site from ${name}, which is ${value}`,
        'only root may listen below 1024',
        `let it be ${own === '443' ? 8443 : 8080} in place of ${own}`,
      );
    if (own === undefined) hosts(written.startsWith('http://') ? 'http' : undefined, implied);
    return;
  }
  const port = /^(?:https?:\/\/)?([^/:{}]*):\{\$(\w+)(?::(\d{1,5}))?\}$/.exec(written);
  if (port !== null) {
    portOfVariable(text, port, range, variable(port[2]!));
    return;
  }
  const parts = /^(?:(https?):\/\/)?([^/:[\]{}]*|\[[^\]]*\])(?::(\d{1,5}))?(?:\/.*)?$/.exec(written);
  if (parts === null) return;
  const [, scheme, host = '', digits] = parts;
  if (digits === undefined) {
    hosts(scheme, implied);
    return;
  }
  const start = range.start + word.indexOf(`:${digits}`, scheme === undefined ? 0 : scheme.length + 3) + 1;
  text.listen(Number(digits), { start, end: start + digits.length });
  // a host on the HTTP port is served without TLS, on any other with it
  if (host !== '' && scheme === undefined && digits === '80') implied.http = true;
  if (host !== '' && digits === '443') implied.https = true;
}

/** `:{$PORT:80}`: what the file sets moves there, and the default moves here. */
function portOfVariable(
  text: ServerText,
  [written, , name, fallback]: RegExpExecArray,
  range: Range,
  value: string | null | undefined,
): void {
  if (typeof value === 'string' && /^\d+$/.test(value)) text.listensOn(Number(value));
  else if (fallback !== undefined) {
    const end = range.start + written.length - 1;
    text.listen(Number(fallback), { start: end - fallback.length, end });
  } else
    text.review(
      `${text.name} has the port of a site from ${name}`,
      'only root may listen below 1024',
      'see that its value is above 1024',
    );
}

function hosts(scheme: string | undefined, implied: Implied): void {
  implied.http = true;
  if (scheme !== 'http') implied.https = true;
}

/** Directives that write files, or read what others must not. */
function directive(text: ServerText, words: readonly Word[]): void {
  const [name, second, third] = words.map((word) => word.text);
  if (name === 'output' && second === 'file' && third?.startsWith('/') === true)
    text.writesTo(third.slice(0, third.lastIndexOf('/')));
  if (name === 'storage' && second === 'file_system' && third?.startsWith('/') === true) text.writesTo(third);
  if (name === 'tls' && third?.startsWith('/') === true) text.isReadAlone(third);
}
