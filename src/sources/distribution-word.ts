import type { Family } from './source-image.ts';

/** A distribution as a tag names it. */
export interface Distribution {
  readonly family: Family;
  /** codename for Debian and Ubuntu, `3.19` for Alpine, name with number for the rest (`ubi9`, `al2023`) */
  readonly release: string | undefined;
}

/** Debian's codenames by number, for `debian:12` and `-debian12`. Source: the Debian releases page. */
const DEBIAN = new Map([
  ['7', 'wheezy'],
  ['8', 'jessie'],
  ['9', 'stretch'],
  ['10', 'buster'],
  ['11', 'bullseye'],
  ['12', 'bookworm'],
  ['13', 'trixie'],
  ['14', 'forky'],
]);

/** Ubuntu's codenames by number. Source: the Ubuntu releases page, and the tags of the official image. */
const UBUNTU = new Map([
  ['14.04', 'trusty'],
  ['16.04', 'xenial'],
  ['18.04', 'bionic'],
  ['20.04', 'focal'],
  ['21.04', 'hirsute'],
  ['21.10', 'impish'],
  ['22.04', 'jammy'],
  ['22.10', 'kinetic'],
  ['23.04', 'lunar'],
  ['23.10', 'mantic'],
  ['24.04', 'noble'],
  ['24.10', 'oracular'],
  ['25.04', 'plucky'],
  ['25.10', 'questing'],
  ['26.04', 'resolute'],
  ['26.10', 'stonking'],
]);

const CODENAMES = new Map<string, Distribution>([
  ...[...DEBIAN.values(), 'sid'].map((release): [string, Distribution] => [release, { family: 'debian', release }]),
  ...[...UBUNTU.values()].map((release): [string, Distribution] => [release, { family: 'ubuntu', release }]),
]);

const RPM =
  /^(?:ubi|oraclelinux|ol|al|amazonlinux|amzn|centos|fedora|rockylinux|rocky|almalinux|alma|azurelinux|cbl|mariner|opensuse|leap|sles|photon|openeuler)[\d.]*$/;

/** The codename of a Debian number (`12`, `12.5`), undefined if there is none. */
export function debianCodename(version: string): string | undefined {
  const dot = version.indexOf('.');
  return DEBIAN.get(dot < 0 ? version : version.slice(0, dot));
}

/** The codename of an Ubuntu number (`22.04`, `22.04.3`), undefined if there is none. */
export function ubuntuCodename(version: string): string | undefined {
  return UBUNTU.get(version.split('.', 2).join('.'));
}

/** Reads one word of a tag (lower case) as the name of a distribution; undefined if it is none. */
export function readDistribution(word: string): Distribution | undefined {
  const codename = CODENAMES.get(word);
  if (codename !== undefined) return codename;
  if (word.startsWith('alpine')) {
    const release = word.slice(6);
    if (release === '' || /^\d+\.\d+$/.test(release)) return { family: 'alpine', release: release || undefined };
    const patch = /^(\d+\.\d+)\.\d+$/.exec(release) ?? /^(3)(\d\d)$/.exec(release);
    if (patch === null) return undefined;
    return { family: 'alpine', release: patch[1] === '3' ? `3.${patch[2]}` : patch[1] };
  }
  if (word.startsWith('debian')) {
    const version = word.slice(6);
    if (version === '') return { family: 'debian', release: undefined };
    const release = debianCodename(version);
    return release === undefined ? undefined : { family: 'debian', release };
  }
  if (word.startsWith('ubuntu')) {
    const version = word.slice(6);
    if (version === '') return { family: 'ubuntu', release: undefined };
    const release = ubuntuCodename(/^\d{4}$/.test(version) ? `${version.slice(0, 2)}.${version.slice(2)}` : version);
    return release === undefined ? undefined : { family: 'ubuntu', release };
  }
  if (word === 'wolfi') return { family: 'wolfi', release: undefined };
  if (/^(?:windows|nanoserver|servercore|ltsc20)/.test(word)) return { family: 'windows', release: word };
  if (word === 'oracle') return { family: 'rpm', release: undefined };
  if (RPM.test(word)) return { family: 'rpm', release: /\d/.test(word) ? word : undefined };
  return undefined;
}
