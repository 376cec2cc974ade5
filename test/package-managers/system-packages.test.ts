import { describe, expect, it } from 'vitest';
import { alpinePackageUse, alpineRuntimePackages } from '../../src/package-managers/alpine-packages.ts';
import { debianPackageUse, debianRuntimePackages } from '../../src/package-managers/debian-packages.ts';

describe('Debian', () => {
  it.each([
    [
      'build',
      'gcc gcc-12 g++ g++-13-multilib gfortran clang clang-18 llvm-15-dev make cmake libpq-dev build-essential git python3-dev ' +
        'python3.11-dev python3-pip linux-headers-amd64 openjdk-17-jdk openjdk-17-jdk-headless golang golang-1.22-go ' +
        'pkg-config gnupg postgresql-server-dev-15 libgcc-12-dev binutils-gold zlib1g-dev automake autoconf2.69 dpkg-dev',
    ],
    [
      'tool',
      'curl wget vim procps less unzip jq tini gosu openssh-client netcat-openbsd iputils-ping tar xz-utils bash sudo',
    ],
    [
      'runtime',
      'libpq5 libgcc-s1 gcc-12-base libstdc++6 ffmpeg tzdata ca-certificates fonts-dejavu-core locales nginx python3 nodejs ' +
        'openjdk-17-jre-headless libgl1 imagemagick postgresql-client media-types libgfortran5 libclang1-14 wkhtmltopdf',
    ],
  ])('%s', (use, names) => {
    for (const name of names.split(' ')) expect(`${name} ${debianPackageUse(name)}`).toBe(`${name} ${use}`);
  });

  it('knows the libraries of development packages in each release', () => {
    expect(debianRuntimePackages('libpq-dev', 12)).toEqual(['libpq5']);
    expect(debianRuntimePackages('libpq-dev', 13)).toEqual(['libpq5']);
    expect(debianRuntimePackages('libssl-dev', 12)).toEqual(['libssl3']);
    expect(debianRuntimePackages('libssl-dev', 13)).toEqual(['libssl3t64']);
    expect(debianRuntimePackages('libkrb5-dev', 13)).toEqual(['libkrb5-3', 'libgssapi-krb5-2']);
    expect(debianRuntimePackages('libunheardof-dev', 12)).toBeUndefined();
    expect(debianRuntimePackages('constructor', 12)).toBeUndefined();
  });
});

describe('Alpine', () => {
  it.each([
    [
      'build',
      'gcc g++ build-base musl-dev libc-dev linux-headers make cmake git python3-dev postgresql-dev clang17 llvm15-dev rust ' +
        'cargo go py3-pip openjdk17 openjdk17-jdk autoconf automake pkgconf libffi-dev npm binutils-gold',
    ],
    ['tool', 'curl wget vim procps bash tini su-exec jq openssh-client tar xz coreutils bind-tools'],
    [
      'runtime',
      'libpq libstdc++ libgcc ffmpeg tzdata ca-certificates nodejs python3 openjdk17-jre font-noto nginx icu-libs',
    ],
  ])('%s', (use, names) => {
    for (const name of names.split(' ')) expect(`${name} ${alpinePackageUse(name)}`).toBe(`${name} ${use}`);
  });

  it('knows the libraries of development packages', () => {
    expect(alpineRuntimePackages('postgresql-dev')).toEqual(['libpq']);
    expect(alpineRuntimePackages('postgresql16-dev')).toEqual(['libpq']);
    expect(alpineRuntimePackages('libffi-dev')).toEqual(['libffi']);
    expect(alpineRuntimePackages('openssl-dev')).toEqual(['libssl3', 'libcrypto3']);
    expect(alpineRuntimePackages('build-base')).toEqual(['libstdc++', 'libgcc']);
    expect(alpineRuntimePackages('linux-headers')).toEqual([]);
    expect(alpineRuntimePackages('python3-dev')).toBeUndefined();
    expect(alpineRuntimePackages('curl')).toBeUndefined();
  });
});
