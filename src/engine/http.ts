import { request } from 'node:http';
import { connect } from 'node:net';

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** What came back; `closed` where nothing listens, `open` where something does that speaks no HTTP. */
export type HttpAnswer =
  | { readonly kind: 'answer'; readonly status: number; readonly headers: readonly Header[]; readonly body: Buffer }
  | { readonly kind: 'open' | 'closed' };

export type Header = readonly [name: string, value: string];

/** Where a port of a container is reached. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

const longestBody = 1 << 20;
const patience = 10_000;
/** An engine's proxy takes every connection, and closes it at once where nothing listens behind it. */
const proxyPatience = 400;

/** Asks once. Never throws; a body is cut after 1 MiB. */
export async function ask(address: Address, asked: HttpRequest): Promise<HttpAnswer> {
  const answer = await exchange(address, asked);
  if (answer !== undefined) return answer;
  return { kind: (await isOpen(address)) ? 'open' : 'closed' };
}

function exchange(
  { host, port }: Address,
  { method, path, headers, body }: HttpRequest,
): Promise<HttpAnswer | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => end(undefined), patience);
    const end = (answer: HttpAnswer | undefined) => {
      clearTimeout(timer);
      sent?.destroy();
      resolve(answer);
    };
    let sent: ReturnType<typeof request> | undefined;
    try {
      sent = request({
        host,
        port,
        method,
        path,
        agent: false,
        // both sides are called by one name, whatever port the engine gave them
        headers: { host: 'localhost', 'user-agent': 'rehull', accept: '*/*', ...headers, connection: 'close' },
      });
    } catch {
      // a path or a header that no request may have
      end(undefined);
      return;
    }
    sent.on('error', (error: NodeJS.ErrnoException) =>
      end(error.code?.startsWith('HPE_') === true ? { kind: 'open' } : undefined),
    );
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      const { rawHeaders, statusCode = 0 } = response;
      const received: Header[] = [];
      for (let at = 0; at + 1 < rawHeaders.length; at += 2)
        received.push([rawHeaders[at]!.toLowerCase(), rawHeaders[at + 1]!]);
      const done = () =>
        end({
          kind: 'answer',
          status: statusCode,
          headers: received,
          body: Buffer.concat(chunks).subarray(0, longestBody),
        });
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length >= longestBody) done();
      });
      response.on('end', done);
      response.on('error', done);
    });
    sent.end(body);
  });
}

/** Whether something listens that keeps a connection open. */
function isOpen({ host, port }: Address): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const timer = setTimeout(() => end(socket.readyState === 'open'), proxyPatience);
    const end = (open: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(open);
    };
    socket.on('error', () => end(false));
    socket.on('end', () => end(false));
    socket.on('data', () => end(true));
  });
}
