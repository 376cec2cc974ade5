import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { folderOf } from '../project/folder.ts';

/** What one side does; see docker.cjs. */
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
  readonly execCode?: number;
  readonly stopCode?: number;
}

export interface FakePlan {
  readonly before: FakeSide;
  readonly after: FakeSide;
  /** what every call to the engine is refused with */
  readonly refuses?: string;
  readonly hangs?: 'build';
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
export function fakeEngine(plan: FakePlan): FakeEngine {
  const folder = folderOf({ 'plan.json': JSON.stringify(plan) });
  const program = join(folder, 'docker');
  const script = readFileSync(new URL('docker.cjs', import.meta.url), 'utf8');
  writeFileSync(program, script.replace(/^#!.*/, `#!${process.execPath}`));
  chmodSync(program, 0o755);
  const read = (name: string) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '');
  return {
    environment: { PATH: `${folder}:/usr/bin:/bin`, HOME: folder },
    calls: () =>
      read('calls.jsonl')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as string[]),
    left: () =>
      ['images', 'networks', 'containers'].flatMap((kind) =>
        existsSync(join(folder, kind)) ? readdirSync(join(folder, kind)) : [],
      ),
    context: () => JSON.parse(read('context.json')) as string[],
  };
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
