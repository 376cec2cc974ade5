const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/**
 * What the layers of buildpack-deps add to Debian, which the full images of Python, Node.js, Ruby, Rust and Go are
 * built on. Source: the public Dockerfiles of
 * docker-library/buildpack-deps for Debian 13; what earlier releases lack of it is little.
 */

/** programs of the `curl` layer */
export const CURL_TOOLS = words('curl wget sq gpg gpg-agent gpgconf dirmngr openssl c_rehash update-ca-certificates');
export const CURL_PACKAGES = words('ca-certificates curl gnupg netbase sq wget');

/** programs of the `scm` layer */
export const SCM_TOOLS = [
  ...CURL_TOOLS,
  ...words(`git hg svn ssh scp sftp ssh-add ssh-agent ssh-keygen ssh-keyscan python3 ps top free kill pgrep pkill pmap
    pwdx skill slabtop snice sysctl tload uptime vmstat w watch`),
];
export const SCM_PACKAGES = [...CURL_PACKAGES, ...words('git mercurial openssh-client procps subversion')];

/** programs of the full image */
export const FULL_TOOLS = [
  ...SCM_TOOLS,
  ...words(`gcc g++ cc c++ cpp gcov make autoconf autoheader autoreconf autoscan autoupdate automake aclocal libtoolize
    bzip2 bunzip2 bzcat file convert identify mogrify composite montage patch unzip zipinfo funzip xz unxz xzcat lzma
    unlzma m4 cpan prove pod2man ld as ar nm ranlib strip objcopy objdump readelf strings size addr2line pkg-config
    pkgconf pg_config mysql_config mariadb_config xml2-config curl-config krb5-config xslt-config dpkg-buildpackage
    dpkg-architecture`),
];
export const FULL_PACKAGES = [
  ...SCM_PACKAGES,
  ...words(`autoconf automake bzip2 default-libmysqlclient-dev dpkg-dev file g++ gcc imagemagick libbz2-dev libc6-dev
    libcurl4-openssl-dev libdb-dev libevent-dev libffi-dev libgdbm-dev libglib2.0-dev libgmp-dev libjpeg-dev
    libkrb5-dev liblzma-dev libmagickcore-dev libmagickwand-dev libmaxminddb-dev libncurses5-dev libncursesw5-dev
    libpng-dev libpq-dev libreadline-dev libsqlite3-dev libssl-dev libtool libwebp-dev libxml2-dev libxslt-dev
    libyaml-dev make patch unzip xz-utils zlib1g-dev`),
];
