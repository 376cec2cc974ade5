/*
 * Instructions that carry what system packages brought into the runtime image. Their texts name no architecture and work
 * with the classic builder and BuildKit, on Debian and Alpine; how they were arrived at: docs/carrying-packages.md.
 */

/** Where the build stage collects shared libraries, and files of packages. */
export const librariesFolder = '/runtime-libs';
export const filesFolder = '/runtime-files';

const linked = `-exec ldd {} ';' 2>/dev/null | \\
    awk '$3 ~ "^/(usr/)?(local/)?lib" { print $3 }' | sort -u | xargs -r cp -Lt ${librariesFolder}`;

/** Collects the system libraries that compiled files below `roots` are linked to. */
export function carryLibraries(roots: readonly string[], what: 'libraries' | 'programs'): string {
  const names = what === 'libraries' ? `'(' -name '*.so*' -o -name '*.node' ')'` : `'(' -name '*.so*' -o -name '*.node' -o -perm -u=x ')'`;
  return `RUN mkdir -p ${librariesFolder} && \\
    find ${roots.join(' ')} -type f ${names} ${linked}`;
}

/** Collects the files of packages, and the system libraries that these are linked to. */
export function carryPackages(packages: readonly string[], family: 'debian' | 'alpine'): string {
  const list =
    family === 'debian'
      ? `dpkg -L ${packages.join(' ')} | grep -Ev '^/usr/share/(doc|man|lintian|bug)/'`
      : `apk info -qL ${packages.join(' ')} | sed -n 's#^\\([a-z]\\)#/\\1#p'`;
  const copy = family === 'debian' ? `cp -a --parents "$file" ${filesFolder}` : `mkdir -p "${filesFolder}\${file%/*}" && cp -a "$file" "${filesFolder}$file"`;
  return `RUN mkdir -p ${librariesFolder} ${filesFolder} && \\
    ${list} | \\
    while read -r file; do if [ -f "$file" ] || [ -L "$file" ]; then ${copy} || exit 1; fi; done && \\
    find ${filesFolder} -type f '(' -name '*.so*' -o -perm -u=x ')' ${linked}`;
}
