import { ImageRefused } from '../image-refused.ts';
import type { Pieces } from '../layers/decompress.ts';
import type { Limits } from '../limits.ts';
import { asText, isObject } from '../sources/json-document.ts';
import { type Challenge, readChallenge } from './challenge.ts';
import type { Credentials } from './credentials.ts';
import { Silence } from './silence.ts';
import { basic, tokenRequest } from './token-request.ts';

/** What a registry client takes of its surroundings. */
export interface RegistryAccess {
  readonly fetch: typeof globalThis.fetch;
  readonly limits: Limits;
  /** asked for once, when the registry wants a login */
  credentials(): Promise<Credentials | undefined>;
}

const mostRedirects = 5;
const largestToken = 1 << 20;
const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/** Where Docker Hub's registry is reached. */
const hubHost = 'registry-1.docker.io';

/** One repository of a registry, read over the OCI distribution API. Every failure is an ImageRefused of one sentence. */
export class RegistryClient {
  private readonly registry: string;
  private readonly repository: string;
  private readonly access: RegistryAccess;
  private readonly origin: string;
  /** for the registry's own origin alone */
  private authorization: string | undefined;
  /** why the login that may be stored is not known; as with Docker, what is open to all is read all the same */
  private loginProblem: ImageRefused | undefined;

