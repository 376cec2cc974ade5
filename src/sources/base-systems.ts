import type { Brings, Family } from './source-image.ts';

/**
 * What the bare image of each family holds. Source: Debian's and Ubuntu's essential and required packages, the applets
 * of Alpine's busybox, the default packages of the RPM base images; general knowledge of these images.
 */

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Programs of GNU coreutils. */
export const COREUTILS = words(`
  arch b2sum base32 base64 basename basenc cat chcon chgrp chmod chown chroot cksum comm cp csplit cut date dd df dir
  dircolors dirname du echo env expand expr factor false fmt fold groups head hostid id install join link ln logname ls
  md5sum mkdir mkfifo mknod mktemp mv nice nl nohup nproc numfmt od paste pathchk pinky pr printenv printf ptx pwd
  readlink realpath rm rmdir runcon seq sha1sum sha224sum sha256sum sha384sum sha512sum shred shuf sleep sort split
  stat stdbuf stty sum sync tac tail tee test timeout touch tr true truncate tsort tty uname unexpand uniq unlink users
  vdir wc who whoami yes [
`);

/** Applets of the busybox that Alpine ships. */
export const BUSYBOX = words(`
  [ [[ acpid add-shell addgroup adduser adjtimex arch arp arping ash awk base64 basename bbconfig bc beep blkdiscard
  blkid blockdev brctl bunzip2 bzcat bzip2 cal cat chattr chgrp chmod chown chpasswd chroot chvt cksum clear cmp comm cp
  cpio crond crontab cryptpw cut date dc dd deallocvt delgroup deluser depmod df diff dirname dmesg dnsdomainname
  dos2unix du dumpkmap echo egrep eject env ether-wake expand expr factor fallocate false fatattr fbset fbsplash fdflush
  fdisk fgrep find findfs flock fold free fsck fstrim fsync fuser getopt getty grep groups gunzip gzip halt hd head
  hexdump hostid hostname hwclock id ifconfig ifdown ifenslave ifup init inotifyd insmod install ionice iostat ip ipaddr
  ipcalc ipcrm ipcs iplink ipneigh iproute iprule iptunnel kbd_mode kill killall killall5 klogd last less link linux32
  linux64 ln loadfont loadkmap logger login logread losetup ls lsattr lsmod lsof lsusb lzcat lzma lzop lzopcat makemime
  md5sum mdev mesg microcom mkdir mkdosfs mkfifo mknod mkpasswd mkswap mktemp modinfo modprobe more mount mountpoint
  mpstat mv nameif nanddump nandwrite nbd-client nc netstat nice nl nmeter nohup nologin nproc nsenter nslookup ntpd od
  openvt partprobe passwd paste pgrep pidof ping ping6 pipe_progress pivot_root pkill pmap poweroff printenv printf ps
  pscan pstree pwd pwdx raidautorun rdate rdev readahead readlink realpath reboot reformime remove-shell renice reset
  resize rev rfkill rm rmdir rmmod route run-parts sed sendmail seq setconsole setfont setkeycodes setlogcons
  setpriv setserial setsid sh sha1sum sha256sum sha3sum sha512sum showkey shred shuf slattach sleep sort split stat
  strings stty su sum swapoff swapon switch_root sync sysctl syslogd tac tail tar tee test time timeout top touch tr
  traceroute traceroute6 tree true truncate tty ttysize tunctl udhcpc udhcpc6 umount uname unexpand uniq unix2dos unlink
  unlzma unlzop unshare unxz unzip uptime usleep uudecode uuencode vconfig vi vlock volname watch watchdog wc wget which
  who whoami whois xargs xxd xzcat yes zcat zcip
`);

const DEBIAN = words(`
  sh dash bash rbash add-shell remove-shell run-parts savelog tempfile which installkernel ischroot
  cmp diff diff3 sdiff dpkg dpkg-deb dpkg-query dpkg-divert dpkg-statoverride dpkg-trigger dpkg-split
  update-alternatives start-stop-daemon find xargs grep egrep fgrep rgrep gzip gunzip zcat uncompress zgrep zless zmore
  zdiff hostname dnsdomainname domainname nisdomainname service invoke-rc.d update-rc.d ldd ldconfig getent iconv
  locale localedef getconf catchsegv tzselect zdump login lastlog newgrp nologin faillog mount umount findmnt mountpoint
  swapon losetup clear infocmp reset tabs tic toe tput tset passwd chage chfn chsh expiry gpasswd chpasswd groupadd
  groupdel groupmod grpck pwck pwconv useradd userdel usermod newusers chgpasswd vipw vigr perl sed tar
  rmt killall5 pidof awk mawk nawk apt apt-get apt-cache apt-config apt-key apt-mark apt-cdrom debconf
  debconf-set-selections dpkg-preconfigure dpkg-reconfigure gpgv lsblk fdisk sfdisk dmesg logger getopt flock setsid
  unshare nsenter lscpu lsipc lslocks lsmem lsns prlimit renice rev script scriptreplay setarch taskset wall whereis
  wdctl more mcookie mesg namei partx ipcmk ipcrm ipcs chrt choom chmem fallocate fincore fsfreeze fstrim ionice su
  sulogin runuser setpriv blkid blockdev mkfs mkswap pivot_root switch_root agetty ctrlaltdel hwclock linux32 linux64
  uname26 i386 x86_64
`);

