import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isObject } from './json-document.ts';

/** A name and a password, or nothing and why: a helper is a program, and none is started. */
export type Credentials =
  | { readonly user: string; readonly password: string }
  | { readonly helper: string }
  | undefined;

/** Names under which Docker's hub stands in the client's configuration. */
const hubNames = ['https://index.docker.io/v1/', 'index.docker.io', 'docker.io', 'registry-1.docker.io'];

/** What Docker's client configuration has for a registry, in plain sight; nothing is asked and nothing started. */
export async function credentialsFor(
  registry: string,
  environment: Readonly<Record<string, string | undefined>>,
  home: string,
): Promise<Credentials> {
  const folder = environment.DOCKER_CONFIG || join(home, '.docker');
  const text = await readFile(join(folder, 'config.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(config)) return undefined;
  const names =
    registry === 'docker.io'
      ? hubNames
      : [registry, `https://${registry}`, `https://${registry}/v1/`, `https://${registry}/v2/`];
  const auths = isObject(config.auths) ? config.auths : {};
  for (const name of names) {
    const entry = Object.hasOwn(auths, name) ? auths[name] : undefined;
    if (!isObject(entry)) continue;
    if (typeof entry.auth === 'string') {
      const [user, ...password] = Buffer.from(entry.auth, 'base64').toString('utf8').split(':');
      if (user && password.length > 0) return { user, password: password.join(':').replace(/\0+$/, '') };
    }
  }
  const helpers = isObject(config.credHelpers) ? config.credHelpers : {};
  const helper = names
    .map((name) => (Object.hasOwn(helpers, name) ? helpers[name] : undefined))
    .find((one) => typeof one === 'string');
  const program = helper ?? config.credsStore;
  return typeof program === 'string' ? { helper: program } : undefined;
}
