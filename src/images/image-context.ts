import { findUser, type NoUser, type User } from './accounts.ts';
import type { ImageTree } from './image-tree.ts';
import type { ImageConfig } from './sources/image-config.ts';

/** An image with all its layers applied: what every check looks at. */
export interface ImageContext {
  readonly tree: ImageTree;
  readonly config: ImageConfig;
  /** who its processes are; root where USER names nobody */
  readonly user: User;
  readonly noUser: NoUser | undefined;
  /** the directories in which programs are looked for */
  readonly path: readonly string[];
}

/** What engines set where an image says nothing (moby, oci/defaults). */
const usualPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export function imageContext(tree: ImageTree, config: ImageConfig): ImageContext {
  const user = findUser(config.user, tree);
  const isMissing = 'missing' in user;
  return {
    tree,
    config,
    user: isMissing ? { uid: 0, gid: 0, groups: new Set([0]), name: 'root', home: '/root' } : user,
    noUser: isMissing ? user : undefined,
    path: (config.environment.get('PATH') ?? usualPath).split(':').map((part) => part || '.'),
  };
}

/** A user as a person writes one. */
export function userName({ name, uid }: User): string {
  return name === undefined ? `user ${uid}` : `${name} (${uid})`;
}

/** Mode and owner as `ls` shows them. */
export function ownership({
  mode,
  uid,
  gid,
}: {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}): string {
  return `mode ${mode.toString(8).padStart(4, '0')}, owner ${uid}:${gid}`;
}
