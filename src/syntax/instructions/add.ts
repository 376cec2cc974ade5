import type { Flag, Instruction } from '../tree.ts';
import { findFlag, findFlags, isFlagSet } from './flag.ts';
import { readSources, type SourcesAndDestination } from './sources.ts';

export interface Add extends SourcesAndDestination {
  readonly chown: Flag | undefined;
  readonly chmod: Flag | undefined;
  readonly checksum: Flag | undefined;
  readonly link: boolean;
  readonly keepGitDir: boolean;
  /** undefined where it is left to the builder: local archives are unpacked, remote ones are not */
  readonly unpack: boolean | undefined;
  readonly exclude: readonly Flag[];
}

/** `ADD [--chown=…] … source … destination` */
export function readAdd(instruction: Instruction): Add {
  return {
    ...readSources(instruction),
    chown: findFlag(instruction, 'chown'),
    chmod: findFlag(instruction, 'chmod'),
    checksum: findFlag(instruction, 'checksum'),
    link: isFlagSet(instruction, 'link'),
    keepGitDir: isFlagSet(instruction, 'keep-git-dir'),
    unpack: findFlag(instruction, 'unpack') === undefined ? undefined : isFlagSet(instruction, 'unpack'),
    exclude: findFlags(instruction, 'exclude'),
  };
}
