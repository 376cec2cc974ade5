/** The numbers of a version, most significant first: `3.11.4` is [3, 11, 4], `8u502.b07` is [8, 502, 7]. */
export type Version = readonly number[];

/** numbers up to 15 digits, so that they are exact; a package revision (`-0`, `-r6`) is one more number */
const HEAD = /^v?(\d{1,15}(?:(?:[._+u]|\.b|-b)\d{1,15})*(?:-r?\d{1,15}(?=-|$))?)(?=-|$)/;

/** The version that a tag or a version text begins with, as written and as numbers; undefined where there is none. */
export function versionHead(text: string): { readonly text: string; readonly version: Version } | undefined {
  const match = HEAD.exec(text);
  return match === null ? undefined : { text: match[0], version: match[1]!.split(/\D+/).map(Number) };
}

/** Orders two versions number by number; a missing number is lower than any. */
export function compareVersions(a: Version, b: Version): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}

/** True if `version` begins with all numbers of `prefix`. */
export function startsWithVersion(version: Version, prefix: Version): boolean {
  return prefix.every((number, i) => version[i] === number);
}

/** The version as it is written: `3.11`. */
export function formatVersion(version: Version): string {
  return version.join('.');
}
