import type { Contents } from './checks/contents.ts';
import type { Step } from './execute.ts';
import type { ImageFinding } from './image-finding.ts';

/** What is in an image, and whether it can start: told without running it. */
export interface Inspection {
  /** as it was asked for */
  readonly image: string;
  /** where it was found: `docker`, `archive`, `folder` */
  readonly origin: string;
  readonly digest: string | undefined;
  /** `linux/amd64` */
  readonly platform: string;
  readonly findings: readonly ImageFinding[];
  readonly start: InspectedStart;
  readonly contents: Contents;
  readonly layers: readonly InspectedLayer[];
  /** bytes of all regular files of the image */
  readonly bytes: number;
  readonly files: number;
}

export interface InspectedStart {
  readonly argv: readonly string[];
  readonly steps: readonly Step[];
  /** the C library of the first program; undefined where it is linked statically or not known */
  readonly libc: 'glibc' | 'musl' | undefined;
  /** libraries that the first program loads */
  readonly libraries: readonly string[];
  /** `nonroot (65532)` */
  readonly user: string;
  readonly uid: number | undefined;
  readonly workdir: string;
  readonly ports: readonly string[];
  readonly volumes: readonly string[];
  readonly healthCheck: readonly string[] | undefined;
}

export interface InspectedLayer {
  readonly digest: string | undefined;
  /** the instruction that made it, as far as the image says */
  readonly createdBy: string | undefined;
  readonly unpackedBytes: number;
  /** bytes of its regular files, and what of them is still in the image */
  readonly fileBytes: number;
  readonly keptBytes: number;
  readonly files: number;
  /** files and folders of layers below that it hides */
  readonly removed: number;
}
