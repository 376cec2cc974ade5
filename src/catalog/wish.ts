import type { Definition } from './definition.ts';

/** What is wanted of a hardened image. */
export interface Wish {
  /** the catalog's name: `python` */
  readonly image: string;
  /** `3.11`, `20.11.1`; undefined for the newest */
  readonly version?: string | undefined;
  /** how many numbers of the version the user wrote; 0 where it is only what a floating tag means today */
  readonly precision: number;
  readonly family: 'debian' | 'alpine';
  /** release of the source image: `bookworm`, `3.19`, `noble`; undefined where its tag pins none */
  readonly release?: string | undefined;
  readonly variant: 'runtime' | 'dev';
  /** `compat`, `fpm` … */
  readonly flavor?: string | undefined;
  /** `jdk`, `jre`, `sdk`, `jdk21`, `pg17`, `glibc` … */
  readonly part?: string | undefined;
  /** `YYYY-MM-DD`: decides which lines are past their end of life */
  readonly today: string;
  /** take a line although it is past its end of life */
  readonly allowEndOfLife?: boolean | undefined;
}

/** The hardened tag for a wish. */
export interface Choice {
  readonly tag: string;
  readonly definition: Definition;
  /** the version is not kept: a person must confirm it */
  readonly versionChange: VersionChange | undefined;
  /** the source's distribution release is not kept */
  readonly distributionChange: DistributionChange | undefined;
  /** what else a person may want to know, one sentence each, without a full stop */
  readonly notes: readonly string[];
}

export interface VersionChange {
  readonly from: string;
  readonly to: string;
  /** true if the first number changes */
  readonly major: boolean;
  readonly why: string;
}

export interface DistributionChange {
  readonly from: string;
  /** `debian-13` */
  readonly to: string;
  /** true for a change between Debian (glibc) and Alpine (musl) */
  readonly family: boolean;
  readonly why: string;
}

/** Why there is no hardened tag for a wish. */
export interface Refusal {
  readonly code: 'no-image' | 'no-variant' | 'no-version' | 'major-change' | 'end-of-life';
  /** one sentence without a full stop */
  readonly reason: string;
  /** the nearest tag that a person could choose instead */
  readonly nearest: string | undefined;
}

/** Build and runtime image of one version line on one distribution release. */
export interface Pair {
  /** undefined for images that have no variant to build with */
  readonly dev: Choice | undefined;
  /** undefined for images that only build */
  readonly runtime: Choice | undefined;
}

export type Variant = Wish['variant'];
