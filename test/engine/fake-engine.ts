import { chmodSync, existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { folderOf } from '../project/folder.ts';

/** What one side does; see docker.sh. */
export interface FakeSide {
  readonly buildLog?: string;
  readonly buildFails?: string;
  readonly config?: object;
  /** what `image save` gives */
  readonly archive?: string;
  readonly startFails?: string;
  /** exit code of a program that ends by itself */
  readonly ends?: number;
  readonly port?: number;
  readonly health?: object;
  readonly log?: string;
  readonly writes?: readonly string[];
  /** files that the container has */
  readonly has?: readonly string[];
  readonly execCode?: number;
  readonly stopCode?: number;
}

export interface FakePlan {
  readonly before: FakeSide;
  readonly after: FakeSide;
  /** what every call to the engine is refused with */
  readonly refuses?: string;
  readonly hangs?: 'build';
  /** what is built is not in the engine */
  readonly loses?: 'images';
  /** kind of thing that cannot be removed */
  readonly keeps?: string;
}

export interface FakeEngine {
  readonly environment: Record<string, string>;
  /** every call so far, as its arguments */
  readonly calls: () => readonly (readonly string[])[];
  /** what was made and not removed */
  readonly left: () => readonly string[];
  /** names in the context of the last build */
  readonly context: () => readonly string[];
}

/** A `docker` in a PATH of its own. */
export function fakeEngine({ before, after, refuses, hangs, loses, keeps }: FakePlan): FakeEngine {
  const kinds = ['images', 'networks', 'containers'];
  const whole = { refuses, hangs, loses, [`keeps-${keeps}`]: keeps };
  const folder = folderOf({
    ...Object.fromEntries(kinds.map((kind) => [`${kind}/`, ''])),
    ...said('', whole),
    ...said('before/', answersOf(before)),
    ...said('after/', answersOf(after)),
    docker: readFileSync(new URL('docker.sh', import.meta.url)),
  });
  chmodSync(join(folder, 'docker'), 0o755);
  for (const [name, { archive }] of Object.entries({ before, after }))
    if (archive !== undefined) symlinkSync(archive, join(folder, name, 'archive'));
  const read = (name: string) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '');
  return {
    environment: { PATH: `${folder}:/usr/bin:/bin`, HOME: folder },
    calls: () =>
      read('calls')
        .split('\n\0')
        .slice(0, -1)
        .map((call) => call.split('\0').slice(0, -1)),
    left: () => kinds.flatMap((kind) => readdirSync(join(folder, kind))),
    context: () => read('context').split('\n').slice(0, -1),
  };
}

/** What docker.sh answers with, by the name of the file in which it looks for it. */
function answersOf(side: FakeSide): Record<string, string | undefined> {
  const { config = {}, port, health, writes = [], has = [] } = side;
  const published = `[{"HostPort":"${port}"}]`;
  const text = (value: number | undefined) => (value === undefined ? undefined : `${value}\n`);
  return {
    buildLog: side.buildLog,
    buildFails: side.buildFails,
    image: JSON.stringify([{ Id: 'sha256:1', Size: 5e6, Config: config }]),
    startFails: side.startFails,
    ends: text(side.ends),
    ports: port === undefined ? undefined : `"80/tcp":${published},"8080/tcp":${published}\n`,
    health: health === undefined ? undefined : `,"Health":${JSON.stringify(health)}\n`,
    log: side.log,
    writes: writes.map((path) => `A ${path}\n`).join(''),
    has: has.map((path) => `${path}\n`).join(''),
    execCode: text(side.execCode),
    stopCode: text(side.stopCode),
  };
}

function said(folder: string, answers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries([
    [folder === '' ? './' : folder, ''],
    ...Object.entries(answers).flatMap(([name, text]) => (text === undefined ? [] : [[folder + name, text]])),
  ]);
}

export type Answers = (path: string, times: number) => { readonly status?: number; readonly body?: string };

/** A program that listens on loopback; gives back its port. */
export async function program(answers: Answers): Promise<number> {
  const times = new Map<string, number>();
  const server: Server = createServer((request, response) => {
    const path = request.url ?? '/';
    times.set(path, (times.get(path) ?? 0) + 1);
    const { status = 200, body = '' } = answers(path, times.get(path)!);
    response.writeHead(status, { 'content-type': 'text/plain' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return (server.address() as AddressInfo).port;
}
