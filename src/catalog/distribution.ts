import { compareVersions } from './version.ts';

/** Debian's release names by number. */
const DEBIAN_CODENAMES = new Map([
  ['stretch', '9'],
  ['buster', '10'],
  ['bullseye', '11'],
  ['bookworm', '12'],
  ['trixie', '13'],
  ['forky', '14'],
]);

/** The family of a distribution of the catalog: `debian-13`, `alpine-3.24`. */
export function familyOf(distribution: string): string {
  return distribution.slice(0, distribution.indexOf('-'));
}

/** Whose package manager and packages a distribution of the catalog has. */
export function packageFamily(distribution: string): 'debian' | 'alpine' {
  return familyOf(distribution) === 'alpine' ? 'alpine' : 'debian';
}

/** True if a release as a source image names it (`bookworm`, `12`, `3.19`, `alpine3.19`) is this distribution. */
export function isRelease(release: string, distribution: string): boolean {
  const named = DEBIAN_CODENAMES.get(release);
  if (named !== undefined) return distribution === `debian-${named}`;
  const match = /^(debian|alpine)?-?v?([\d.]+)$/.exec(release);
  if (match === null) return false;
  return match[1] === undefined ? distribution.endsWith(`-${match[2]}`) : distribution === `${match[1]}-${match[2]}`;
}

/** Orders distributions of one family, the oldest first. */
export function compareDistributions(a: string, b: string): number {
  return compareVersions(releaseNumbers(a), releaseNumbers(b));
}

function releaseNumbers(distribution: string): number[] {
  return distribution
    .slice(distribution.indexOf('-') + 1)
    .split('.')
    .map(Number);
}
