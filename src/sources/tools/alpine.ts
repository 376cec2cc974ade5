import { BUSYBOX, COREUTILS } from '../base-systems.ts';

/** Packages of Alpine and their programs, as `tool-packages.ts` reads them. */
export const ALPINE = `
busybox sh ash ${BUSYBOX.filter((applet) => applet !== 'sh' && applet !== 'ash').join(' ')}
busybox-binsh sh
busybox-extras telnet ftpget ftpput httpd tftp
bash bash
dash dash
coreutils ${COREUTILS.join(' ')}
findutils find xargs
grep grep egrep fgrep
sed sed
gawk gawk awk
tar tar
gzip gzip gunzip zcat
bzip2 bzip2 bunzip2 bzcat
xz xz unxz xzcat lzma
zstd zstd unzstd zstdcat
unzip unzip zipinfo
zip zip
7zip 7z 7za
cpio cpio
lz4 lz4
diffutils diff cmp diff3 sdiff
patch patch
file file
less less
util-linux lsblk dmesg nsenter unshare setpriv lscpu
util-linux-misc column
coreutils-env env
shadow useradd usermod userdel groupadd groupmod groupdel chage newusers vipw passwd chpasswd
shadow-login login newgrp
util-linux-login su runuser
libc-utils ldd ldconfig getent iconv getconf
musl-utils ldd ldconfig getent iconv getconf
musl-locales locale
posix-libc-utils getconf
scanelf scanelf
perl perl cpan prove pod2man
apk-tools apk
ca-certificates update-ca-certificates
curl curl
wget wget
aria2 aria2c
git git
git-lfs git-lfs
mercurial hg
subversion svn
gnupg gpg gpg-agent gpgconf dirmngr gpgv
gpgv gpgv
openssl openssl
openssh-client-default ssh
openssh-client ssh scp sftp ssh-add ssh-agent ssh-keygen ssh-keyscan
openssh-keygen ssh-keygen
openssh-server sshd
rsync rsync
socat socat
gcc gcc cc cpp gcov gcc-ar
g++ g++ c++
gfortran gfortran
clang clang clang++
lld ld.lld
gdb gdb
strace strace
binutils ld as ar nm ranlib strip objcopy objdump readelf strings size addr2line c++filt
make make gmake
cmake cmake ctest cpack
samurai ninja
ninja-build ninja
meson meson
autoconf autoconf autoheader autoreconf autoscan autoupdate autom4te
automake automake aclocal
libtool libtool libtoolize
pkgconf pkg-config pkgconf
gettext gettext envsubst xgettext msgfmt msgmerge
gettext-envsubst envsubst
bison bison yacc
flex flex lex
re2c re2c
m4 m4
nasm nasm
yasm yasm
ccache ccache
patchelf patchelf
swig swig
protoc protoc
protobuf protoc
python3 python3 python
py3-pip pip pip3
python3-dev python3-config
pipx pipx
nodejs node
npm npm npx
yarn yarn
go go gofmt
cargo cargo
rust rustc rustdoc
rustup rustup-init
ruby ruby gem irb erb rake
ruby-bundler bundle bundler
composer composer
maven mvn
apache-ant ant
lua5.4 lua5.4
erlang erl erlc escript
elixir elixir iex mix
R R Rscript
jq jq
xmlstarlet xmlstarlet
libxml2-utils xmllint xmlcatalog
libxslt xsltproc
bc bc
ffmpeg ffmpeg ffprobe ffplay
imagemagick convert identify mogrify composite montage magick
ghostscript gs ps2pdf
graphviz dot neato
poppler-utils pdftotext pdftoppm pdfinfo
procps-ng ps top free kill pgrep pkill pmap uptime vmstat w watch sysctl
procps ps top free kill pgrep pkill pmap uptime vmstat w watch sysctl
psmisc killall pstree fuser
iputils ping
iputils-ping ping
iproute2 ip ss tc bridge
net-tools netstat ifconfig route arp
netcat-openbsd nc
bind-tools dig nslookup host nsupdate
tcpdump tcpdump
iptables iptables ip6tables iptables-save iptables-restore
lsof lsof
vim vim vi
nano nano
tree tree
xxd xxd
sudo sudo visudo
doas doas
su-exec su-exec
gosu gosu
tini tini
dumb-init dumb-init
supervisor supervisord supervisorctl
kmod modprobe lsmod
e2fsprogs mkfs.ext4 e2fsck
fontconfig fc-cache fc-list fc-match
postgresql-client psql pg_dump pg_restore pg_isready
libpq-dev pg_config
mysql-client mysql mysqldump mysqladmin
mariadb-client mariadb mysql mysqldump
mariadb-connector-c-dev mariadb_config
redis redis-cli redis-server
sqlite sqlite3
curl-dev curl-config
libxml2-dev xml2-config
nginx nginx
apache2 httpd
apache2-utils ab htpasswd
haproxy haproxy
docker-cli docker
fakeroot fakeroot
lsb-release-minimal lsb_release
chromium chromium chromium-browser
xvfb Xvfb
xvfb-run xvfb-run
dos2unix dos2unix unix2dos
moreutils sponge ts
parallel parallel
expect expect
groff groff
mandoc man
help2man help2man
texinfo makeinfo
doxygen doxygen
build-base gcc g++ cc c++ make
python python3 python
golang go gofmt
corepack corepack
`;
