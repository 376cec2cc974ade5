/*
 * Packages of Wolfi (Chainguard) that Alpine names otherwise, in the form that `read-names.ts` reads; all others have
 * the same name there. Source: the package definitions of both distributions, as known in general. Alpine's index could
 * not be reached when this was written.
 */
export const WOLFI_TO_ALPINE = `
  glibc=- glibc-dev=musl-dev glibc-locale-en=- glibc-locale-posix=- glibc-locales=- glibc-iconv=- ld-linux=- libcrypt1=-
  libxcrypt=- libxcrypt-dev=- wolfi-base=- wolfi-baselayout=- wolfi-keys=- posix-libc-utils=musl-utils
  posix-cc-wrappers=build-base libfontconfig1=fontconfig libstdc++-dev=libstdc++-dev libgcc=libgcc openssl-config=-
  py3-pip-base=py3-pip python3-dev=python3-dev libexpat1=libexpat zlib=zlib libbz2-1=libbz2 libzstd1=zstd-libs
  libpq-16=libpq libpq-17=libpq libpq-18=libpq bash-binsh=bash dash-binsh=dash coreutils=coreutils shadow=shadow
`;

/** Packages of Wolfi that carry a version where Alpine has one of them. */
export const WOLFI_VERSIONED: readonly (readonly [wolfi: RegExp, alpine: string])[] = [
  [/^openjdk-(\d+)$/, 'openjdk$1'],
  [/^openjdk-(\d+)-jre$/, 'openjdk$1-jre'],
  [/^openjdk-(\d+)-default-jvm$/, 'openjdk$1'],
  [/^nodejs-\d+$/, 'nodejs'],
  [/^python-3\.\d+$/, 'python3'],
  [/^python-3\.\d+-dev$/, 'python3-dev'],
  [/^py3\.\d+-pip$/, 'py3-pip'],
  [/^py3\.\d+-setuptools$/, 'py3-setuptools'],
  [/^go-1\.\d+$/, 'go'],
  [/^ruby-3\.\d+$/, 'ruby'],
  [/^ruby-3\.\d+-dev$/, 'ruby-dev'],
  [/^rust-1\.\d+$/, 'rust'],
  [/^postgresql-(\d+)(-client|-dev|-contrib)?$/, 'postgresql$1$2'],
  [/^php-8\.(\d)$/, 'php8$1'],
  [/^php-8\.(\d)-(\w+)$/, 'php8$1-$2'],
];
