import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';

/** Whether a path that a person gave names a folder. */
export function isFolder(cwd: string, path: string): boolean {
  const place = resolve(cwd, path);
  return existsSync(place) && statSync(place).isDirectory();
}
