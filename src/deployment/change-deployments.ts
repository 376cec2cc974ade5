import type { Catalog } from '../catalog/catalog.ts';
import type { HardenedHome } from '../catalog/reference.ts';
import type { CompileResult } from '../compile-result.ts';
import type { Task } from '../findings/task.ts';
import { applyEdits, type Edit } from '../text/edit.ts';
import { Builds, joinPath } from './builds.ts';
import { notRead } from './changes.ts';
import { isComposeFile } from './compose-services.ts';
import type {
  AskedBuild,
  DeploymentChanges,
  InlineDockerfile,
  MigratedDockerfile,
  Mount,
  ProjectFile,
  Started,
  Surroundings,
} from './deployment.ts';
import { formats } from './formats.ts';
import { tooLargeToRead } from './yaml-text.ts';

/** A project: its migrated Dockerfiles and the other files that may have to follow. Paths are relative to its root. */
export interface Project {
  /** name of the root folder: images are often called after it */
  readonly name: string;
  readonly dockerfiles: readonly MigratedDockerfile[];
  readonly files: readonly ProjectFile[];
}

export interface DeploymentOptions extends HardenedHome {
  readonly distro?: 'debian' | 'alpine' | undefined;
  readonly today?: string | undefined;
}

/** A file and what became of it, in the shape of a compiled Dockerfile. */
export interface ChangedDeployment extends ProjectFile {
  readonly result: CompileResult;
  /** what a person has to do beside it */
  readonly tasks: readonly Task[];
}

/** Whether a file may be one of those that follow a migration, by its path. */
export function mayFollow(path: string): boolean {
  return formats.some(({ mayBe }) => mayBe(path));
}

/** The named volumes that a project's files mount into containers of its own images. Pure; never throws. */
export function mountsOf(files: readonly ProjectFile[]): Mount[] {
  return formats.flatMap(({ mounts, mayBe }) =>
    mounts === undefined ? [] : files.filter(({ path, isCut }) => isCut !== true && mayBe(path)).flatMap(mounts),
  );
}

/** The programs that a project's files start in containers. Pure; never throws. */
export function startedBy(files: readonly ProjectFile[]): Started[] {
  return formats
    .flatMap(({ starts, mayBe }) =>
      starts === undefined ? [] : files.filter(({ path, isCut }) => isCut !== true && mayBe(path)).flatMap(starts),
    )
    .filter(({ program }) => program.includes('/') && !/^\/(usr\/|s?bin\/)(?!local)/.test(program));
}

/** The Dockerfiles that stand in other files of a project. Pure; never throws. */
export function inlineDockerfiles(files: readonly ProjectFile[]): InlineDockerfile[] {
  return formats.flatMap(({ inline, mayBe }) =>
    inline === undefined ? [] : files.filter(({ path, isCut }) => isCut !== true && mayBe(path)).flatMap(inline),
  );
}

/** The builds that a project's files ask for. Pure; never throws. */
export function buildsAskedFor(files: readonly ProjectFile[]): AskedBuild[] {
  return formats.flatMap(({ asks, mayBe }) =>
    asks === undefined ? [] : files.filter(({ path, isCut }) => isCut !== true && mayBe(path)).flatMap(asks),
  );
}

/**
 * Changes everything that follows from migrated Dockerfiles: ports, commands, checks, users, images, logins. Gives the
 * files that change or of which something has to be said, in the order of their paths; what a Dockerfile's own migration
 * changes of a file is in its text already. Pure; never throws.
 */
export function changeDeployments(project: Project, catalog: Catalog, options: DeploymentOptions): ChangedDeployment[] {
  const builds = new Builds(project.dockerfiles, project.name);
  const all = withOwnChanges(project).sort((a, b) => (a.path < b.path ? -1 : 1));
  const files = all.filter(({ isCut }) => isCut !== true);
  const around: Surroundings = {
    builds,
    files,
    catalog,
    home: options,
    distro: options.distro,
    today: options.today ?? catalog.date,
  };
  for (const { tell, mayBe } of formats)
    for (const file of files) if (tell !== undefined && mayBe(file.path)) tell(file, builds);
  return all.flatMap((file) => {
    if (file.isCut === true) return tooLarge(file) ?? [];
    const answers = formats
      .filter(({ mayBe }) => mayBe(file.path))
      .map(({ examine }) => examine(file, around))
      .filter((answer) => answer !== undefined);
    const result = resultOf(file, answers);
    const tasks = answers.flatMap((answer) => answer.tasks);
    return result === undefined ? [] : [{ ...file, result, tasks }];
  });
}

/** A file of which only the beginning was read, where that looks like one that may have to follow. */
function tooLarge(file: ProjectFile): ChangedDeployment | undefined {
  const rule = isComposeFile(file.path, file.text)
    ? 'compose'
    : /^[\s-]*kind:/m.test(file.text)
      ? 'kubernetes'
      : undefined;
  if (rule === undefined) return undefined;
  const result = resultOf(file, [notRead(rule, 'file', { problem: tooLargeToRead, range: { start: 0, end: 0 } })]);
  return result && { ...file, result, tasks: [] };
}

/** The files as they are once the Dockerfiles' own migration has changed them. */
function withOwnChanges({ dockerfiles, files }: Project): ProjectFile[] {
  const changed = new Map(
    dockerfiles.flatMap(({ context, result }) =>
      result.outcome === 'blocked'
        ? []
        : result.files.map(({ path, after }): [string, string] => [joinPath(context, path), after]),
    ),
  );
  return files.map((file) => ({ ...file, text: changed.get(file.path) ?? file.text }));
}

function resultOf(file: ProjectFile, answers: readonly DeploymentChanges[]): CompileResult | undefined {
  const edits = answers.flatMap((answer) => answer.edits);
  const findings = answers
    .flatMap((answer) => answer.findings)
    .sort((a, b) => a.range.start - b.range.start || (a.message < b.message ? -1 : 1));
  if (edits.length === 0 && findings.length === 0) return undefined;
  const after = spliced(file.text, edits);
  const review = findings.some(({ severity }) => severity === 'review');
  return {
    outcome: review ? 'review' : after === file.text ? 'unchanged' : 'ready',
    after,
    findings,
    changes: [],
    stages: [],
    files: answers.flatMap(({ files = [] }) => files),
    contract: undefined,
  };
}

/** The text with each edit made once, in its own line ends. Edits of one place that differ are not made. */
function spliced(text: string, edits: readonly Edit[]): string {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const ordered = edits
    .map((edit) => ({ ...edit, text: edit.text.replace(/\r?\n/g, newline) }))
    .sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
  const kept: Edit[] = [];
  for (const edit of ordered) {
    const last = kept.at(-1);
    const same = last?.range.start === edit.range.start && last.range.end === edit.range.end && last.text === edit.text;
    if (same || (last !== undefined && edit.range.start < last.range.end)) continue;
    kept.push(edit);
  }
  return applyEdits(text, kept);
}
