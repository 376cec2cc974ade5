import type { PackageUse } from './package-use.ts';
import { setOf } from './subcommands.ts';

/* Alpine's packages, as far as Dockerfiles install them. */

const buildPatterns: readonly RegExp[] = [
  /-(?:dev|dbg|static|headers|doc)$/,
  /^(?:gcc|g\+\+|clang|llvm|lld|binutils|gfortran|automake|autoconf|openjdk)(?:\d[\d.]*)?(?:-(?:dev|gold|libs-dev|jdk))?$/,
  /^(?:py3?\d*|python\d?)-(?:pip|setuptools|wheel|virtualenv|build|cython)$/,
  /^openjdk\d+-jdk$/,
];

const buildNames = setOf(`
  abuild alpine-sdk bison bsd-compat-headers build-base cargo ccache cmake cython dpkg-dev dpkg elfutils fakeroot flex
  gettext git git-lfs gn gnupg go gperf gpg gpg-agent gradle help2man intltool libc-dev libtool linux-headers m4 make maven
  mercurial meson nasm ninja npm patch patchelf pax-utils pkgconf pkgconfig protobuf protoc re2c rust rustup samurai scons
  cabal crystal dmd dub fpc gdc ghc ldc nim nimble ocaml opam sbcl shards stack zig
  subversion swig texinfo upx vala yarn yasm corepack pnpm poetry gdb valgrind
`);

const toolNames = setOf(`
  7zip acl apache2-utils bash bash-completion bc bind-tools busybox-extras bzip2 catatonit cpio coreutils curl dialog
  diffutils dumb-init expect file findutils fish gawk gosu grep gzip htop iftop inotify-tools iperf iperf3 iproute2
  iptables iputils jq less lftp libcap lsof lynx mc moreutils mtr nano ncdu net-tools netcat-openbsd nmap openssh
  openssh-client openssh-client-default openssl parallel patchutils perl pigz procps procps-ng psmisc pv rename ripgrep
  rsync runit s6 screen sed shadow socat sshpass strace su-exec sudo supervisor tar tcpdump tini tmux tree unzip util-linux
  vim wget which whois xmlstarlet xz yq zip zsh zstd gettext-envsubst
`);

/** What an Alpine package is for; a name that nothing is known of counts as `runtime`. */
export function alpinePackageUse(name: string): PackageUse {
  if (toolNames.has(name)) return 'tool';
  if (buildNames.has(name) || buildPatterns.some((pattern) => pattern.test(name))) return 'build';
  return 'runtime';
}

/** Packages whose libraries are in packages of another name; nothing for those that are headers alone. */
const runtimeOf: ReadonlyMap<string, string> = new Map([
  ['alpine-sdk', 'libstdc++ libgcc'],
  ['argon2-dev', 'argon2-libs'],
  ['build-base', 'libstdc++ libgcc'],
  ['bsd-compat-headers', ''],
  ['bzip2-dev', 'libbz2'],
  ['curl-dev', 'libcurl'],
  ['cyrus-sasl-dev', 'libsasl'],
  ['eudev-dev', 'eudev-libs'],
  ['expat-dev', 'libexpat'],
  ['ffmpeg-dev', 'ffmpeg-libs'],
  ['file-dev', 'libmagic'],
  ['g++', 'libstdc++ libgcc'],
  ['gcc', 'libgcc'],
  ['gettext-dev', 'libintl'],
  ['gfortran', 'libgfortran libgcc'],
  ['go', ''],
  ['icu-dev', 'icu-libs'],
  ['imagemagick-dev', 'imagemagick-libs'],
  ['jpeg-dev', 'libjpeg-turbo'],
  ['krb5-dev', 'krb5-libs'],
  ['libc-dev', ''],
  ['libpq-dev', 'libpq'],
  ['linux-headers', ''],
  ['lz4-dev', 'lz4-libs'],
  ['mariadb-connector-c-dev', 'mariadb-connector-c'],
  ['mariadb-dev', 'mariadb-connector-c'],
  ['musl-dev', ''],
  ['ncurses-dev', 'ncurses-libs'],
  ['nghttp2-dev', 'nghttp2-libs'],
  ['openldap-dev', 'libldap'],
  ['openssl-dev', 'libssl3 libcrypto3'],
  ['postgresql-dev', 'libpq'],
  ['rust', 'libgcc'],
  ['sqlite-dev', 'sqlite-libs'],
  ['util-linux-dev', 'libuuid libblkid libmount'],
  ['xz-dev', 'xz-libs'],
  ['zeromq-dev', 'libzmq'],
  ['zstd-dev', 'zstd-libs'],
]);

/**
 * The packages that hold the libraries of a development package, for what was compiled against it. Alpine names most of
 * them like the development package without `-dev`; undefined where there is no such rule.
 */
export function alpineRuntimePackages(developmentPackage: string): readonly string[] | undefined {
  const known = runtimeOf.get(developmentPackage);
  if (known !== undefined) return known === '' ? [] : known.split(' ');
  if (/^postgresql\d+-dev$/.test(developmentPackage)) return ['libpq'];
  if (/^(?:python|py|perl|ruby|php|nodejs|llvm|clang|boost)[\d.]*-?\w*-dev$/.test(developmentPackage)) return undefined;
  return developmentPackage.endsWith('-dev') ? [developmentPackage.slice(0, -'-dev'.length)] : undefined;
}
