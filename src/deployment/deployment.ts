import type { Catalog } from '../catalog/catalog.ts';
import type { HardenedHome } from '../catalog/reference.ts';
import type { CompileResult, FileChange } from '../compile-result.ts';
import type { Finding } from '../findings/finding.ts';
import type { Task } from '../findings/task.ts';
import type { Edit } from '../text/edit.ts';
import type { Builds } from './builds.ts';

/*
 * The files of a project that say how its images are built, run and watched: Compose, Kubernetes, Helm, Bake, CI. Each
 * format is one file of this room. It is asked twice: first for what it tells of the project (which names an image has,
 * which service runs it), then for what has to change now that the Dockerfiles are migrated.
 */

/** A file of the project. Paths are relative to the project's root, with `/`. */
export interface ProjectFile {
  readonly path: string;
  readonly text: string;
  /** the file is larger than what is read, and `text` only its beginning */
  readonly isCut?: boolean;
}

/** A Dockerfile of the project and what became of it. */
export interface MigratedDockerfile {
  readonly path: string;
  /** folder that it is built in, relative to the root; `` for the root itself */
  readonly context: string;
  readonly before: string;
  readonly result: CompileResult;
}

/** What the formats know of the whole project. */
export interface Surroundings {
  readonly builds: Builds;
  readonly files: readonly ProjectFile[];
  readonly catalog: Catalog;
  readonly home: HardenedHome;
  readonly distro: 'debian' | 'alpine' | undefined;
  /** today, `YYYY-MM-DD` */
  readonly today: string;
}

/** What is to change in a file, and what is to be said about it. Ranges point into its text. */
export interface DeploymentChanges {
  readonly edits: readonly Edit[];
  readonly findings: readonly Finding[];
  /** what a person has to do beside it */
  readonly tasks: readonly Task[];
  /** other files that change with it, as a Dockerfile within it asks; paths are relative to the root */
  readonly files?: readonly FileChange[];
}

/** A named volume in a container of an image that the project builds. */
export interface Mount {
  /** path of the Dockerfile */
  readonly dockerfile: string;
  /** absolute, in the container */
  readonly path: string;
}

/** A program that a file starts in a container in place of the image's own command. */
export interface Started {
  /** path of the Dockerfile; undefined where any of the project's may be meant */
  readonly dockerfile: string | undefined;
  readonly program: string;
}

/** A build that the project's files ask for. */
export interface AskedBuild {
  /** path of the Dockerfile */
  readonly dockerfile: string;
  /** stage that is built; undefined for the last one */
  readonly target: string | undefined;
}

/** A Dockerfile that stands in another file. */
export interface InlineDockerfile {
  /** by which the builds know it; no file has it */
  readonly path: string;
  /** folder that it is built in, relative to the root */
  readonly context: string;
  readonly text: string;
}

/** How one kind of file is read. */
export interface DeploymentFormat {
  readonly name: string;
  /** by its path, before it is opened */
  readonly mayBe: (path: string) => boolean;
  /** what the file tells of the builds of the project */
  readonly tell?: (file: ProjectFile, builds: Builds) => void;
  /** folders that it mounts named volumes on, for each Dockerfile of the project by path */
  readonly mounts?: (file: ProjectFile) => readonly Mount[];
  /** the programs that it starts in containers, where they may be scripts of the project */
  readonly starts?: (file: ProjectFile) => readonly Started[];
  /** the Dockerfiles that stand in it */
  readonly inline?: (file: ProjectFile) => readonly InlineDockerfile[];
  /** the builds that it asks for of what is shipped, those for development and tests left out */
  readonly asks?: (file: ProjectFile) => readonly AskedBuild[];
  /** undefined where the file is none of this format after all */
  readonly examine: (file: ProjectFile, around: Surroundings) => DeploymentChanges | undefined;
}
