import type { Credentials } from './credentials.ts';

/** How a token server is asked. */
export interface TokenRequest {
  readonly url: URL;
  readonly init: RequestInit;
}

/** GET with a name and a password, POST with an identity token, as Docker asks. */
export function tokenRequest(
  realm: URL,
  service: string | undefined,
  scope: string,
  credentials: Credentials | undefined,
): TokenRequest {
  const asked = { ...(service === undefined ? {} : { service }), scope };
  if (credentials !== undefined && 'identityToken' in credentials) {
    const refresh = { grant_type: 'refresh_token', client_id: 'rehull', refresh_token: credentials.identityToken };
    return { url: realm, init: { method: 'POST', body: new URLSearchParams({ ...refresh, ...asked }) } };
  }
  const url = new URL(realm);
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
  return { url, init: credentials === undefined ? {} : { headers: { authorization: basic(credentials) } } };
}

/** A name and a password as a header carries them (RFC 7617). */
export function basic({ user, password }: { readonly user: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
