import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bash } from '../command.ts';
import type { Making } from './contents.ts';

/** Debian's Ruby, also under the names that its makers' images have. */
export async function linkRuby({ root }: Making): Promise<void> {
  const script =
    'mkdir -p "$1/usr/local/bin"; for name in ruby gem irb bundle; do ln -sf "/usr/bin/$name" "$1/usr/local/bin/$name"; done';
  await bash(script, [root], 20);
}

/** Debian's PHP where an image has it. */
export async function linkPhp({ root, definition }: Making): Promise<void> {
  const at = join(root, definition.environment.PHP_PREFIX ?? '/usr/local', 'bin/php');
  mkdirSync(dirname(at), { recursive: true });
  symlinkSync('/usr/bin/php8.4', at);
}

/** Debian's Caddy where its makers' images have it. */
export async function linkCaddy({ root }: Making): Promise<void> {
  mkdirSync(join(root, 'usr/local/bin'), { recursive: true });
  symlinkSync('/usr/bin/caddy', join(root, 'usr/local/bin/caddy'));
}
