/*
 * Packages of Fedora, RHEL (UBI, CentOS, Alma, Rocky, Oracle Linux) and Amazon Linux, and what they are in Debian, in the
 * form that `read-names.ts` reads. Source: the spec files of both worlds, as known in general; that every name on the
 * right is in the indexes of Debian 12 and 13 is checked by `npm run check-packages`.
 */

/** Names that are the same, and names that differ. */
export const RPM_TO_DEBIAN = `
  acl ant attr autoconf automake bash bash-completion bc binutils bison brotli busybox bzip2 ca-certificates cargo
  ccache chromium clang cmake coreutils cpio cpp curl dbus dialog diffutils dos2unix doxygen dracut dwarves e2fsprogs
  elfutils ethtool expect fakeroot ffmpeg file findutils fish flex fontconfig fping gawk gdb gettext ghostscript
  git git-lfs glances gnuplot golang gperf gpg gradle graphviz grep groff gzip haproxy help2man hostname hping3 htop
  httpie iftop inotify-tools intltool iotop iperf3 ipset iptables jq keepalived kmod ksh less lftp libnsl2 libtool
  libxml2 lksctp-tools lld lldb lsof lynx lz4 lzip lzop m4 make man-db maven memcached mercurial meson moreutils mtr
  nano nasm ncdu net-tools nginx nmap nodejs npm numactl opensc openssh-server openssl p7zip parallel passwd patch
  patchelf pciutils perl pigz pkgconf policycoreutils-python-utils poppler-utils procmail procps protobuf-compiler
  psmisc pv python3 python3-cffi python3-pip python3-setuptools python3-virtualenv python3-wheel quilt rdma-core redis
  ripgrep rsync rsyslog ruby rust-src rustc scons screen sed socat sshpass strace stress-ng subversion sudo supervisor
  swig sysstat systemd tar tcpdump telnet texinfo time tini tmux traceroute tree tzdata unzip usbutils util-linux
  valgrind vim vim-common wget whois xclip xmlstarlet xz-utils yasm zip zsh zstd

  alsa-lib=12:libasound2,13:libasound2t64 alsa-lib-devel=libasound2-dev apr=12:libapr1,13:libapr1t64
  apr-devel=libapr1-dev apr-util-devel=libaprutil1-dev at-spi2-atk=12:libatk-bridge2.0-0,13:libatk-bridge2.0-0t64
  at-spi2-core=12:libatspi2.0-0,13:libatspi2.0-0t64 atk=12:libatk1.0-0,13:libatk1.0-0t64 audit-libs=libaudit1
  bind-utils=bind9-dnsutils blas=libblas3 blas-devel=libblas-dev boost-devel=libboost-all-dev
  brotli-devel=libbrotli-dev bzip2-devel=libbz2-dev bzip2-libs=libbz2-1.0 c-ares=libc-ares2 c-ares-devel=libc-ares-dev
  cairo=libcairo2 cairo-devel=libcairo2-dev cairo-gobject=libcairo-gobject2 clang-devel=libclang-dev
  clang-tools-extra=clang-tidy&clang-format coreutils-single=coreutils cracklib=libcrack2 cronie=cron crontabs=cron
  cups-libs=12:libcups2,13:libcups2t64 curl-full=curl curl-minimal=curl cyrus-sasl-devel=libsasl2-dev cyrus-sasl-lib=libsasl2-2
  dbus-devel=libdbus-1-dev dbus-libs=libdbus-1-3 dejavu-sans-fonts=fonts-dejavu-core
  dejavu-sans-mono-fonts=12:fonts-dejavu-core,13:fonts-dejavu-mono dejavu-serif-fonts=fonts-dejavu-extra
  device-mapper-devel=libdevmapper-dev dnf=- dnf-plugins-core=- dnf-utils=-
  double-conversion-devel=libdouble-conversion-dev elfutils-devel=libdw-dev elfutils-libelf=12:libelf1,13:libelf1t64
  elfutils-libelf-devel=libelf-dev epel-release=- expat=libexpat1 expat-devel=libexpat1-dev fftw-devel=libfftw3-dev
  file-devel=libmagic-dev file-libs=12:libmagic1,13:libmagic1t64 fontconfig-devel=libfontconfig-dev
  freetds-devel=freetds-dev freetype=libfreetype6 freetype-devel=libfreetype-dev fribidi=libfribidi0
  fribidi-devel=libfribidi-dev fuse-devel=libfuse-dev fuse3-devel=libfuse3-dev gcc=gcc&libc6-dev gcc-c++=g++ gcc-gfortran=gfortran&libc6-dev
  gd=libgd3 gd-devel=libgd-dev gdal-devel=libgdal-dev gdbm-devel=libgdbm-dev gdk-pixbuf2=libgdk-pixbuf-2.0-0
  geos-devel=libgeos-dev gettext-devel=gettext giflib=libgif7 giflib-devel=libgif-dev git-core=git
  glib2=12:libglib2.0-0,13:libglib2.0-0t64 glib2-devel=libglib2.0-dev glibc=- glibc-common=- glibc-devel=libc6-dev
  glibc-headers=libc6-dev glibc-langpack-en=- glibc-locale-source=locales glibc-minimal-langpack=-
  glibc-static=libc6-dev gmp=libgmp10 gmp-devel=libgmp-dev gnupg2=gnupg gnupg2-minimal=gnupg
  gnutls=12:libgnutls30,13:libgnutls30t64 gnutls-devel=libgnutls28-dev google-noto-cjk-fonts=fonts-noto-cjk
  google-noto-emoji-color-fonts=fonts-noto-color-emoji google-noto-sans-cjk-fonts=fonts-noto-cjk
  google-noto-sans-fonts=fonts-noto-core gpgme-devel=libgpgme-dev graphviz-devel=libgraphviz-dev gsl-devel=libgsl-dev
  gtk3=12:libgtk-3-0,13:libgtk-3-0t64 gtk3-devel=libgtk-3-dev harfbuzz=libharfbuzz0b harfbuzz-devel=libharfbuzz-dev
  hdf5-devel=libhdf5-dev icu=icu-devtools ImageMagick=imagemagick ImageMagick-devel=libmagickwand-dev iproute=iproute2
  iptables-nft=iptables iputils=iputils-ping jansson=libjansson4 jansson-devel=libjansson-dev
  java-17-openjdk=12:openjdk-17-jre java-17-openjdk-devel=12:openjdk-17-jdk
  java-17-openjdk-headless=12:openjdk-17-jre-headless java-21-openjdk=13:openjdk-21-jre
  java-21-openjdk-devel=13:openjdk-21-jdk java-21-openjdk-headless=13:openjdk-21-jre-headless
  java-25-openjdk=13:openjdk-25-jre java-25-openjdk-devel=13:openjdk-25-jdk
  java-25-openjdk-headless=13:openjdk-25-jre-headless java-headless=default-jre-headless
  java-latest-openjdk=default-jre java-latest-openjdk-devel=default-jdk jemalloc=libjemalloc2
  jemalloc-devel=libjemalloc-dev json-c=libjson-c5 json-c-devel=libjson-c-dev kernel-headers=linux-libc-dev
  keyutils-libs=libkeyutils1 keyutils-libs-devel=libkeyutils-dev krb5-devel=libkrb5-dev
  krb5-libs=libkrb5-3&libgssapi-krb5-2 krb5-workstation=krb5-user lapack=liblapack3 lapack-devel=liblapack-dev
  lcms2-devel=liblcms2-dev leveldb-devel=libleveldb-dev libacl=libacl1 libacl-devel=libacl1-dev
  libaio=12:libaio1,13:!libaio1t64 libaio-devel=libaio-dev libarchive=12:libarchive13,13:libarchive13t64
  libarchive-devel=libarchive-dev libasan=libasan8 libassuan-devel=libassuan-dev libatomic=libatomic1 libattr=libattr1
  libattr-devel=libattr1-dev libblkid=libblkid1 libblkid-devel=libblkid-dev libcap=libcap2 libcap-devel=libcap-dev
  libcap-ng=libcap-ng0 libcap-ng-devel=libcap-ng-dev libcurl=12:libcurl4,13:libcurl4t64 libcurl-full=12:libcurl4,13:libcurl4t64
  libcurl-devel=libcurl4-openssl-dev libcurl-minimal=12:libcurl4,13:libcurl4t64 libdb-devel=libdb-dev libdrm=libdrm2
  libedit=libedit2 libedit-devel=libedit-dev liberation-fonts=fonts-liberation liberation-sans-fonts=fonts-liberation
  libev-devel=libev-dev libevent-devel=libevent-dev libfdt=libfdt1 libffi=libffi8 libffi-devel=libffi-dev
  libgcc=libgcc-s1 libgcc-atomic=libatomic1 libgcrypt=libgcrypt20 libgcrypt-devel=libgcrypt20-dev
  libgfortran=libgfortran5 libgomp=libgomp1 libibverbs=libibverbs1 libibverbs-devel=libibverbs-dev
  libibverbs-utils=ibverbs-utils libicu=12:libicu72,13:libicu76 libicu-devel=libicu-dev libjpeg-turbo=libjpeg62-turbo
  libjpeg-turbo-devel=libjpeg62-turbo-dev libmemcached-devel=libmemcached-dev libmount=libmount1
  libmpc-devel=libmpc-dev libnghttp2=libnghttp2-14 libnghttp2-devel=libnghttp2-dev libnl3=libnl-3-200
  libnl3-devel=libnl-3-dev libnsl=libnsl2 libomp-devel=libomp-dev libpcap=12:libpcap0.8,13:libpcap0.8t64
  libpcap-devel=libpcap-dev libpng=12:libpng16-16,13:libpng16-16t64 libpng-devel=libpng-dev libpq=libpq5
  libpq-devel=libpq-dev librdkafka=librdkafka1 librdkafka-devel=librdkafka-dev
  librdmacm=12:librdmacm1,13:librdmacm1t64 librdmacm-devel=librdmacm-dev librdmacm-utils=rdmacm-utils
  libreoffice-headless=libreoffice-core-nogui librsvg2=librsvg2-2 librsvg2-devel=librsvg2-dev libseccomp=libseccomp2
  libseccomp-devel=libseccomp-dev libseccomp-static=libseccomp-dev libselinux=libselinux1
  libselinux-devel=libselinux1-dev libselinux-static=libselinux1-dev libsndfile=libsndfile1 libsodium=libsodium23
  libsodium-devel=libsodium-dev libsqlite3x-devel=libsqlite3-dev libssh2-devel=libssh2-1-dev libstdc++=libstdc++6
  libstdc++-devel=g++ libstdc++-static=g++ libtiff=libtiff6 libtiff-devel=libtiff-dev
  libtirpc=12:libtirpc3,13:libtirpc3t64 libtirpc-devel=libtirpc-dev libtool-ltdl=libltdl7
  libtool-ltdl-devel=libltdl-dev libunwind=libunwind8 libunwind-devel=libunwind-dev libusb1-devel=libusb-1.0-0-dev
  libusbx-devel=libusb-1.0-0-dev libuuid=libuuid1 libuuid-devel=uuid-dev libuv=12:libuv1,13:libuv1t64
  libuv-devel=libuv1-dev libvpx-devel=libvpx-dev libwebp=libwebp7 libwebp-devel=libwebp-dev libX11=libx11-6
  libX11-devel=libx11-dev libX11-xcb=libx11-xcb1 libxcb=libxcb1 libXcomposite=libxcomposite1 libXcursor=libxcursor1
  libXdamage=libxdamage1 libXext=libxext6 libXfixes=libxfixes3 libXi=libxi6 libXi-devel=libxi-dev
  libxkbcommon=libxkbcommon0 libxml2-devel=libxml2-dev libXrandr=libxrandr2 libXrender=libxrender1
  libXScrnSaver=libxss1 libxshmfence=libxshmfence1 libxslt=libxslt1.1 libxslt-devel=libxslt1-dev
  libXt=12:libxt6,13:libxt6t64 libXtst=libxtst6 libyaml=libyaml-0-2 libyaml-devel=libyaml-dev libzip-devel=libzip-dev
  libzstd=libzstd1 libzstd-devel=libzstd-dev llvm-devel=llvm-dev lua-devel=liblua5.4-dev lz4-devel=liblz4-dev
  lz4-libs=liblz4-1 lzo-devel=liblzo2-dev mariadb=mariadb-client mariadb-connector-c=libmariadb3
  mariadb-connector-c-devel=libmariadb-dev mariadb-devel=libmariadb-dev mesa-libEGL=libegl1 mesa-libgbm=libgbm1
  mesa-libGL=libgl1 microdnf=- mpfr-devel=libmpfr-dev mysql=default-mysql-client
  mysql-community-client=default-mysql-client mysql-devel=default-libmysqlclient-dev nc=netcat-openbsd
  ncurses=ncurses-bin ncurses-devel=libncurses-dev ncurses-libs=libncursesw6 nmap-ncat=ncat nss=libnss3
  nss-tools=libnss3-tools nss_wrapper=libnss-wrapper numactl-devel=libnuma-dev numactl-libs=libnuma1
  oniguruma-devel=libonig-dev openblas-devel=libopenblas-dev openldap=12:libldap-2.5-0,13:libldap2
  openldap-clients=ldap-utils openldap-devel=libldap-dev openssh=openssh-client openssh-clients=openssh-client
  openssl-devel=libssl-dev openssl-libs=12:libssl3,13:libssl3t64 openssl-perl=openssl p7zip-plugins=p7zip-full
  pam-devel=libpam0g-dev pango=libpango-1.0-0 pango-devel=libpango1.0-dev pcre-devel=12:libpcre3-dev
  pcre2=libpcre2-8-0 pcre2-devel=libpcre2-dev perl-core=perl perl-CPAN=perl perl-Data-Dumper=perl perl-Digest-SHA=perl
  perl-FindBin=perl perl-interpreter=perl perl-IPC-Cmd=perl perl-libs=perl perl-Thread-Queue=perl
  pkgconf-pkg-config=pkgconf pkgconfig=pkgconf portaudio-devel=portaudio19-dev postgresql=postgresql-client
  postgresql-contrib=12:postgresql-contrib,13:postgresql postgresql-devel=libpq-dev postgresql-libs=libpq5
  postgresql-private-devel=libpq-dev postgresql-server=postgresql procps-ng=procps proj-devel=libproj-dev
  protobuf-devel=libprotobuf-dev pulseaudio-libs=libpulse0 python3-devel=python3-dev python3-pyyaml=python3-yaml
  re2-devel=libre2-dev readline=12:libreadline8,13:libreadline8t64 readline-devel=libreadline-dev
  redhat-lsb-core=lsb-release redhat-rpm-config=- rpm=- rpm-build=- ruby-devel=ruby-dev rubygems=ruby rust=rustc
  shadow-utils=passwd shadow-utils-subid-devel=libsubid-dev snappy=libsnappy1v5 snappy-devel=libsnappy-dev
  speex-devel=libspeex-dev sqlite=sqlite3 sqlite-devel=libsqlite3-dev sqlite-libs=libsqlite3-0 stunnel=stunnel4
  systemd-devel=libsystemd-dev systemd-libs=libsystemd0 tcl-devel=tcl-dev tesseract=tesseract-ocr
  tesseract-langpack-eng=tesseract-ocr-eng tk-devel=tk-dev tzdata-java=- unixODBC=unixodbc unixODBC-devel=unixodbc-dev
  urw-base35-fonts=fonts-urw-base35 uuid=uuid-runtime valkey=13:valkey-server vi=vim-tiny vim-enhanced=vim
  vim-minimal=vim-tiny wget2-wget=wget which=- wqy-zenhei-fonts=fonts-wqy-zenhei
  xmlsec1=12:libxmlsec1,13:libxmlsec1t64 xmlsec1-devel=libxmlsec1-dev
  xmlsec1-openssl=12:libxmlsec1-openssl,13:libxmlsec1t64-openssl xorg-x11-server-Xvfb=xvfb xz=xz-utils
  xz-devel=liblzma-dev xz-libs=liblzma5 yum=- yum-utils=- zeromq=libzmq5 zeromq-devel=libzmq3-dev zlib=zlib1g
  zlib-devel=zlib1g-dev zlib-ng-compat=zlib1g zlib-ng-compat-devel=zlib1g-dev zlib-static=zlib1g-dev
`;

/** Groups of packages, by their name or id in lower case. */
export const RPM_GROUPS: ReadonlyMap<string, readonly string[]> = new Map([
  ['development tools', ['build-essential', 'autoconf', 'automake', 'libtool', 'pkgconf', 'git']],
  ['development', ['build-essential', 'autoconf', 'automake', 'libtool', 'pkgconf', 'git']],
  ['development-tools', ['build-essential', 'autoconf', 'automake', 'libtool', 'pkgconf', 'git']],
  ['c development tools and libraries', ['build-essential', 'autoconf', 'automake', 'libtool', 'pkgconf']],
  ['c-development', ['build-essential', 'autoconf', 'automake', 'libtool', 'pkgconf']],
]);
