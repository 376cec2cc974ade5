/** what a system package is for */
export function classifyPackage(name: string, family: 'debian' | 'alpine'): 'build' | 'tool' | 'runtime' {
  if (/-dev$|-dev(el)?$|^(gcc|g\+\+|clang|llvm|make|cmake|ninja-build|ninja|autoconf|automake|libtool|pkg-config|pkgconf|pkgconfig|build-essential|build-base|alpine-sdk|musl-dev|linux-headers|git|patch|bison|flex|gfortran|gettext|python3-pip|python3-venv|py3-pip|nodejs|npm|yarn|cargo|rustc|golang.*|apt-utils|software-properties-common|gnupg2?|dirmngr|lsb-release|apt-transport-https|debconf|dpkg-dev|fakeroot|binutils|libc6-compat|gcompat|passwd|adduser|shadow|sudo|rustup|unzip|zip|xz-utils|bzip2|tar|gzip|curl-dev|file|m4|upx|protobuf-compiler|protoc)$/.test(name)) return 'build';
  if (/^(curl|wget|vim(-\w+)?|nano|less|htop|procps|net-tools|iputils-ping|iproute2|dnsutils|bind-tools|netcat(-\w+)?|telnet|tree|strace|gdb|jq|lsof|tmux|screen|man-db|bash|zsh|ncurses|bash-completion|busybox-extras|sed|gawk|mawk|grep|findutils|coreutils|util-linux)$/.test(name)) return 'tool';
  void family;
  return 'runtime';
}
/** libraries that programs compiled against a package link to */
export function runtimeLibraries(name: string, _family: 'debian' | 'alpine'): readonly string[] {
  return /-dev$/.test(name) && !/^(libc6|musl|linux-libc|python3)/.test(name) ? [name.replace(/-dev$/, '')] : [];
}
