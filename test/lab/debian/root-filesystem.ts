import { chmodSync, chownSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Definition } from '../../../src/catalog/definition.ts';
import { bash } from '../command.ts';
import type { Package } from './apt.ts';

/**
 * Unpacks packages into a folder, in which links to folders stay what they are; no script of theirs is run. Gives the
 * folder `lists`, where there is one, the names of what each has brought.
 */
export async function unpack(packages: readonly Package[], root: string, lists = '/dev/null'): Promise<void> {
  mkdirSync(root, { recursive: true });
  const script = `
    root=$1 lists=$2; shift 2
    for deb; do
      if [ -d "$lists" ]; then list=$lists/\${deb##*/}; else list=/dev/null; fi
      dpkg-deb --fsys-tarfile "$deb" | tar -xv --keep-directory-symlink -C "$root" > "$list"
    done`;
  await bash(script, [root, lists, ...packages.map(({ file }) => file)], 600);
}

/** Lays out an empty root as Debian does, /bin and its like in /usr. */
export function layOut(root: string): void {
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    mkdirSync(join(root, 'usr', name), { recursive: true });
    symlinkSync(`usr/${name}`, join(root, name));
  }
}

/** The database of a working dpkg, in which the packages are installed; `lists` as `unpack` has written it. */
export async function installDatabase(packages: readonly Package[], root: string, lists: string): Promise<void> {
  const script = `
    root=$1 lists=$2; shift 2; db=$root/var/lib/dpkg
    mkdir -p "$db/info" "$db/updates" "$db/triggers" "$db/alternatives"
    : > "$db/status"; : > "$db/available"; echo 1 > "$db/info/format"
    for deb; do
      control=$(mktemp -d); dpkg-deb -e "$deb" "$control"
      name=$(sed -n 's/^Package: //p' "$control/control"); arch=$(sed -n 's/^Architecture: //p' "$control/control")
      if grep -q '^Multi-Arch: same' "$control/control"; then name=$name:$arch; fi
      { sed '1a Status: install ok installed' "$control/control"; echo; } >> "$db/status"
      for file in "$control"/*; do case $file in */control) ;; *) cp -p "$file" "$db/info/$name.\${file##*/}" ;; esac; done
      rm -r "$control"
      sed 's#^\\.##; s#/$##; s#^$#/.#' "$lists/\${deb##*/}" > "$db/info/$name.list"
    done
    cd "$root"
    mkdir -p etc/apt/sources.list.d etc/apt/apt.conf.d etc/apt/preferences.d var/log/apt
    mkdir -p var/lib/apt/lists/partial var/cache/apt/archives/partial
    mkdir -p usr/local/bin usr/local/sbin usr/local/lib usr/local/include usr/local/share usr/local/src opt srv mnt media
    if [ -e usr/bin/mawk ]; then ln -sf mawk usr/bin/awk; fi
    if [ ! -e usr/bin/sh ]; then ln -s bash usr/bin/sh; fi`;
  await bash(script, [root, lists, ...packages.map(({ file }) => file)], 300);
}

/** What an image without a package manager says of its packages. */
export async function describePackages(packages: readonly Package[], root: string): Promise<void> {
  const script =
    'd=$1/var/lib/dpkg/status.d; shift; mkdir -p "$d"; for deb; do dpkg-deb -f "$deb" > "$d/$(dpkg-deb -f "$deb" Package)"; done';
  await bash(script, [root, ...packages.map(({ file }) => file)], 120);
}

/** What the scripts of packages would have made, and folders that every system has. */
export async function finish(root: string): Promise<void> {
  const script = `
    cd "$1"
    if [ -d usr/share/ca-certificates ]; then
      mkdir -p etc/ssl/certs; cat usr/share/ca-certificates/mozilla/*.crt > etc/ssl/certs/ca-certificates.crt
      (cd usr/share/ca-certificates; find . -name '*.crt' | sed 's#^\\./##' | sort) > etc/ca-certificates.conf
    fi
    rm -rf usr/share/man usr/share/info usr/share/locale usr/share/lintian
    if [ -d usr/share/doc ]; then find usr/share/doc -type f ! -name copyright -delete; fi
    mkdir -p tmp var/tmp root home run proc sys dev etc var/log; chmod 1777 tmp var/tmp; chmod 700 root
    if [ ! -e var/run ]; then ln -s /run var/run; fi
    if [ -e usr/lib/*/libc.so.6 ]; then ldconfig -r . ; rm -f var/cache/ldconfig/aux-cache; fi`;
  await bash(script, [root], 120);
}

/** Users, groups and paths of a definition. */
export function addAccounts({ users, groups, user, paths, shell }: Definition, root: string): void {
  const listed = users.some(({ name }) => name === user.name) ? users : [...users, user];
  const home = (name: string) => (name === 'root' ? '/root' : name === '_apt' ? '/nonexistent' : `/home/${name}`);
  const login = (uid: number) => (uid === 0 && shell !== undefined ? `/bin/${shell}` : '/usr/sbin/nologin');
  const lines = (of: readonly string[]) => of.map((text) => `${text}\n`).join('');
  const passwd = listed.map(({ name, uid, gid }) => `${name}:x:${uid}:${gid}:${name}:${home(name)}:${login(uid)}`);
  put(root, '/etc/passwd', lines(passwd));
  put(root, '/etc/group', lines(groups.map(({ name, gid }) => `${name}:x:${gid}:`)));
  put(root, '/etc/shadow', lines(listed.map(({ name }) => `${name}:*:19000:0:99999:7:::`)), 0o640);
  for (const { name, uid, gid } of listed) {
    if (home(name) === '/nonexistent') continue;
    mkdirSync(join(root, home(name)), { recursive: true });
    chownSync(join(root, home(name)), uid, gid);
  }
  for (const { type, path, uid, gid, mode, source } of paths) {
    const at = join(root, path);
    if (type === 'symlink') {
      mkdirSync(dirname(at), { recursive: true });
      rmSync(at, { force: true });
      symlinkSync(source ?? '', at);
      continue;
    }
    if (type === 'directory') mkdirSync(at, { recursive: true });
    else if (!existsSync(at)) put(root, path, '');
    chmodSync(at, Number.parseInt(mode ?? '0755', 8));
    chownSync(at, uid, gid);
  }
}

/** Writes a file of the image. */
export function put(root: string, path: string, text: string, mode = 0o644): void {
  const at = join(root, path);
  mkdirSync(dirname(at), { recursive: true });
  writeFileSync(at, text, { mode });
  chmodSync(at, mode);
}
