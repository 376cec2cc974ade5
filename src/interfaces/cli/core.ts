import type { Catalog } from '../../catalog/catalog.ts';
import type { CompileInput, CompileOptions } from '../../compile.ts';
import type { CompileResult } from '../../compile-result.ts';
import type { ChangedDeployment, Project } from '../../deployment/change-deployments.ts';
import type { AskedBuild, InlineDockerfile, Mount, ProjectFile, Started } from '../../deployment/deployment.ts';
import type { ChangedFile } from '../../deployment/tasks.ts';
import type { Task } from '../../findings/task.ts';
import type { Dockerfile } from '../../syntax/tree.ts';

export type Compiler = (input: CompileInput, catalog: Catalog, options: CompileOptions) => CompileResult;

/**
 * What the command line calls. Each part is loaded when it is first used, so that a command pays only for its own.
 * Whatever a person can cause (a catalog file that is none, no network) is thrown as an InputError.
 */
export interface Core {
  compiler(): Promise<Compiler>;
  deployments(): Promise<Deployments>;
  syntax(): Promise<Syntax>;
  /** the snapshot in a file, else the newest that there is */
  openCatalog(file: string | undefined): Promise<OpenedCatalog>;
  /** takes the public catalog of today, or that of an archive (path or URL); says what it did */
  updateCatalog(archive: string | undefined): Promise<string>;
  /** what is known of an image that files are built on, and what stands for it; undefined if nothing is */
  explainImage(image: string, catalog: Catalog, options: CompileOptions): Promise<string | undefined>;
  /** the hardened image that stands for an image, and what is to be said of it; that there is none is thrown */
  resolveImage(image: string, catalog: Catalog, options: CompileOptions): Promise<string>;
  /** ids of all rules that have a page */
  rules(): readonly string[];
  /** the page of a rule; undefined if there is none */
  rulePage(rule: string): string | undefined;
}

/** What follows from migrated Dockerfiles in the other files of a project. */
export interface Deployments {
  mayFollow(path: string): boolean;
  mounts(files: readonly ProjectFile[]): readonly Mount[];
  /** the programs that files start in containers */
  started(files: readonly ProjectFile[]): readonly Started[];
  /** the Dockerfiles that stand in files */
  inline(files: readonly ProjectFile[]): readonly InlineDockerfile[];
  /** the builds that files ask for */
  asked(files: readonly ProjectFile[]): readonly AskedBuild[];
  /** the stages that are shipped, the final one first; `asked` are targets, undefined for the last stage */
  shippedTargets(text: string, asked: readonly (string | undefined)[]): readonly (string | undefined)[];
  change(project: Project, catalog: Catalog, options: CompileOptions): readonly ChangedDeployment[];
  /** what a person has to do once a file is changed */
  tasks(file: ChangedFile, asked: readonly Task[], options: CompileOptions): readonly Task[];
}

export interface OpenedCatalog {
  readonly catalog: Catalog;
  /** where it came from, in words */
  readonly origin: string;
  /** why a newer one is not used */
  readonly warning: string | undefined;
}

export interface Syntax {
  parse(text: string): Dockerfile;
  /** what BuildKit's parser says of a file, ready for JSON */
  parserOutput(file: Dockerfile): object;
}
