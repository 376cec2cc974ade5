import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { lastLines } from './command.ts';
import type { Engine } from './engine/engine.ts';
import type { Probe, Scenario } from './scenario.ts';

const START_SECONDS = 30;
const HEALTH_SECONDS = 40;
const GRACE_SECONDS = 8;

/** What hardening takes away: every capability, new privileges, ports below 1024. */
const HARDENED = [
  ['--cap-drop', 'ALL'],
  ['--security-opt', 'no-new-privileges'],
  ['--sysctl', 'net.ipv4.ip_unprivileged_port_start=1024'],
].flat();

/** How an image behaved. */
export interface Trial {
  /** in the order of the scenario's probes: status and body */
  readonly answers: readonly string[];
  /** what did not hold; empty where everything did */
  readonly problems: readonly string[];
  readonly uid: number | undefined;
  /** false if it had to be killed */
  readonly stopped: boolean;
}

/** Runs an image as the scenario says, asks it, and removes it again. */
export async function tryImage(engine: Engine, image: string, scenario: Scenario, hardened: boolean): Promise<Trial> {
  const name = `rehull-lab-${image.replace(/\W+/g, '-')}-${process.pid}`;
  const volumes = (scenario.volumes ?? []).map((folder, i) => ({ folder, volume: `${name}-${i}` }));
  const { port, health } = await contract(engine, image);
  const args = [
    ...(port === undefined ? [] : ['-p', `127.0.0.1::${port}`]),
    ...(health ? ['--health-interval=1s', '--health-retries=3', '--health-start-period=0s'] : []),
    ...Object.entries(scenario.environment ?? {}).flatMap(([key, value]) => ['-e', `${key}=${value}`]),
    ...volumes.flatMap(({ folder, volume }) => ['-v', `${volume}:${folder}`]),
    ...(hardened ? HARDENED : []),
    ...(hardened && scenario.readOnly !== undefined
      ? ['--read-only', ...scenario.readOnly.flatMap((folder) => ['--tmpfs', `${folder}:mode=1777`])]
      : []),
  ];
  const answers: string[] = [];
  const problems: string[] = [];
  let uid: number | undefined;
  let stopped = true;
  try {
    const started = await engine.attempt(['run', '-d', '--name', name, ...args, image]);
    if (started.code !== 0) problems.push(`does not start: ${lastLines(started.all, 2)}`);
    else if (scenario.ends) {
      const code = (await engine.docker(['wait', name], START_SECONDS)).trim();
      if (code !== '0') problems.push(`ends with ${code}`);
    } else {
      uid = await userOf(engine, name);
      for (const probe of scenario.probes ?? []) {
        const answer = await ask(engine, name, port, probe);
        answers.push(answer);
        problems.push(...judge(probe, answer));
      }
      if (health && problems.length === 0) problems.push(...(await healthProblems(engine, name)));
    }
    problems.push(...(await logProblems(engine, name, scenario.log)));
    for (const path of scenario.writes ?? []) {
      if ((await engine.attempt(['cp', `${name}:${path}`, '-'])).code !== 0) problems.push(`has not written ${path}`);
    }
    if (problems.length > 0) problems.push(`log: ${lastLines((await engine.attempt(['logs', name])).all, 60)}`);
    else if (!scenario.ends) stopped = await stop(engine, name);
  } finally {
    await engine.attempt(['rm', '-f', '-v', name]);
    for (const { volume } of volumes) await engine.attempt(['volume', 'rm', '-f', volume]);
  }
  return { answers, problems, uid, stopped };
}

async function contract(engine: Engine, image: string) {
  const format = '{{json .Config.ExposedPorts}} {{if .Config.Healthcheck}}health{{end}}';
  const text = await engine.docker(['image', 'inspect', '-f', format, image]);
  return { port: /"(\d+)\/tcp"/.exec(text)?.[1], health: text.includes('health') };
}

/** The user that the first process runs as: what the kernel says, where this machine can see it. */
async function userOf(engine: Engine, name: string): Promise<number | undefined> {
  const pid = (await engine.docker(['inspect', '-f', '{{.State.Pid}}', name])).trim();
  try {
    const uid = /^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return uid === undefined ? undefined : Number(uid);
  } catch {
    return undefined;
  }
}

/** The answer to a request, as soon as somebody listens: status and body, or why there is none. */
async function ask(engine: Engine, name: string, port: string | undefined, probe: Probe): Promise<string> {
  if (port === undefined) return 'no port is exposed';
  let failure = '';
  for (const end = Date.now() + START_SECONDS * 1000; Date.now() < end; await sleep(300)) {
    const published = (await engine.attempt(['port', name, `${port}/tcp`])).out.trim().split('\n')[0];
    if (!published) {
      const state = await engine.docker(['inspect', '-f', '{{.State.Status}} with {{.State.ExitCode}}', name]);
      return `the container has ${state.trim()}`;
    }
    try {
      const response = await fetch(`http://${published}${probe.path}`, {
        method: probe.method ?? 'GET',
        signal: AbortSignal.timeout(5000),
        ...(probe.body !== undefined && { body: probe.body, headers: { 'content-type': 'application/json' } }),
      });
      return `${response.status} ${await response.text()}`;
    } catch (error) {
      failure = String((error as Error).cause ?? error);
    }
  }
  return `no answer: ${failure}`;
}

function judge({ path, method = 'GET', status = 200, answer }: Probe, said: string): string[] {
  const asked = `${method} ${path}`;
  if (!said.startsWith(`${status} `)) return [`${asked}: ${said.slice(0, 300)}`];
  return answer === undefined || answer.test(said) ? [] : [`${asked}: ${said.slice(0, 300)} is not ${answer}`];
}

async function healthProblems(engine: Engine, name: string): Promise<string[]> {
  let status = 'starting';
  for (const end = Date.now() + HEALTH_SECONDS * 1000; Date.now() < end && status === 'starting'; await sleep(300)) {
    status = (await engine.docker(['inspect', '-f', '{{.State.Health.Status}}', name])).trim();
  }
  if (status === 'healthy') return [];
  const said = await engine.docker(['inspect', '-f', '{{range .State.Health.Log}}{{.Output}}{{end}}', name]);
  return [`health check: ${status} ${said.trim().slice(0, 300)}`];
}

async function logProblems(engine: Engine, name: string, wanted: RegExp | undefined): Promise<string[]> {
  if (wanted === undefined) return [];
  for (const end = Date.now() + START_SECONDS * 1000; Date.now() < end; await sleep(300)) {
    if (wanted.test((await engine.attempt(['logs', name])).all)) return [];
  }
  return [`the log does not come to match ${wanted}`];
}

/** Asks the program to stop; true if it did before it was killed. */
async function stop(engine: Engine, name: string): Promise<boolean> {
  await engine.docker(['stop', '-t', String(GRACE_SECONDS), name], GRACE_SECONDS + 20);
  return (await engine.docker(['inspect', '-f', '{{.State.ExitCode}}', name])).trim() !== '137';
}
