import type { HardenedHome } from '../catalog/reference.ts';
import type { Task } from '../findings/task.ts';
import { hardenedHost } from './login.ts';

/** A file of a project before and after. */
export interface ChangedFile {
  readonly before: string;
  readonly after: string;
}

/** What a person has to do once a file is changed: log in where it pulls hardened images now, and what its format asks. */
export function tasksOf(file: ChangedFile, asked: readonly Task[], home: HardenedHome): readonly Task[] {
  return beginsToPull(file, home) ? [loginTo(home), ...asked] : asked;
}

/** Whether a file names hardened images that named none before. */
function beginsToPull({ before, after }: ChangedFile, home: HardenedHome): boolean {
  const prefix = home.org === undefined ? `${home.registry ?? hardenedHost}/` : `${home.org}/dhi-`;
  return after !== before && after.includes(prefix) && !before.includes(prefix);
}

function loginTo({ org, registry }: HardenedHome): Task {
  const host = registry?.split('/')[0] ?? (org === undefined ? hardenedHost : '');
  return {
    text: 'Log in wherever images are built or pulled, with the name and an access token of an account',
    command: `docker login ${host}`.trim(),
  };
}
