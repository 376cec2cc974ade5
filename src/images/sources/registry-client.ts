import { ImageRefused } from '../image-refused.ts';
import { isObject } from './json-document.ts';
import type { Credentials } from './registry-credentials.ts';

type Fetch = typeof globalThis.fetch;

const patience = 60_000;
const mostRedirects = 5;

/** One repository of a registry, asked as the distribution specification says. Reads only. */
export class RegistryClient {
  private readonly base: string;
  private readonly repository: string;
  private readonly registry: string;
  private readonly credentials: Credentials;
  private readonly fetch: Fetch;
  private authorization: string | undefined;

  constructor(registry: string, repository: string, credentials: Credentials, fetch: Fetch) {
    const host = registry === 'docker.io' ? 'registry-1.docker.io' : registry;
    // what runs on this machine alone may do without a certificate
    const scheme = isLoopback(new URL(`https://${host}`).hostname) ? 'http' : 'https';
    this.base = `${scheme}://${host}/v2/${repository}`;
    this.registry = registry;
    this.repository = repository;
    this.credentials = credentials;
    this.fetch = fetch;
  }

  /** Asks for a document or a blob. Throws ImageRefused for everything but a good answer. */
  async get(path: string, accept: readonly string[]): Promise<Response> {
    const url = `${this.base}${path}`;
    let response = await this.ask(url, accept, this.authorization);
    if (response.status === 401) {
      const challenge = response.headers.get('www-authenticate') ?? '';
      await response.body?.cancel();
      this.authorization = await this.authorize(challenge);
      response = await this.ask(url, accept, this.authorization);
    }
    if (response.ok && response.body !== null) return response;
    await response.body?.cancel();
    throw new ImageRefused(this.refusal(response.status));
  }

  private refusal(status: number): string {
    const where = `${this.registry}/${this.repository}`;
    switch (status) {
      case 401:
      case 403: {
        const { credentials } = this;
        const advice =
          credentials === undefined
            ? `log in with docker login ${this.registry}`
            : 'helper' in credentials
              ? `the password is with the helper docker-credential-${credentials.helper}, which is not started: pull the image and inspect it from the engine`
              : 'check the account';
        return `${where} may not be read (${status}); ${advice}`;
      }
      case 404:
        return `${where} has no such image; check name and tag`;
      case 429:
        return `${this.registry} has had enough requests (429); try again later, or log in`;
      default:
        return `${where} cannot be read: the registry answers ${status}`;
    }
  }

  /** Follows redirections by itself: none leads away from https, and none takes the password along. */
  private async ask(url: string, accept: readonly string[], authorization: string | undefined): Promise<Response> {
    const origin = new URL(url).origin;
    let place = url;
    for (let redirects = 0; redirects <= mostRedirects; redirects++) {
      const headers: Record<string, string> = accept.length > 0 ? { accept: accept.join(', ') } : {};
      if (authorization !== undefined && new URL(place).origin === origin) headers.authorization = authorization;
      const response = await this.send(place, headers);
      const location = response.headers.get('location');
      if (response.status < 300 || response.status > 399 || location === null) return response;
      await response.body?.cancel();
      if (!URL.canParse(location, place)) throw new ImageRefused(`${this.registry} redirects to nowhere`);
      const next = new URL(location, place);
      if (next.protocol !== 'https:' && !(new URL(place).protocol === 'http:' && isLoopback(next.hostname))) {
        throw new ImageRefused(`${this.registry} redirects to ${next.origin}: only https is fetched`);
      }
      place = next.href;
    }
    throw new ImageRefused(`${this.registry} redirects without end`);
  }

  private async send(url: string, headers: Record<string, string>): Promise<Response> {
    const waiting = new AbortController();
    const timer = setTimeout(() => waiting.abort(), patience);
    try {
      return await this.fetch(url, { headers, redirect: 'manual', signal: waiting.signal });
    } catch (error) {
      const cause = (error as Error).cause;
      const reason = waiting.signal.aborted
        ? 'no answer'
        : cause instanceof Error
          ? cause.message
          : (error as Error).message;
      throw new ImageRefused(`${new URL(url).host} cannot be reached: ${reason}`, { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }

  private async authorize(challenge: string): Promise<string> {
    const { credentials } = this;
    const basic =
      credentials !== undefined && 'password' in credentials
        ? `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64')}`
        : undefined;
    if (/^basic\b/i.test(challenge)) {
      if (basic === undefined) throw new ImageRefused(this.refusal(401));
      return basic;
    }
    const parameters = bearerParameters(challenge);
    const realm = parameters?.get('realm');
    if (parameters === undefined || realm === undefined || !URL.canParse(realm))
      throw new ImageRefused(this.refusal(401));
    const url = new URL(realm);
    if (url.protocol !== 'https:' && !(this.base.startsWith('http:') && isLoopback(url.hostname))) {
      throw new ImageRefused(`${this.registry} asks for the password at ${url.origin}: only https is trusted with one`);
    }
    const service = parameters.get('service');
    if (service !== undefined) url.searchParams.set('service', service);
    url.searchParams.set('scope', parameters.get('scope') ?? `repository:${this.repository}:pull`);
    const response = await this.send(url.href, basic === undefined ? {} : { authorization: basic });
    if (!response.ok) {
      await response.body?.cancel();
      throw new ImageRefused(this.refusal(response.status === 404 ? 401 : response.status));
    }
    const answer: unknown = await response.json().catch(() => undefined);
    const token = isObject(answer) ? (answer.token ?? answer.access_token) : undefined;
    if (typeof token !== 'string') throw new ImageRefused(`${url.host} gives no token for ${this.repository}`);
    return `Bearer ${token}`;
  }
}

export function isLoopback(hostname: string): boolean {
  return ['127.0.0.1', '[::1]', '::1', 'localhost'].includes(hostname);
}

/** `Bearer realm="…",service="…",scope="…"` */
function bearerParameters(challenge: string): Map<string, string> | undefined {
  if (!/^bearer\s/i.test(challenge)) return undefined;
  const pairs = challenge.slice(0, 4096).matchAll(/([a-z_]+)="([^"]*)"/gi);
  return new Map([...pairs].map(([, name, value]) => [name!.toLowerCase(), value!]));
}
