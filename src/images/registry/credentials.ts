import { execFile } from 'node:child_process';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageRefused } from '../image-refused.ts';
import { asText, isObject, type JsonObject } from '../sources/json-document.ts';

/** What a person's login to a registry is. It is handed to that registry alone, and never printed. */
export type Credentials =
  | { readonly user: string; readonly password: string }
  /** given to the token server in the place of a password */
  | { readonly identityToken: string };

type Environment = Readonly<Record<string, string | undefined>>;

const largestConfig = 1 << 20;
const largestAnswer = 1 << 16;
const patience = 30_000;
/** What Docker's command line stores the login to Docker Hub under. */
const hubKey = 'https://index.docker.io/v1/';
/** The user name under which credential helpers hand out identity tokens. */
const tokenUser = '<token>';

/**
 * The login that `docker login` has stored for a registry, in Docker's order: the helper of this registry, the store of
 * all, the file itself. Undefined where there is none. Throws ImageRefused for a configuration that cannot be read.
 */
export async function credentialsFor(registry: string, environment: Environment): Promise<Credentials | undefined> {
  const config = await readConfig(environment);
  const keys = registry === 'docker.io' ? [hubKey, 'docker.io', 'index.docker.io'] : [registry];
  const helpers = isObject(config.credHelpers) ? config.credHelpers : {};
  const own = keys.map((key) => ({ key, name: asText(helpers[key]) })).find(({ name }) => name !== undefined);
  const helper = own ?? { key: keys[0]!, name: asText(config.credsStore) };
  if (helper.name !== undefined) return askHelper(helper.name, helper.key, environment);
  return fromFile(isObject(config.auths) ? config.auths : {}, keys);
}

async function readConfig(environment: Environment): Promise<JsonObject> {
  const { DOCKER_CONFIG, HOME, USERPROFILE } = environment;
  const home = HOME || USERPROFILE;
  const folder = DOCKER_CONFIG || (home && join(home, '.docker'));
  if (!folder) return {};
  const path = join(folder, 'config.json');
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(largestConfig + 1), 0, largestConfig + 1, 0);
      if (bytesRead > largestConfig) throw new Error('it is too large');
      const config: unknown = JSON.parse(buffer.toString('utf8', 0, bytesRead));
      return isObject(config) ? config : {};
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    // what JSON.parse says shows a piece of the text
    const reason = error instanceof SyntaxError ? 'it is not JSON' : (error as Error).message;
    throw new ImageRefused(`${path} cannot be read: ${reason}; mend it, or log in again with docker login`);
  }
}

function fromFile(auths: JsonObject, keys: readonly string[]): Credentials | undefined {
  const found = keys.map((key) => auths[key]).find(isObject) ?? byHost(auths, keys);
  if (!isObject(found)) return undefined;
  const identityToken = asText(found.identitytoken);
  if (identityToken !== undefined) return { identityToken };
  const pair = Buffer.from(asText(found.auth) ?? '', 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  if (colon > 0) return { user: pair.slice(0, colon), password: pair.slice(colon + 1).replace(/\0+$/, '') };
  const [user, password] = [asText(found.username), asText(found.password)];
  return user === undefined || password === undefined ? undefined : { user, password };
}

/** Older command lines stored whole addresses. */
function byHost(auths: JsonObject, keys: readonly string[]): unknown {
  const hostOf = (key: string) => key.replace(/^https?:\/\//, '').split('/', 1)[0];
  const key = Object.keys(auths).find((one) => keys.some((wanted) => hostOf(one) === hostOf(wanted)));
  return key === undefined ? undefined : auths[key];
}

/** Asks `docker-credential-NAME get`, as Docker does: the registry on its standard input, an answer in JSON. */
async function askHelper(name: string, key: string, environment: Environment): Promise<Credentials | undefined> {
  const program = `docker-credential-${name}`;
  if (!/^[A-Za-z0-9._-]+$/.test(name))
    throw new ImageRefused("the credential helper of Docker's config.json has no usable name");
  const answer = await new Promise<{ code: unknown; stdout: string }>((resolve) => {
    const options = { env: { ...environment }, timeout: patience, maxBuffer: largestAnswer };
    const child = execFile(program, ['get'], options, (error, stdout) =>
      resolve({ code: error?.code ?? (error ? 1 : 0), stdout }),
    );
    child.stdin?.on('error', () => {});
    child.stdin?.end(`${key}\n`);
  });
  if (answer.code === 'ENOENT')
    throw new ImageRefused(`${program}, which keeps the logins of Docker, is not installed`);
  // a helper without a login for this registry says so on its standard output
  if (answer.code !== 0 && /credentials not found/i.test(answer.stdout)) return undefined;
  let login: unknown;
  try {
    login = answer.code === 0 ? JSON.parse(answer.stdout) : undefined;
  } catch {}
  if (!isObject(login)) throw new ImageRefused(`${program} gives no login for ${key}; log in again with docker login`);
  const [user, secret] = [asText(login.Username), asText(login.Secret)];
  if (secret === undefined) return undefined;
  return user === tokenUser ? { identityToken: secret } : { user: user ?? '', password: secret };
}
