/** The releases of Debian that hardened images are built on. */
export type DebianRelease = 12 | 13;

/**
 * A table of package names: words separated by white space. `name` alone is the same there; `name=a&b` is those
 * packages; `name=12:a,13:b` has other names by release, and none in a release that is not said; `name=-` needs
 * nothing in its place.
 */
export type NameTable = ReadonlyMap<string, string>;

export function readNames(table: string): NameTable {
  return new Map(
    table
      .trim()
      .split(/\s+/)
      .map((word) => {
        const equals = word.indexOf('=');
        return equals === -1 ? [word, word] : [word.slice(0, equals), word.slice(equals + 1)];
      }),
  );
}

/** The names in one release, none where nothing is needed; undefined where the table or the release has no such package. */
export function namesIn(table: NameTable, name: string, release: DebianRelease): readonly string[] | undefined {
  const entry = table.get(name);
  if (entry === undefined) return undefined;
  for (const choice of entry.split(',')) {
    const colon = choice.indexOf(':');
    if (colon !== -1 && choice.slice(0, colon) !== String(release)) continue;
    const names = choice.slice(colon + 1);
    return names === '-' ? [] : names.split('&');
  }
  return undefined;
}
