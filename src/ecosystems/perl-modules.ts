/*
 * Modules that compile against libraries whose headers the full official image has and the hardened -dev image lacks:
 * packages in Debian 13, and in Alpine. A C compiler and make are in every -dev image of Perl on Debian (catalog).
 */
const needs: ReadonlyMap<string, readonly [debian: string, alpine: string]> = new Map([
  ['DBD::MariaDB', ['libmariadb-dev', 'mariadb-connector-c-dev']],
  ['DBD::mysql', ['libmariadb-dev', 'mariadb-connector-c-dev']],
  ['DBD::Pg', ['libpq-dev', 'libpq-dev']],
  ['XML::LibXML', ['libxml2-dev zlib1g-dev', 'libxml2-dev zlib-dev']],
  ['XML::Parser', ['libexpat1-dev', 'expat-dev']],
  ['Net::SSLeay', ['libssl-dev zlib1g-dev', 'openssl-dev zlib-dev']],
  ['IO::Socket::SSL', ['libssl-dev zlib1g-dev', 'openssl-dev zlib-dev']],
  ['Crypt::OpenSSL::RSA', ['libssl-dev', 'openssl-dev']],
  ['Crypt::SSLeay', ['libssl-dev', 'openssl-dev']],
  ['GD', ['libgd-dev', 'gd-dev']],
  ['Image::Magick', ['libmagickcore-dev', 'imagemagick-dev']],
  ['BerkeleyDB', ['libdb-dev', 'db-dev']],
]);

/** The modules that a cpanfile requires. */
export function modulesOf(cpanfile: string): string[] {
  return [...cpanfile.matchAll(/^\s*(?:requires|recommends)\s*\(?\s*["']([\w:]+)["']/gm)].map(([, name]) => name!);
}

/** What compiling modules takes beyond what the -dev image lists. */
export function nativeModules(
  names: readonly string[],
  family: 'debian' | 'alpine',
): { readonly compiled: readonly string[]; readonly packages: readonly string[] } {
  const compiled = [...new Set(names)].filter((name) => needs.has(name)).sort();
  const packages = compiled.flatMap((name) => needs.get(name)![family === 'debian' ? 0 : 1].split(' '));
  return { compiled, packages: [...new Set(packages)].sort() };
}
