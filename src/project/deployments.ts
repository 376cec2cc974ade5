import fs from 'node:fs';
import { basename, join, relative, resolve, sep } from 'node:path';
import type { CompileResult } from '../compile-result.ts';
import type { MigratedDockerfile, ProjectFile } from '../deployment/deployment.ts';
import { decode } from '../text/encoding.ts';
import type { ProjectFolder } from './load.ts';

/** The most of a file that is read: more is not looked at, and the formats say so. */
const maximumBytes = 1024 * 1024 + 1;

/** A Dockerfile of a run, as its door has it. */
export interface RunDockerfile {
  /** as given or found */
  readonly path: string;
  readonly context: string | undefined;
  readonly text: string;
  readonly result: CompileResult;
}

/** A file with the bytes that it was read from. */
export interface ReadFile extends ProjectFile {
  readonly bytes: Uint8Array;
}

/** The files of a folder that may follow its Dockerfiles. */
export function readFollowers({ absolute, others }: ProjectFolder): ReadFile[] {
  return others.flatMap((path) => {
    const bytes = readStart(join(absolute, path));
    if (bytes === undefined || bytes.includes(0)) return [];
    return [{ path, bytes, text: decode(bytes).text, isCut: bytes.length >= maximumBytes }];
  });
}

/** A project's name and its Dockerfiles, paths relative to its folder. */
export function describeProject(
  folder: ProjectFolder,
  cwd: string,
  dockerfiles: readonly RunDockerfile[],
): { name: string; dockerfiles: MigratedDockerfile[] } {
  const inside = (path: string) => relative(folder.absolute, path).split(sep).join('/');
  return {
    name: basename(folder.absolute),
    dockerfiles: dockerfiles.flatMap(({ path, context, text, result }) => {
      const own = inside(resolve(cwd, path));
      if (own.startsWith('../')) return [];
      return [{ path: own, context: context === undefined ? '' : inside(context), before: text, result }];
    }),
  };
}

/** A file's bytes up to the bound; undefined where it cannot be read: it is then none of the project's. */
function readStart(path: string): Uint8Array | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    const { size } = fs.fstatSync(descriptor);
    const buffer = Buffer.alloc(Math.min(size, maximumBytes));
    return buffer.subarray(0, fs.readSync(descriptor, buffer, 0, buffer.length, 0));
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor);
  }
}
