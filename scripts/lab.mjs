// Runs the scenarios of test/lab against a container engine, and ends what is left of them when their time is over.
// Usage: npm run test:lab [-- NAME ...]
// REHULL_LAB_MINUTES (20) bounds it, REHULL_LAB_CACHE is where downloads and images are kept. docs/lab.md says more.
// Exits with 0 when all held or when this machine can have no lab, 1 when something did not hold, 75 when it hung.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const minutes = Number(process.env.REHULL_LAB_MINUTES ?? 20);
/** what is left of it for the scenario that runs when no new one may begin */
const LAST_MINUTES = Math.min(4, minutes / 2);
const state = mkdtempSync(join(tmpdir(), 'rehull-lab-'));
const names = process.argv.slice(2);

await import('./build.mjs');
const run = spawn(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--config', 'test/lab/vitest.config.ts'],
  {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      // all that is temporary lies in one folder, which goes away with the run
      TMPDIR: state,
      REHULL_LAB_DEADLINE: String(Date.now() + (minutes - LAST_MINUTES) * 60_000),
      ...(names.length > 0 && { REHULL_LAB_ONLY: names.join() }),
    },
  },
);
let reason;
const end = (why) => {
  reason ??= why;
  signal(-run.pid, 'SIGKILL');
};
const timer = setTimeout(() => end(`not done after ${minutes} minutes, and ended`), minutes * 60_000);
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => end(`ended by ${name}`));
const code = await new Promise((done) => {
  run.on('close', done);
  run.on('error', () => done(1));
});
clearTimeout(timer);
await endEngine();
if (reason !== undefined) console.log(`lab: ${reason}`);
process.exit(reason === undefined ? (code ?? 1) : 75);

/** Ends the engine that a run left behind. */
async function endEngine() {
  const file = readdirSync(state)
    .map((name) => join(state, name, 'pid'))
    .find((path) => existsSync(path));
  const pid = file === undefined ? 0 : Number.parseInt(readFileSync(file, 'utf8'), 10);
  if (pid > 1 && signal(pid, 'SIGTERM')) {
    for (let i = 0; i < 60 && signal(pid, 0); i++) await sleep(500);
    if (signal(pid, 0)) signal(pid, 'SIGKILL');
  }
  const mounted = existsSync('/proc/self/mounts') && readFileSync('/proc/self/mounts', 'utf8').includes(` ${state}/`);
  if (!mounted) rmSync(state, { recursive: true, force: true });
}

function signal(pid, name) {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false;
  }
}
