import { ALPINE } from './tools/alpine.ts';
import { DEBIAN } from './tools/debian.ts';

/**
 * Which package holds a program, on Debian and on Alpine. One package a line: its name and its programs; where several
 * packages hold one program, the first line is the one to install. Source: the file lists of Debian 12 and 13 and of
 * Alpine 3.22 and later, as known in general; the Debian half checked on a Debian system where the package was there.
 * The last lines are the hardened images' own packages.
 */
interface Packages {
  /** program to the package to install for it */
  readonly first: ReadonlyMap<string, string>;
  /** package to its programs */
  readonly programs: ReadonlyMap<string, ReadonlySet<string>>;
}

function readTable(table: string): Packages {
  const first = new Map<string, string>();
  const programs = new Map<string, ReadonlySet<string>>();
  for (const line of table.split('\n')) {
    const [name, ...held] = line.split(' ');
    if (name === undefined || name === '') continue;
    programs.set(name, new Set(held));
    for (const program of held) if (!first.has(program)) first.set(program, name);
  }
  return { first, programs };
}

let debian: Packages | undefined;
let alpine: Packages | undefined;

function packagesOf(family: 'debian' | 'alpine'): Packages {
  if (family === 'debian') {
    debian ??= readTable(DEBIAN);
    return debian;
  }
  alpine ??= readTable(ALPINE);
  return alpine;
}

/** The package to install for a program (bare name) on Debian or Alpine; undefined if the table does not know it. */
export function programPackage(program: string, family: 'debian' | 'alpine'): string | undefined {
  return packagesOf(family).first.get(program);
}

/** The name without its line: `gcc-14` holds what `gcc` does, `golang-1.26-dev` what `golang` does. */
function plainName(name: string): string {
  return name.replace(/-\d+(?:\.\d+)*(?:-dev|-minimal)?$/, '').replace(/^py3\.\d+-/, 'py3-');
}

/**
 * Whether one of the listed packages holds a program (bare name). False if packages that hold it are known and none is
 * listed: a list of wishes such as the catalog's may still pull one in as a dependency. Undefined for programs that the
 * table does not know.
 */
export function providedBy(
  packages: readonly string[],
  program: string,
  family: 'debian' | 'alpine',
): boolean | undefined {
  const { first, programs } = packagesOf(family);
  if (!first.has(program)) return undefined;
  if (family === 'debian' && standsOnBusyBox(packages)) {
    if (packagesOf('alpine').programs.get('busybox')?.has(program) === true) return true;
  }
  return packages.some((name) => (programs.get(name) ?? programs.get(plainName(name)))?.has(program) === true);
}

/** Whether an image's tools are BusyBox's. Source: the definition of `busybox`, which runs `busybox --install`. */
function standsOnBusyBox(packages: readonly string[]): boolean {
  return packages.includes('busybox') && packages.includes('base-files') && !packages.includes('coreutils');
}
