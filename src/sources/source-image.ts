import type { Reference } from '../catalog/reference.ts';

/** The libc and package world of an image. */
export type Family =
  | 'debian'
  | 'ubuntu'
  | 'alpine'
  | 'wolfi'
  | 'rpm'
  | 'distroless'
  | 'scratch'
  | 'windows'
  | 'unknown';

/** What is known of an image that people build on today, from its name and tag alone. */
export interface SourceImage {
  readonly reference: Reference;
  /** `python`, `ubuntu`, `distroless/static` … the name we know it by; undefined if it is unknown to us */
  readonly name: string | undefined;
  readonly family: Family;
  /** `bookworm`, `3.19` … where the tag (or today's meaning of it) says */
  readonly release: string | undefined;
  /** true if the release came from what the tag means today, not from its own words */
  readonly releaseFromToday: boolean;
  /**
   * version of the software in the tag as far as it is written: `3.11`, `20.11.1`; what a floating tag (`latest`, `lts`)
   * means today where that is known, else undefined. `v`, build numbers (`+9`, `_8`) and Java's `8u` updates are left off
   */
  readonly version: string | undefined;
  /** true if the version came from what a floating tag (`latest`, `slim`, `lts`) means today */
  readonly versionFromToday: boolean;
  /** `slim`, `alpine`, `jre`, `jdk`, `fpm`, `nonroot` … what is left of the tag's words */
  readonly words: readonly string[];
  /** hardened image that stands for it; undefined where there is none */
  readonly hardened: string | undefined;
  /** `same-software`, or `substitute`: the nearest replacement, to be confirmed by a person */
  readonly equivalence: 'same-software' | 'substitute' | undefined;
  /** how its name relates to the hardened image's; `hardened` is itself one already, `unknown` is not known to us */
  readonly kind: 'same' | 'renamed' | 'none' | 'hardened' | 'unknown';
  /** words that the hardened image's tag needs to mean the same: `sdk`, `glibc`, `fpm`, `jdk` */
  readonly hardenedWords: readonly string[];
  /** why there is none, or what differs in the substitute: a sentence without full stop */
  readonly reason: string | undefined;
  /** which family of hardened image stands for it; undefined where that is not known */
  readonly hardenedFamily: 'debian' | 'alpine' | undefined;
  /** JDK or JRE, and its version (`17`) where the tag says so */
  readonly java: { readonly kind: 'jdk' | 'jre'; readonly version: string | undefined } | undefined;
  /** a bare distribution: what is built on it decides which hardened image fits */
  readonly isDistribution: boolean;
  /** a database or message broker: its major version is never changed */
  readonly isDatabase: boolean;
  /** hardened images of tools that it holds beside its software: `uv` in uv's Python images */
  readonly alongside: readonly { readonly image: string; readonly version: string | undefined }[];
  /** what the image brings that the hardened one may not */
  readonly brings: Brings;
}

/** The part of an image's contract that files built on it rely on without saying so. */
export interface Brings {
  readonly entrypoint: readonly string[] | undefined;
  readonly cmd: readonly string[] | undefined;
  readonly user: string | undefined;
  readonly workdir: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly exposes: readonly string[];
  /** name of its shell, undefined where it has none */
  readonly shell: string | undefined;
  /** users it has beside root: name to uid:gid */
  readonly users: Readonly<Record<string, string>>;
  /** programs outside the base system that files call as a matter of course: gcc, make, git, curl … */
  readonly tools: readonly string[];
  /** packages (in its own family's names) beyond the base system that programs may rely on unsaid: libraries, headers */
  readonly packages: readonly string[];
}
