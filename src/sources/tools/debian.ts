import { COREUTILS } from '../base-systems.ts';

/** Packages of Debian and their programs, as `tool-packages.ts` reads them. */
export const DEBIAN = `
coreutils ${COREUTILS.join(' ')}
bash bash rbash sh
dash dash sh
findutils find xargs
grep grep egrep fgrep rgrep
sed sed
mawk awk mawk nawk
gawk gawk awk nawk
tar tar
gzip gzip gunzip zcat uncompress zgrep zless zmore zdiff zcmp
bzip2 bzip2 bunzip2 bzcat bzgrep bzip2recover
xz-utils xz unxz xzcat lzma unlzma xzgrep
zstd zstd unzstd zstdcat
unzip unzip zipinfo funzip unzipsfx
zip zip zipsplit zipnote zipcloak
p7zip-full 7z 7za 7zr
cpio cpio
lz4 lz4 unlz4 lz4cat
diffutils diff cmp diff3 sdiff
patch patch
file file
less less
debianutils run-parts add-shell remove-shell savelog
hostname hostname dnsdomainname domainname
util-linux su lsblk dmesg getopt flock setsid unshare nsenter lscpu more taskset setpriv runuser mcookie prlimit renice setarch whereis chrt ionice fallocate findmnt mkswap agetty
bsdextrautils column hexdump look ul write col colcrt colrm
bsdutils logger script scriptreplay wall renice
mount mount umount losetup swapon swapoff
login login newgrp nologin faillog lastlog
passwd passwd useradd usermod userdel groupadd groupmod groupdel chpasswd chage chfn chsh gpasswd newusers vipw vigr pwck grpck
adduser adduser addgroup deluser delgroup
libc-bin ldd ldconfig getent iconv locale localedef getconf zdump tzselect
locales locale-gen update-locale
perl-base perl
perl perl cpan prove pod2man perldoc pod2text
dpkg dpkg dpkg-deb dpkg-query update-alternatives start-stop-daemon dpkg-divert dpkg-statoverride
dpkg-dev dpkg-buildpackage dpkg-architecture dpkg-source dpkg-shlibdeps
apt apt apt-get apt-cache apt-key apt-mark apt-config
apt-utils apt-ftparchive apt-sortpkgs
software-properties-common add-apt-repository apt-add-repository
debconf debconf-set-selections dpkg-reconfigure dpkg-preconfigure
ca-certificates update-ca-certificates
curl curl
wait-for-it wait-for-it
wget wget
aria2 aria2c
git git git-shell git-upload-pack
git-lfs git-lfs
mercurial hg
subversion svn svnadmin
gnupg gpg gpg-agent gpgconf gpgsm gpgparsemail
gpg gpg
gpg-agent gpg-agent
dirmngr dirmngr dirmngr-client
gpgv gpgv
openssl openssl c_rehash
openssh-client ssh scp sftp ssh-add ssh-agent ssh-keygen ssh-keyscan ssh-copy-id
openssh-server sshd
rsync rsync
socat socat
gcc gcc cc gcov gcc-ar gcc-nm gcc-ranlib c99 c89
g++ g++ c++
cpp cpp
gfortran gfortran f77 f95
clang clang clang++
lld ld.lld
llvm llvm-config llvm-ar
gdb gdb
strace strace
binutils ld as ar nm ranlib strip objcopy objdump readelf strings size addr2line c++filt
make make gmake
cmake cmake ctest cpack
ninja-build ninja
meson meson
autoconf autoconf autoheader autoreconf autoscan autoupdate autom4te
automake automake aclocal
libtool libtoolize
libtool-bin libtool
pkgconf pkg-config pkgconf
pkg-config pkg-config
gettext gettext xgettext msgfmt msgmerge
gettext-base envsubst gettext ngettext
bison bison yacc
flex flex lex
re2c re2c
m4 m4
nasm nasm
yasm yasm
ccache ccache
patchelf patchelf
swig swig
protobuf-compiler protoc
python3 python3 pydoc3
python3-pip pip pip3
python-is-python3 python
python3-dev python3-config
pipx pipx
nodejs node nodejs
npm npm npx
yarnpkg yarnpkg
golang-go go gofmt
cargo cargo
rustc rustc rustdoc
rustup rustup
ruby ruby gem irb erb rake rdoc
bundler bundle bundler
php-cli php phar
php-dev phpize php-config
php-pear pear pecl
composer composer
default-jre-headless java keytool
default-jdk-headless javac jar javadoc jshell jlink jdeps
maven mvn
ant ant
lua5.4 lua lua5.4
erlang-base erl erlc escript
elixir elixir iex mix
r-base-core R Rscript
jq jq
xmlstarlet xmlstarlet
libxml2-utils xmllint xmlcatalog
xsltproc xsltproc
bc bc
dc dc
ffmpeg ffmpeg ffprobe ffplay
imagemagick convert identify mogrify composite montage
ghostscript gs ps2pdf
graphviz dot neato
poppler-utils pdftotext pdftoppm pdfinfo
procps ps top free kill pgrep pkill pmap uptime vmstat w watch sysctl
psmisc killall pstree fuser
sysvinit-utils pidof killall5 fstab-decode
iputils-ping ping ping4 ping6
iproute2 ip ss tc bridge
net-tools netstat ifconfig route arp
netcat-openbsd nc netcat
netcat-traditional nc netcat
telnet telnet
bind9-dnsutils dig nslookup nsupdate
bind9-host host
traceroute traceroute
tcpdump tcpdump
iptables iptables ip6tables iptables-save iptables-restore
lsof lsof
vim vim vi
nano nano
tree tree
xxd xxd
sudo sudo visudo
gosu gosu
tini tini
dumb-init dumb-init
supervisor supervisord supervisorctl
cron cron crontab
busybox busybox
kmod modprobe lsmod insmod rmmod
udev udevadm
e2fsprogs mkfs.ext4 e2fsck chattr lsattr
fontconfig fc-cache fc-list fc-match
postgresql-client psql pg_dump pg_restore pg_isready
libpq-dev pg_config
default-mysql-client mysql mysqldump mysqladmin
mariadb-client mariadb mysql mysqldump
libmariadb-dev mariadb_config mysql_config
redis-tools redis-cli
sqlite3 sqlite3
libcurl4-openssl-dev curl-config
libxml2-dev xml2-config
libpng-dev libpng-config
nginx nginx
apache2 apache2 apache2ctl apachectl a2enmod a2ensite a2dismod a2dissite a2enconf
apache2-utils ab htpasswd
haproxy haproxy
docker.io docker dockerd
fakeroot fakeroot
debootstrap debootstrap
lsb-release lsb_release
chromium chromium
xvfb Xvfb xvfb-run
dos2unix dos2unix unix2dos
moreutils sponge ts
parallel parallel
expect expect
groff groff
man-db man
help2man help2man
texinfo makeinfo
doxygen doxygen
uuid-runtime uuidgen
whois whois mkpasswd
build-essential gcc g++ cc c++ make dpkg-buildpackage
gnu-which which
python python3 python
golang go gofmt
node-corepack corepack
yarn-classic yarn
`;
