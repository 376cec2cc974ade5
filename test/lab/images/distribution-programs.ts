import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Making } from './contents.ts';

/** Debian's programs, also where the images of their makers have them. */
export function inUsrLocal(...names: readonly string[]) {
  return async ({ root }: Making): Promise<void> => {
    for (const name of names) link(root, `/usr/local/bin/${name}`, `/usr/bin/${name}`);
  };
}

/** The hardened PHP has a folder of its own. */
export async function linkPhp({ root, definition }: Making): Promise<void> {
  link(root, `${definition.environment.PHP_PREFIX ?? '/usr/local'}/bin/php`, '/usr/bin/php8.4');
}

function link(root: string, path: string, target: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  symlinkSync(target, join(root, path));
}
