import fs from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { CompileOptions } from '../compile.ts';
import { InputError, inputError } from './input-error.ts';
import { foldersUpTo } from './project-root.ts';
import type { ProveSection } from './prove-section.ts';

const configName = 'rehull.yaml';
const maximumConfigBytes = 1024 * 1024;

/** What a `rehull.yaml` says. Paths are absolute. */
export interface Config {
  readonly path: string;
  readonly options: Omit<CompileOptions, 'today' | 'tags'>;
  readonly context: string | undefined;
  readonly catalog: string | undefined;
  /** file of the organisation's tag list */
  readonly tags: string | undefined;
  /** how the project is proven */
  readonly prove: ProveSection | undefined;
}

/** The `rehull.yaml` that holds for a folder: the nearest from it up to the project's root; undefined if there is none. */
export function findConfig(folder: string, root: string): string | undefined {
  return foldersUpTo(folder, root)
    .map((at) => join(at, configName))
    .find((path) => fs.existsSync(path));
}

/** Reads a `rehull.yaml`. Throws an InputError with file, line and column for anything that it may not hold. */
export async function readConfig(path: string): Promise<Config> {
  let text: string;
  try {
    if (fs.statSync(path).size > maximumConfigBytes)
      throw new InputError(`cannot read ${path}: it is larger than 1 MB`);
    text = fs.readFileSync(path, 'utf8');
  } catch (error) {
    throw inputError('read', path, error);
  }
  const { parseConfig } = await import('./config-document.ts');
  const { context, catalog, tags, prove, ...options } = parseConfig(path, text);
  const absolute = (given: string | undefined) => (given === undefined ? undefined : resolve(dirname(path), given));
  return { path, options, context: absolute(context), catalog: absolute(catalog), tags: absolute(tags), prove };
}
