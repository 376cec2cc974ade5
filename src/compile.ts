import type { Catalog } from './catalog/catalog.ts';
import type { CompileResult } from './compile-result.ts';
import type { ProjectReader } from './context/project-reader.ts';

/** One Dockerfile and the project around it. */
export interface CompileInput {
  readonly text: string;
  readonly project: ProjectReader;
}

/** What a person or a `rehull.yaml` decides; everything has a default. */
export interface CompileOptions {
  /** force a distribution family for every stage */
  readonly distro?: 'debian' | 'alpine' | undefined;
  /** organisation that mirrors hardened images as `docker.io/<org>/dhi-<image>` */
  readonly org?: string | undefined;
  /** a company's mirror of `dhi.io`, host with optional path: `registry.example.com/dhi` */
  readonly registry?: string | undefined;
  /** build target: the stage that is the final one; the last by default */
  readonly target?: string | undefined;
  /** values for ARGs as `--build-arg` would give them */
  readonly buildArgs?: Readonly<Record<string, string>> | undefined;
  /** a company's own images: pattern of the source image to the public image or hardened image that it stands for */
  readonly images?: Readonly<Record<string, string>> | undefined;
  /** accepted findings: rule and the reason a person gave */
  readonly exceptions?: readonly { readonly rule: string; readonly reason: string }[] | undefined;
  /** today, `YYYY-MM-DD`: decides which lines are past their end of life. The catalog's date by default */
  readonly today?: string | undefined;
}

/** Migrates one Dockerfile. Pure and synchronous; never throws on any input. */
export function compile(_input: CompileInput, _catalog: Catalog, _options: CompileOptions): CompileResult {
  throw new Error('not built yet');
}