  constructor(registry: string, repository: string, access: RegistryAccess) {
    this.registry = registry;
    this.repository = repository;
    this.access = access;
    const host = registry === 'docker.io' ? hubHost : registry;
    this.origin = new URL(`${isLoopback(new URL(`https://${host}`).hostname) ? 'http' : 'https'}://${host}`).origin;
  }

  /** A manifest or an index by tag or digest, with the digest that the registry says it has. Not yet verified. */
  async manifest(reference: string): Promise<{ bytes: Buffer; saidDigest: string | undefined }> {
    const silence = this.silence();
    try {
      const response = await this.get(`manifests/${reference}`, manifestTypes, silence);
      const bytes = await this.whole(response, this.access.limits.documentBytes, 'the manifest', silence);
      return { bytes, saidDigest: response.headers.get('docker-content-digest') ?? undefined };
    } finally {
      silence.end();
    }
  }

  /** A small blob, whole. Not yet verified. */
  async document(digest: string): Promise<Buffer> {
    const silence = this.silence();
    try {
      const response = await this.get(`blobs/${digest}`, '*/*', silence);
      return await this.whole(response, this.access.limits.documentBytes, 'the image configuration', silence);
    } finally {
      silence.end();
    }
  }

  /** A blob as it comes. Not yet verified. */
  async *blob(digest: string): Pieces {
    const silence = this.silence();
    try {
      const response = await this.get(`blobs/${digest}`, '*/*', silence);
      yield* this.pieces(response, silence);
    } finally {
      silence.end();
    }
  }

  private silence(): Silence {
    return new Silence(this.access.limits.silentMilliseconds);
  }

  /** Asks the registry, once more with a login where it wants one. */
  private async get(path: string, accept: string, silence: Silence): Promise<Response> {
    const url = new URL(`${this.origin}/v2/${this.repository}/${path}`);
    const first = await this.follow(url, accept, silence);
    // what another host asks for is no business of ours: it was the registry that let us in
    if (first.response.status !== 401 || !first.isOwn) return this.accepted(first.response);
    await first.response.body?.cancel();
    const challenge = readChallenge(first.response.headers.get('www-authenticate'));
    if (challenge === undefined) throw new ImageRefused(`${this.registry} asks for a login of an unknown kind`);
    this.authorization = await this.logIn(challenge, silence);
    return this.accepted((await this.follow(url, accept, silence)).response);
  }

  private async accepted(response: Response): Promise<Response> {
    const { status } = response;
    if (status === 200) return response;
    await response.body?.cancel();
    const name = `${this.registry}/${this.repository}`;
    if ((status === 401 || status === 403) && this.loginProblem !== undefined) throw this.loginProblem;
    if (status === 401 || status === 403)
      throw new ImageRefused(
        `${this.registry} does not let you read ${name}: it needs docker login ${this.registry}, or there is no such image`,
      );
    if (status === 404) throw new ImageRefused(`${this.registry} has no such image; check its name and tag`);
    if (status === 429)
      throw new ImageRefused(`${this.registry} has been asked too often; wait, or log in with docker login`);
    throw new ImageRefused(`${this.registry} answers ${status} when it is asked for ${name}`);
  }

  /** Follows redirects by hand: what the registry knows of a person goes to no other host. */
  private async follow(start: URL, accept: string, silence: Silence): Promise<Followed> {
    let url = start;
    for (let redirects = 0; redirects <= mostRedirects; redirects++) {
      const isOwn = url.origin === this.origin;
      const headers = { accept, ...(isOwn && this.authorization ? { authorization: this.authorization } : {}) };
      const response = await this.send(url, headers, silence);
      const location = [301, 302, 303, 307, 308].includes(response.status) ? response.headers.get('location') : null;
      if (location === null) return { response, isOwn };
      await response.body?.cancel();
      if (!URL.canParse(location, url.href))
        throw new ImageRefused(`${this.registry} leads to an address that is none`);
      url = new URL(location, url.href);
      this.refuseUnsafe(url);
    }
    throw new ImageRefused(`${this.registry} leads from one address to another without end`);
  }

  /** https alone; plain http and this machine only where the registry itself is on this machine. */
  private refuseUnsafe({ protocol, hostname, host, username }: URL): void {
    const isHere = isLoopback(hostname);
    const registryIsHere = isLoopback(new URL(this.origin).hostname);
    if (username !== '' || !(protocol === 'https:' || (protocol === 'http:' && isHere)) || (isHere && !registryIsHere))
      throw new ImageRefused(`${this.registry} leads to ${protocol}//${host}, which is not followed: only https is`);
  }

  private async send(url: URL, headers: Readonly<Record<string, string>>, silence: Silence): Promise<Response> {
    try {
      return await this.access.fetch(url, {
        // bytes are held against digests, so they must come as they are
        headers: { 'accept-encoding': 'identity', 'user-agent': 'rehull', ...headers },
        redirect: 'manual',
        signal: silence.signal,
      });
    } catch (error) {
      throw this.unreachable(url.host, error, silence);
    }
  }

  private unreachable(host: string, error: unknown, silence: Silence): ImageRefused {
    if (error instanceof ImageRefused) return error;
    const { cause, message } = error as Error;
    const reason = silence.isOver
      ? 'it is silent for too long'
      : ((cause as NodeJS.ErrnoException | undefined)?.code ?? (cause instanceof Error ? cause.message : message));
    return new ImageRefused(`${host} cannot be reached: ${reason}`, { cause: error });
  }

  private async credentials(): Promise<Credentials | undefined> {
    try {
      return await this.access.credentials();
    } catch (error) {
      if (!(error instanceof ImageRefused)) throw error;
      this.loginProblem = error;
      return undefined;
    }
  }

  private async logIn(challenge: Challenge, silence: Silence): Promise<string | undefined> {
    const credentials = await this.credentials();
    if (challenge.scheme === 'basic') {
      return credentials !== undefined && 'user' in credentials ? basic(credentials) : undefined;
    }
    if (!URL.canParse(challenge.realm)) throw new ImageRefused(`${this.registry} names a token server that is none`);
    const realm = new URL(challenge.realm);
    this.refuseUnsafe(realm);
    const scope = challenge.scope ?? `repository:${this.repository}:pull`;
    const request = tokenRequest(realm, challenge.service, scope, credentials);
    let response: Response;
    try {
      response = await this.access.fetch(request.url, { ...request.init, redirect: 'manual', signal: silence.signal });
    } catch (error) {
      throw this.unreachable(realm.host, error, silence);
    }
    if (response.status !== 200) {
      await response.body?.cancel();
      if (this.loginProblem !== undefined) throw this.loginProblem;
      throw new ImageRefused(
        credentials === undefined
          ? `${this.registry} gives nobody a token without a login; log in with docker login ${this.registry}`
          : `${this.registry} does not accept your login (${response.status}); log in again with docker login ${this.registry}`,
      );
    }
    const bytes = await this.whole(response, largestToken, 'the answer of the token server', silence);
    let answer: unknown;
    try {
      answer = JSON.parse(bytes.toString('utf8'));
    } catch {}
    const token = isObject(answer) ? (asText(answer.token) ?? asText(answer.access_token)) : undefined;
    if (token === undefined || !/^[\x21-\x7e]+$/.test(token))
      throw new ImageRefused(`the token server of ${this.registry} gives no token`);
    return `Bearer ${token}`;
  }

  private async whole(response: Response, limit: number, what: string, silence: Silence): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const piece of this.pieces(response, silence)) {
      bytes += piece.length;
      if (bytes > limit)
        throw new ImageRefused(`${what} is larger than the ${limit} bytes that are read of such a document`);
      chunks.push(piece);
    }
    return Buffer.concat(chunks);
  }

  private async *pieces(response: Response, silence: Silence): Pieces {
    try {
      for await (const piece of response.body ?? []) {
        silence.heard();
        yield Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
        silence.heard();
      }
    } catch (error) {
      throw this.unreachable(this.registry, error, silence);
    }
  }
}

interface Followed {
  readonly response: Response;
  /** it is the registry itself that answered */
  readonly isOwn: boolean;
}

/** This machine alone, as URL writes its names. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
