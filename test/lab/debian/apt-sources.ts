import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const DEFAULT_MIRROR = 'http://deb.debian.org/debian';

/** Suites that a Debian archive has: what tells Debian's own entries from those of third parties. */
const DEBIAN_SUITE =
  /^(?:bullseye|bookworm|trixie|forky|sid|stable|oldstable|testing|unstable)(?:-updates|-backports)?$/;

/** The Debian archive that this machine's apt is set up with; Debian's own address where it names none. */
export function debianMirror(folder = '/etc/apt'): string {
  for (const { uri, suites, components } of entriesOf(folder)) {
    const isArchive = suites.some((suite) => DEBIAN_SUITE.test(suite)) && components.includes('main');
    if (isArchive && /^https?:/.test(uri)) return uri.replace(/\/+$/, '');
  }
  return DEFAULT_MIRROR;
}

interface Entry {
  readonly uri: string;
  readonly suites: readonly string[];
  readonly components: readonly string[];
}

function entriesOf(folder: string): Entry[] {
  const parts = join(folder, 'sources.list.d');
  const names = existsSync(parts) ? readdirSync(parts).sort() : [];
  const files = [join(folder, 'sources.list'), ...names.map((name) => join(parts, name))].filter((path) =>
    existsSync(path),
  );
  return files.flatMap((path) => {
    const text = readFileSync(path, 'utf8').replace(/^\s*#.*\n/gm, '');
    return path.endsWith('.sources') ? text.split(/\n\s*\n/).flatMap(stanza) : text.split('\n').flatMap(line);
  });
}

function stanza(text: string): Entry[] {
  const field = (name: string) =>
    new RegExp(`^${name}:(.*)$`, 'im').exec(text)?.[1]?.trim().split(/\s+/).filter(Boolean) ?? [];
  if (!field('Types').includes('deb') || field('Enabled')[0] === 'no') return [];
  return field('URIs').map((uri) => ({ uri, suites: field('Suites'), components: field('Components') }));
}

function line(text: string): Entry[] {
  const [type, uri, suite, ...components] = text
    .replace(/\[[^\]]*\]/, '')
    .trim()
    .split(/\s+/);
  return type === 'deb' && uri !== undefined && suite !== undefined ? [{ uri, suites: [suite], components }] : [];
}
