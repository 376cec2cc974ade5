import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { attempt, lastLines } from '../command.ts';
import { Engine } from './engine.ts';
import type { Found } from './find-engine.ts';

const START_SECONDS = 60;
const STOP_SECONDS = 30;
const BRIDGE = 'rehull-lab0';

/**
 * Starts an engine apart from every other: its data lies in the cache, so that a second run finds its images; socket,
 * pid file and state in a temporary folder. It listens on its socket alone.
 */
export async function startEngine(client: string, cache: string): Promise<Found> {
  const program = ['/usr/sbin/dockerd', '/usr/bin/dockerd', '/usr/local/bin/dockerd'].find((path) => existsSync(path));
  if (program === undefined) return { absence: 'no container engine answers, and dockerd is not installed' };
  const state = mkdtempSync(join(tmpdir(), 'rehull-lab-engine-'));
  const pidFile = join(state, 'pid');
  const data = claimData(cache, state);
  const log = join(state, 'log');
  const host = `unix://${join(state, 'sock')}`;
  const bridge = await ownBridge();
  const output = openSync(log, 'a');
  const child = spawn(
    program,
    ['--data-root', data.folder, '--exec-root', join(state, 'exec'), '-p', pidFile, '-H', host, ...bridge],
    { detached: true, stdio: ['ignore', output, output] },
  );
  closeSync(output);
  data.claim(child.pid);
  let ended = child.pid === undefined;
  child.on('exit', () => {
    ended = true;
  });
  child.on('error', () => {
    ended = true;
  });
  child.unref();
  const close = async () => {
    if (!ended) child.kill('SIGTERM');
    for (let i = 0; i < STOP_SECONDS * 5 && !ended; i++) await sleep(200);
    if (!ended && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    if (bridge.length > 0) await attempt('ip', ['link', 'delete', BRIDGE], { seconds: 10 });
    data.release();
    // what is still mounted there is left alone, and goes away with the machine
    const mounted = readFileSync('/proc/self/mounts', 'utf8').includes(` ${state}/`);
    if (!mounted) rmSync(state, { recursive: true, force: true });
  };
  for (let i = 0; i < START_SECONDS * 2 && !ended; i++) {
    const engine = existsSync(join(state, 'sock')) ? await Engine.reach(client, host, true) : undefined;
    if (engine !== undefined) return { engine, close };
    await sleep(500);
  }
  const said = existsSync(log) ? lastLines(readFileSync(log, 'utf8'), 1) : '';
  await close();
  return { absence: `dockerd does not start here: ${said}` };
}

/** The folder for the engine's data: in the cache, or one for this run alone where another lab uses that. */
function claimData(cache: string, state: string) {
  const folder = join(cache, 'engine');
  const owner = join(cache, 'engine.pid');
  mkdirSync(folder, { recursive: true });
  const other = existsSync(owner) ? Number.parseInt(readFileSync(owner, 'utf8'), 10) : Number.NaN;
  if (isEngine(other)) return { folder: join(state, 'data'), claim: () => {}, release: () => {} };
  return {
    folder,
    claim: (pid: number | undefined) => writeFileSync(owner, `${pid ?? ''}\n`),
    release: () => rmSync(owner, { force: true }),
  };
}

function isEngine(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('dockerd');
  } catch {
    return false;
  }
}

/** Two engines must not give the same addresses: beside another one, a network of its own. */
async function ownBridge(): Promise<string[]> {
  if (!existsSync('/sys/class/net/docker0') && !existsSync(`/sys/class/net/${BRIDGE}`)) return [];
  const script =
    'ip link show "$1" > /dev/null 2>&1 || { ip link add "$1" type bridge && ip address add 172.31.251.1/24 dev "$1" && ip link set "$1" up; }';
  const made = await attempt('sh', ['-ec', script, 'lab', BRIDGE], { seconds: 10 });
  return made.code === 0 ? ['--bridge', BRIDGE] : [];
}
