import type { PackageUse } from './package-use.ts';
import { setOf } from './subcommands.ts';

/*
 * Debian's binary packages, as far as Dockerfiles install them. Names of libraries are those of Debian 12 (bookworm)
 * and Debian 13 (trixie), from the dependencies of the -dev packages there.
 */

const buildPatterns: readonly RegExp[] = [
  /-(?:dev|dbg|dbgsym|headers|source|static|sdk)$/,
  /-dev-(?:bin|tools|all)$/,
  /^(?:lib)?(?:gcc|g\+\+|gfortran|clang|llvm|cpp|gnat|gobjc|gdc)(?:-[\d.]+)?(?:-[a-z0-9-]+)?(?<!-base|-s1|-runtime)$/,
  /^(?:binutils|linux-headers|kernel-headers|crossbuild-essential|dh|debhelper|automake|autoconf|ruby-dev)(?:-|$|\d)/,
  /^(?:openjdk-\d+|default)-jdk(?:-headless)?$/,
  /^postgresql-server-dev-/,
  /^(?:python\d?|python3\.\d+)-(?:dev|pip|venv|virtualenv|setuptools|wheel|distutils|full)$/,
  /^golang(?:-|$)/,
];

const buildNames = setOf(`
  autogen autotools-dev bazel bison bmake build-essential bzr cargo ccache cmake cmake-data cython3 default-jdk devscripts
  doxygen dpkg-dev equivs fakeroot flex gettext git git-core git-lfs gperf gradle help2man intltool lld m4 make maven
  mercurial meson nasm ninja-build node-gyp npm patch patchelf pipx pkg-config pkgconf protobuf-compiler quilt re2c rustc
  rustup scons subversion swig texinfo unixodbc-bin upx upx-ucl valac virtualenv yarn yarnpkg yasm gdb lldb valgrind
  cabal-install crystal dmd-compiler dub fp-compiler fpc ghc haskell-stack ldc nim nimble ocaml ocaml-nox opam sbcl vala zig
  cppcheck shellcheck libtool libtool-bin php-pear python3-pip lsb-release
  apt-transport-https apt-utils debian-keyring debian-archive-keyring dirmngr gnupg gnupg1 gnupg2 gpg gpg-agent gpgv
  software-properties-common
`);

const toolNames = setOf(`
  acl adduser apache2-utils atop bash bash-completion bc bind9-dnsutils bind9-host binutils-common bsdmainutils bsdutils bzip2
  coreutils cowsay cpio curl dialog diffutils dnsutils dumb-init elinks emacs ethtool expect file findutils fish gawk
  gettext-base gosu grep gzip host hostname htop httpie iftop inetutils-ping inetutils-telnet inotify-tools iotop iperf iperf3
  iproute2 iptables iputils-ping iputils-tracepath jq kmod less lftp lsof lynx man-db mc moreutils mtr mtr-tiny nano
  ncdu net-tools netcat netcat-openbsd netcat-traditional nmap openssh-client openssh-server p7zip p7zip-full parallel passwd
  patchutils pigz procps psmisc pv rename ripgrep wait-for-it rsync runit screen sed silversearcher-ag socat ssh sshpass strace sudo
  supervisor sysstat systemd tar tcpdump telnet time tini tmux traceroute tree unrar unrar-free unzip usbutils util-linux
  uuid-runtime vim vim-nox vim-tiny wget whois xmlstarlet xxd xz-utils zip zsh zstd libarchive-tools libcap2-bin
  catatonit s6 locate rlwrap
`);

/** What a Debian package is for; a name that nothing is known of counts as `runtime`. */
export function debianPackageUse(name: string): PackageUse {
  if (toolNames.has(name)) return 'tool';
  if (buildNames.has(name) || buildPatterns.some((pattern) => pattern.test(name))) return 'build';
  return 'runtime';
}

