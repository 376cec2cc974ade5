/*
 * Packages of Debian and what they are in Alpine, in the form that `read-names.ts` reads: only for a move from one to
 * the other that was asked for. Source: the package definitions of both distributions, as known in general; the names on
 * the left are in the index of Debian 13, Alpine's index could not be reached when this was written.
 */
export const DEBIAN_TO_ALPINE = `
  acl autoconf automake bash bc bison brotli bzip2 ca-certificates ccache cmake coreutils cpio curl diffutils dumb-init
  expect ffmpeg file findutils flex fontconfig gawk gdb gettext git git-lfs gperf graphviz grep gzip htop imagemagick
  inotify-tools iproute2 iptables jq less libtool libxml2 lsof lz4 m4 make mercurial meson nano nasm net-tools
  nginx nmap openssh-client openssh-server openssl parallel patch patchelf perl pigz postgresql-client procps psmisc
  redis ripgrep rsync ruby sed socat strace subversion sudo supervisor swig tar tcpdump tini tmux tree tzdata
  unzip util-linux valgrind vim wget xmlstarlet yasm zip zsh zstd

  apt-transport-https=- apt-utils=- binutils=binutils build-essential=build-base chromium=chromium
  chromium-driver=chromium-chromedriver clang=clang default-libmysqlclient-dev=mariadb-connector-c-dev
  default-mysql-client=mariadb-client dnsutils=bind-tools bind9-dnsutils=bind-tools fonts-dejavu=font-dejavu
  fonts-dejavu-core=font-dejavu fonts-liberation=font-liberation fonts-noto=font-noto
  fonts-noto-cjk=font-noto-cjk fonts-noto-color-emoji=font-noto-emoji freetds-dev=freetds-dev g++=g++&musl-dev
  gcc=gcc&musl-dev gettext-base=gettext-envsubst gfortran=gfortran&musl-dev ghostscript=ghostscript gnupg=gnupg
  gnupg2=gnupg gosu=gosu iputils-ping=iputils libblas-dev=openblas-dev libbz2-dev=bzip2-dev libc6-dev=musl-dev
  libcairo2=cairo libcairo2-dev=cairo-dev libcurl4-openssl-dev=curl-dev libexpat1-dev=expat-dev libev-dev=libev-dev
  libevent-dev=libevent-dev libffi-dev=libffi-dev libffi8=libffi libfontconfig1=fontconfig libfreetype-dev=freetype-dev
  libfreetype6=freetype libfreetype6-dev=freetype-dev libgdk-pixbuf-2.0-0=gdk-pixbuf libgeos-dev=geos-dev
  libgl1=mesa-gl libglib2.0-0=glib libglib2.0-dev=glib-dev libgmp-dev=gmp-dev libgomp1=libgomp libharfbuzz-dev=harfbuzz-dev
  libicu-dev=icu-dev libjpeg-dev=jpeg-dev libjpeg62-turbo=libjpeg-turbo libjpeg62-turbo-dev=libjpeg-turbo-dev
  libkrb5-dev=krb5-dev liblapack-dev=lapack-dev liblcms2-dev=lcms2-dev libldap-dev=openldap-dev libldap2-dev=openldap-dev
  liblz4-dev=lz4-dev liblzma-dev=xz-dev libmagic1=libmagic libmagickwand-dev=imagemagick-dev libmariadb-dev=mariadb-connector-c-dev
  libmariadb3=mariadb-connector-c libmemcached-dev=libmemcached-dev libncurses-dev=ncurses-dev libonig-dev=oniguruma-dev
  libopenblas-dev=openblas-dev libopenjp2-7-dev=openjpeg-dev libpango-1.0-0=pango libpangocairo-1.0-0=pango
  libpcre2-dev=pcre2-dev libpng-dev=libpng-dev libpq-dev=libpq-dev libpq5=libpq librdkafka-dev=librdkafka-dev
  libreadline-dev=readline-dev libsasl2-dev=cyrus-sasl-dev libsndfile1=libsndfile libsodium-dev=libsodium-dev
  libsqlite3-dev=sqlite-dev libsqlite3-0=sqlite-libs libssl-dev=openssl-dev libstdc++6=libstdc++ libtiff-dev=tiff-dev
  libvips=vips libvips42=vips libvips-dev=vips-dev libwebp-dev=libwebp-dev libx11-6=libx11 libxext6=libxext
  libxml2-dev=libxml2-dev libxmlsec1-dev=xmlsec-dev libxrender1=libxrender libxslt1-dev=libxslt-dev libxslt1.1=libxslt
  libyaml-dev=yaml-dev libzip-dev=libzip-dev libzmq3-dev=zeromq-dev locales=- lsb-release=- mariadb-client=mariadb-client
  netbase=- netcat-openbsd=netcat-openbsd netcat-traditional=netcat-openbsd ninja-build=samurai p7zip-full=7zip
  passwd=shadow pkg-config=pkgconf pkgconf=pkgconf poppler-utils=poppler-utils protobuf-compiler=protoc
  python3=python3 python3-dev=python3-dev python3-pip=py3-pip python3-setuptools=py3-setuptools python3-venv=-
  rustc=rust cargo=cargo sqlite3=sqlite tesseract-ocr=tesseract-ocr unixodbc=unixodbc unixodbc-dev=unixodbc-dev
  uuid-dev=util-linux-dev wait-for-it=! xz-utils=xz zlib1g=zlib zlib1g-dev=zlib-dev
`;
