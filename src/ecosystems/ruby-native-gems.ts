/*
 * Gems that are compiled on installation against libraries that the full official image has and the hardened -dev image
 * does not list: packages in Debian 13, and in Alpine. Compilers, make and libyaml are in every -dev image of Ruby.
 */
const needs: ReadonlyMap<string, readonly [debian: string, alpine: string]> = new Map([
  ['charlock_holmes', ['libicu-dev zlib1g-dev', 'icu-dev zlib-dev']],
  ['curb', ['libcurl4-openssl-dev', 'curl-dev']],
  ['hiredis-client', ['libssl-dev', 'openssl-dev']],
  ['iconv', ['libc6-dev', 'musl-dev']],
  ['mysql2', ['default-libmysqlclient-dev', 'mariadb-connector-c-dev']],
  ['openssl', ['libssl-dev', 'openssl-dev']],
  ['pg', ['libpq-dev', 'libpq-dev']],
  ['rmagick', ['libmagickwand-dev pkg-config', 'imagemagick-dev pkgconf']],
  ['ruby-ldap', ['libldap-dev', 'openldap-dev']],
  ['rugged', ['cmake libssl-dev pkg-config', 'cmake openssl-dev pkgconf']],
  ['tiny_tds', ['freetds-dev', 'freetds-dev']],
  ['trilogy', ['libssl-dev', 'openssl-dev']],
]);

/** What compiling the gems of a Gemfile or Gemfile.lock takes beyond what the -dev image lists. */
export function nativeGems(
  text: string,
  family: 'debian' | 'alpine',
): { readonly compiled: readonly string[]; readonly packages: readonly string[] } {
  const names = new Set<string>();
  const precompiled = new Set<string>();
  for (const [, name, version] of text.matchAll(/^ {4}([\w.-]+) \(([^)]+)\)$/gm))
    (/-(?:linux|musl|x86_64|aarch64)/.test(version!) ? precompiled : names).add(name!);
  for (const [, name] of text.matchAll(/^\s*gem\s*\(?\s*["']([\w.-]+)["']/gm)) names.add(name!);
  const compiled = [...names].filter((name) => needs.has(name) && !precompiled.has(name)).sort();
  const packages = compiled.flatMap((name) => needs.get(name)![family === 'debian' ? 0 : 1].split(' '));
  return { compiled, packages: [...new Set(packages)].sort() };
}