/** Development package, its libraries in Debian 12, and those in Debian 13 where they have other names. */
const runtimeOf: ReadonlyMap<string, readonly [bookworm: string, trixie?: string]> = new Map([
  ['default-libmysqlclient-dev', ['libmariadb3']],
  ['freetds-dev', ['libct4 libsybdb5']],
  ['libacl1-dev', ['libacl1']],
  ['libaio-dev', ['libaio1', 'libaio1t64']],
  ['libarchive-dev', ['libarchive13', 'libarchive13t64']],
  ['libargon2-dev', ['libargon2-1']],
  ['libasound2-dev', ['libasound2', 'libasound2t64']],
  ['libattr1-dev', ['libattr1']],
  ['libbrotli-dev', ['libbrotli1']],
  ['libbz2-dev', ['libbz2-1.0']],
  ['libc-ares-dev', ['libc-ares2']],
  ['libc6-dev', ['libc6']],
  ['libcairo2-dev', ['libcairo2 libcairo-gobject2']],
  ['libcap-dev', ['libcap2']],
  ['libcurl4-gnutls-dev', ['libcurl3-gnutls', 'libcurl3t64-gnutls']],
  ['libcurl4-openssl-dev', ['libcurl4', 'libcurl4t64']],
  ['libdb-dev', ['libdb5.3', 'libdb5.3t64']],
  ['libdbus-1-dev', ['libdbus-1-3']],
  ['libedit-dev', ['libedit2']],
  ['libenchant-2-dev', ['libenchant-2-2']],
  ['libev-dev', ['libev4', 'libev4t64']],
  ['libevent-dev', ['libevent-2.1-7', 'libevent-2.1-7t64']],
  ['libexpat1-dev', ['libexpat1']],
  ['libffi-dev', ['libffi8']],
  ['libfontconfig-dev', ['libfontconfig1']],
  ['libfontconfig1-dev', ['libfontconfig1']],
  ['libfreetype-dev', ['libfreetype6']],
  ['libfreetype6-dev', ['libfreetype6']],
  ['libfribidi-dev', ['libfribidi0']],
  ['libgdbm-dev', ['libgdbm6', 'libgdbm6t64']],
  ['libgdk-pixbuf-2.0-dev', ['libgdk-pixbuf-2.0-0']],
  ['libgeos-dev', ['libgeos-c1v5', 'libgeos-c1t64']],
  ['libglib2.0-dev', ['libglib2.0-0', 'libglib2.0-0t64']],
  ['libgmp-dev', ['libgmp10 libgmpxx4ldbl']],
  ['libgnutls28-dev', ['libgnutls30', 'libgnutls30t64']],
  ['libharfbuzz-dev', ['libharfbuzz0b']],
  ['libheif-dev', ['libheif1']],
  ['libicu-dev', ['libicu72', 'libicu76']],
  ['libjemalloc-dev', ['libjemalloc2']],
  ['libjpeg-dev', ['libjpeg62-turbo']],
  ['libjpeg62-turbo-dev', ['libjpeg62-turbo']],
  ['libkrb5-dev', ['libkrb5-3 libgssapi-krb5-2']],
  ['liblapack-dev', ['liblapack3']],
  ['liblcms2-dev', ['liblcms2-2']],
  ['libldap-dev', ['libldap-2.5-0', 'libldap2']],
  ['libldap2-dev', ['libldap-2.5-0', 'libldap2']],
  ['liblz4-dev', ['liblz4-1']],
  ['liblzma-dev', ['liblzma5']],
  ['libmagic-dev', ['libmagic1', 'libmagic1t64']],
  ['libmariadb-dev', ['libmariadb3']],
  ['libmariadb-dev-compat', ['libmariadb3']],
  ['libmemcached-dev', ['libmemcached11', 'libmemcached11t64']],
  ['libmicrohttpd-dev', ['libmicrohttpd12', 'libmicrohttpd12t64']],
  ['libncurses-dev', ['libncursesw6 libncurses6 libtinfo6']],
  ['libncurses5-dev', ['libncurses6 libtinfo6']],
  ['libncursesw5-dev', ['libncursesw6 libtinfo6']],
  ['libnghttp2-dev', ['libnghttp2-14']],
  ['libnuma-dev', ['libnuma1']],
  ['libonig-dev', ['libonig5']],
  ['libopenblas-dev', ['libopenblas0']],
  ['libopenjp2-7-dev', ['libopenjp2-7']],
  ['libpango1.0-dev', ['libpango-1.0-0 libpangocairo-1.0-0 libpangoft2-1.0-0']],
  ['libpcap-dev', ['libpcap0.8', 'libpcap0.8t64']],
  ['libpcre2-dev', ['libpcre2-8-0']],
  ['libpng-dev', ['libpng16-16', 'libpng16-16t64']],
  ['libpq-dev', ['libpq5']],
  ['libprotobuf-dev', ['libprotobuf32', 'libprotobuf32t64']],
  ['librabbitmq-dev', ['librabbitmq4']],
  ['librdkafka-dev', ['librdkafka1 librdkafka++1']],
  ['libre2-dev', ['libre2-9', 'libre2-11']],
  ['libreadline-dev', ['libreadline8', 'libreadline8t64']],
  ['librsvg2-dev', ['librsvg2-2']],
  ['libsasl2-dev', ['libsasl2-2']],
  ['libseccomp-dev', ['libseccomp2']],
  ['libsnappy-dev', ['libsnappy1v5']],
  ['libsodium-dev', ['libsodium23']],
  ['libsqlite3-dev', ['libsqlite3-0']],
  ['libssh2-1-dev', ['libssh2-1', 'libssh2-1t64']],
  ['libssl-dev', ['libssl3', 'libssl3t64']],
  ['libsystemd-dev', ['libsystemd0']],
  ['libtiff-dev', ['libtiff6']],
  ['libtiff5-dev', ['libtiff6']],
  ['libudev-dev', ['libudev1']],
  ['liburing-dev', ['liburing2']],
  ['libusb-1.0-0-dev', ['libusb-1.0-0']],
  ['libuv1-dev', ['libuv1', 'libuv1t64']],
  ['libvips-dev', ['libvips42', 'libvips42t64']],
  ['libwebp-dev', ['libwebp7 libwebpmux3 libwebpdemux2']],
  ['libx11-dev', ['libx11-6']],
  ['libxcb1-dev', ['libxcb1']],
  ['libxext-dev', ['libxext6']],
  ['libxml2-dev', ['libxml2']],
  ['libxmlsec1-dev', ['libxmlsec1 libxmlsec1-openssl', 'libxmlsec1t64 libxmlsec1t64-openssl']],
  ['libxpm-dev', ['libxpm4']],
  ['libxrender-dev', ['libxrender1']],
  ['libxslt-dev', ['libxslt1.1']],
  ['libxslt1-dev', ['libxslt1.1']],
  ['libyaml-dev', ['libyaml-0-2']],
  ['libz-dev', ['zlib1g']],
  ['libzip-dev', ['libzip4', 'libzip5']],
  ['libzmq3-dev', ['libzmq5']],
  ['libzstd-dev', ['libzstd1']],
  ['portaudio19-dev', ['libportaudio2']],
  ['unixodbc-dev', ['libodbc2 libodbcinst2']],
  ['uuid-dev', ['libuuid1']],
  ['zlib1g-dev', ['zlib1g']],
] as const);

/**
 * The packages that hold the libraries of a development package, for what was compiled against it. Undefined if they
 * are not known: then only the compiled files themselves can tell.
 */
export function debianRuntimePackages(developmentPackage: string, release: 12 | 13): readonly string[] | undefined {
  const entry = runtimeOf.get(developmentPackage);
  if (entry === undefined) return undefined;
  const [bookworm, trixie = bookworm] = entry;
  return (release === 12 ? bookworm : trixie).split(' ');
}
