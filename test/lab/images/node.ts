import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bash, run } from '../command.ts';
import { put } from '../debian/root-filesystem.ts';
import type { Making } from './contents.ts';

const NODE = '22';
const NPM = '10';

/** Node's own build, as the registry has it. */
export async function makeNode(making: Making): Promise<void> {
  const to = prefixOf(making);
  const archive = await fetchPackage(`node-linux-${process.arch}@${NODE}`, making.cache);
  const script =
    'mkdir -p "$2/bin"; tar -xzOf "$1" package/bin/node > "$2/bin/node"; chmod 755 "$2/bin/node"; ln -sf node "$2/bin/nodejs"';
  await bash(script, [archive, join(making.root, to)], 120);
  if (!making.isSource) return;
  put(making.root, '/usr/local/bin/docker-entrypoint.sh', ENTRY, 0o755);
  await makeNpm(making);
}

export async function makeNpm(making: Making): Promise<void> {
  const { root, cache } = making;
  const to = prefixOf(making);
  const archive = await fetchPackage(`npm@${NPM}`, cache);
  const script = `
    mkdir -p "$2/lib/node_modules/npm" "$2/bin"
    tar -xzf "$1" -C "$2/lib/node_modules/npm" --strip-components=1 --no-same-owner
    for name in npm npx; do chmod 755 "$2/lib/node_modules/npm/bin/$name-cli.js"; ln -sfn "../lib/node_modules/npm/bin/$name-cli.js" "$2/bin/$name"; done`;
  await bash(script, [archive, join(root, to)], 120);
  // builds reach the registry that this machine uses, and trust what it trusts
  const registry = (await run('npm', ['config', 'get', 'registry'], { seconds: 30 })).trim();
  const bundle = '/etc/ssl/certs/ca-certificates.crt';
  const settings = [`registry=${registry}`, 'audit=false', 'fund=false', 'update-notifier=false'];
  if (existsSync(bundle)) {
    put(root, '/etc/ssl/certs/lab.crt', readFileSync(bundle, 'utf8'));
    settings.push('cafile=/etc/ssl/certs/lab.crt');
  }
  put(root, `${to}/lib/node_modules/npm/npmrc`, `${settings.join('\n')}\n`);
}

function prefixOf({ isSource }: Making): string {
  return isSource ? '/usr/local' : '/usr';
}

/** The archive of a package, which npm has checked; fetched once. */
async function fetchPackage(wanted: string, cache: string): Promise<string> {
  const folder = join(cache, 'npm', wanted.replace(/\W/g, '_'));
  mkdirSync(folder, { recursive: true });
  const find = () => readdirSync(folder).find((name) => name.endsWith('.tgz'));
  if (find() === undefined)
    await run('npm', ['pack', '--silent', '--pack-destination', folder, wanted], { seconds: 240 });
  return join(folder, find()!);
}

/** What stands before a command that is no program is given to node: the part of the image's own script that counts. */
const ENTRY = `#!/bin/sh
case "$1" in -*) set -- node "$@" ;; *) command -v "$1" > /dev/null || set -- node "$@" ;; esac
exec "$@"
`;
