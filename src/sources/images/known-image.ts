import type { TagMeaning } from '../read-tag.ts';
import type { Brings, Family } from '../source-image.ts';

/** What one source image is, before its tag is read. */
export interface KnownImage {
  /** the name we know it by */
  readonly name: string;
  /** hardened image that stands for it */
  readonly hardened?: string | undefined;
  /** the hardened image is only the nearest replacement */
  readonly substitute?: boolean;
  /** why there is none, or what differs */
  readonly reason?: string | undefined;
  /** family of the bare tag */
  readonly family: Family;
  readonly hardenedWords?: readonly string[];
  /** what it is where the tag says neither JDK nor JRE; the version of its tag is then Java's */
  readonly java?: 'jdk' | 'jre';
  /** Java is beside its own software (build tools, servers), so its version is not that of the tag */
  readonly javaBeside?: boolean;
  /** the Java beside it where its tag names none */
  readonly javaVersion?: string;
  readonly distribution?: boolean;
  readonly database?: boolean;
  /** what its tags lack and its name says: `nodejs20-debian12` */
  readonly version?: string;
  readonly release?: string;
  readonly alongside?: readonly { readonly image: string; readonly version: string | undefined }[];
  /** name in the official tag lists, where floating tags are looked up */
  readonly today?: string;
  /** what the tag changes of all this */
  readonly refine?: (tag: TagMeaning) => Partial<KnownImage>;
  /** what it brings beyond its family's base system */
  readonly brings?: (tag: BuiltTag) => Partial<Brings>;
}

/** A tag with its family and release settled. */
export interface BuiltTag extends TagMeaning {
  readonly family: Family;
  /** `slim` and its like: not built on buildpack-deps */
  readonly has: (word: string) => boolean;
}