const RPM = words(`
  sh bash rpm rpmkeys curl find xargs grep egrep fgrep sed awk gawk gzip gunzip zcat ldd ldconfig getent iconv locale
  getconf openssl gpg gpgv
`);

const TOOLS: Readonly<Record<Family, ReadonlySet<string>>> = {
  debian: new Set([...COREUTILS, ...DEBIAN]),
  ubuntu: new Set([...COREUTILS, ...DEBIAN]),
  alpine: new Set([...BUSYBOX, 'apk', 'getent', 'getconf', 'iconv', 'ldd', 'ldconfig', 'scanelf', 'ssl_client']),
  wolfi: new Set([...BUSYBOX, 'apk', 'ldd', 'ldconfig']),
  rpm: new Set([...COREUTILS, ...RPM]),
  distroless: new Set(),
  scratch: new Set(),
  windows: new Set(),
  unknown: new Set(),
};

/** Debian releases (and Ubuntu's) whose base image holds adduser: apt no longer needs it from trixie on. */
const WITHOUT_ADDUSER = new Set(['trixie', 'forky', 'sid', 'plucky', 'questing', 'resolute', 'stonking']);
const ADDUSER = new Set(['adduser', 'addgroup', 'deluser', 'delgroup']);

/**
 * Whether the base system of a family has a program. Undefined where that depends on a release that is not known, and
 * for families of which too little is known.
 */
export function baseHasProgram(family: Family, release: string | undefined, program: string): boolean | undefined {
  if (family === 'unknown' || family === 'windows') return undefined;
  if (TOOLS[family].has(program)) return true;
  if ((family === 'debian' || family === 'ubuntu') && ADDUSER.has(program)) {
    return release === undefined ? undefined : !WITHOUT_ADDUSER.has(release);
  }
  // RPM base images differ much from each other
  return family === 'rpm' ? undefined : false;
}

const NONE: Brings = {
  entrypoint: undefined,
  cmd: undefined,
  user: undefined,
  workdir: undefined,
  environment: {},
  exposes: [],
  shell: undefined,
  users: {},
  tools: [],
  packages: [],
};

/** Users of Debian's base-passwd that files name. */
const DEBIAN_USERS = {
  daemon: '1:1',
  bin: '2:2',
  sys: '3:3',
  games: '5:60',
  man: '6:12',
  mail: '8:8',
  news: '9:9',
  uucp: '10:10',
  proxy: '13:13',
  'www-data': '33:33',
  backup: '34:34',
  nobody: '65534:65534',
};
const ALPINE_USERS = { daemon: '2:2', bin: '1:1', mail: '8:12', guest: '405:100', nobody: '65534:65534' };
const UBUNTU_WITH_USER = new Set(['mantic', 'noble', 'oracular', 'plucky', 'questing', 'resolute', 'stonking']);

const DEBIAN_BASE: Brings = { ...NONE, cmd: ['bash'], shell: 'bash', users: DEBIAN_USERS };
const UBUNTU_BASE: Brings = { ...NONE, cmd: ['/bin/bash'], shell: 'bash', users: DEBIAN_USERS };
const UBUNTU_USER_BASE: Brings = { ...UBUNTU_BASE, users: { ...DEBIAN_USERS, ubuntu: '1000:1000' } };
const ALPINE_BASE: Brings = { ...NONE, cmd: ['/bin/sh'], shell: 'ash', users: ALPINE_USERS };
const WOLFI_BASE: Brings = { ...NONE, shell: 'ash', users: { nonroot: '65532:65532', nobody: '65534:65534' } };
const RPM_BASE: Brings = { ...NONE, cmd: ['/bin/bash'], shell: 'bash', users: { nobody: '65534:65534' } };

/** What the bare image of a family and release brings. */
export function baseSystem(family: Family, release: string | undefined): Brings {
  switch (family) {
    case 'debian':
      return DEBIAN_BASE;
    case 'ubuntu':
      return release !== undefined && UBUNTU_WITH_USER.has(release) ? UBUNTU_USER_BASE : UBUNTU_BASE;
    case 'alpine':
      return ALPINE_BASE;
    case 'wolfi':
      return WOLFI_BASE;
    case 'rpm':
      return RPM_BASE;
    default:
      return NONE;
  }
}
