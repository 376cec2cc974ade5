import { setTimeout as sleep } from 'node:timers/promises';
import type { Belongings, Side } from './belongings.ts';
import { Container, type ContainerState, type Reach } from './container.ts';
import { type Docker, Interrupted } from './docker.ts';
import { type Address, ask, type HttpAnswer } from './http.ts';
import type { ImageFacts } from './image-facts.ts';
import { type Hardening, type HttpProbe, type Probe, probeText, type Scenario } from './scenario.ts';

/** What was seen of one side. */
export interface Observation {
  /** why the engine did not start it, in its words */
  readonly startFailure: string | undefined;
  /** how it ended before anybody told it to */
  readonly ended: { readonly exitCode: number; readonly outOfMemory: boolean } | undefined;
  /** seconds until it answered; undefined where it never did */
  readonly ready: number | undefined;
  readonly asked: readonly Asked[];
  readonly health: { readonly status: string; readonly output: string } | undefined;
  readonly written: readonly { readonly kind: string; readonly path: string }[];
  readonly stop: { readonly exitCode: number; readonly seconds: number; readonly killed: boolean } | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** A probe and what came of it, asked once or twice: what varies by itself is not compared. */
export interface Asked {
  readonly probe: Probe;
  readonly results: readonly ProbeResult[];
}

export type ProbeResult =
  | { readonly kind: 'http'; readonly answer: HttpAnswer }
  | { readonly kind: 'command'; readonly code: number; readonly output: string }
  | { readonly kind: 'log'; readonly found: boolean };

/** What to start and to ask. */
export interface SideInput {
  readonly side: Side;
  readonly image: string;
  readonly facts: ImageFacts;
  readonly scenario: Scenario;
  readonly hardening: Hardening | undefined;
  /** which port of this side stands for one of the original */
  readonly portOf: (port: number) => number;
  /** what is asked; undefined: found out from the image and the running program */
  readonly probes: readonly Probe[] | undefined;
}

const pollInterval = 250;
/** How long a program is watched that neither listens nor ends, in seconds. */
const quietWatch = 10;
/** Paths by which programs tell that they live; those that the original answers are asked on both sides. */
const usualHealthPaths = ['/health', '/healthz', '/livez', '/readyz', '/ready', '/ping', '/status', '/api/health'];

/** Starts one side, asks it, stops it, and tells what was seen. The container stays, ended. */
export async function observe(
  docker: Docker,
  belongings: Belongings,
  reach: Reach,
  input: SideInput,
  tell: (line: string) => void,
): Promise<Observation> {
  const { side, facts, scenario } = input;
  const ports = [...new Set([...facts.ports, ...portsAsked(input)])];
  await docker.ask(['network', 'create', `--label=${belongings.label}`, belongings.name(side, 'network')]);
  const container = await Container.create(
    docker,
    belongings,
    {
      side,
      name: 'app',
      image: input.image,
      environment: scenario.environment,
      ports,
      hasHealthCheck: facts.hasHealthCheck,
      hardening: input.hardening,
    },
    reach,
  );
  const startFailure = await container.start();
  if (startFailure !== undefined) return { ...nothing, startFailure };
  const start = Date.now();
  const watch = new Watch(container, start, docker);
  const asked: Asked[] = [];
  const sign = signOfLife(container, input, ports);
  const isReady = await watch.until(
    sign ?? never,
    sign === undefined ? Math.min(scenario.wait, quietWatch) : scenario.wait,
  );
  const ready = isReady ? (Date.now() - start) / 1000 : undefined;
  if (watch.isRunning && (isReady || sign === undefined)) {
    for (const probe of input.probes ?? (await defaultProbes(container, facts))) {
      tell(`asking ${probeText(probe)}`);
      asked.push(await carryOut(container, input, probe));
    }
  }
  const health = facts.hasHealthCheck && watch.isRunning ? await healthOf(container, watch) : undefined;
  const { stdout, stderr } = await container.log();
  const written = await container.changes();
  const before = await container.state();
  const stop = before.running ? await stopped(container, scenario.grace, tell) : undefined;
  return {
    startFailure: undefined,
    ended: before.running ? undefined : { exitCode: before.exitCode, outOfMemory: before.outOfMemory },
    ready,
    asked,
    health,
    written,
    stop,
    stdout,
    stderr,
  };
}

const nothing: Omit<Observation, 'startFailure'> = {
  ended: undefined,
  ready: undefined,
  asked: [],
  health: undefined,
  written: [],
  stop: undefined,
  stdout: '',
  stderr: '',
};

/** Ports that probes name beside those of the image. */
function portsAsked({ probes, scenario, portOf }: SideInput): number[] {
  return (probes ?? scenario.probes).flatMap((probe) =>
    probe.kind === 'http' && probe.port !== undefined ? [portOf(probe.port)] : [],
  );
}

/** Looks at a container until something is so, or it ends. */
class Watch {
  readonly #container: Container;
  readonly #start: number;
  readonly #docker: Docker;
  isRunning = true;

  constructor(container: Container, start: number, docker: Docker) {
    this.#container = container;
    this.#start = start;
    this.#docker = docker;
  }

  /** False once the seconds since the start are over, or the program has ended. */
  async until(isSo: (state: ContainerState) => Promise<boolean>, seconds: number): Promise<boolean> {
    for (;;) {
      const state = await this.#container.state();
      this.isRunning = state.running;
      if (!state.running) return false;
      if (await isSo(state)) return true;
      if (Date.now() - this.#start > seconds * 1000) return false;
      await this.pause(pollInterval);
    }
  }

  async pause(milliseconds: number): Promise<void> {
    try {
      await sleep(milliseconds, undefined, { signal: this.#docker.signal });
    } catch {
      throw new Interrupted();
    }
  }
}

const never = async () => false;

/** What says that a program is up: all log lines that are waited for, and an answer on its port; undefined for one that is only watched. */
function signOfLife(
  container: Container,
  input: SideInput,
  ports: readonly number[],
): (() => Promise<boolean>) | undefined {
  const probes = input.probes ?? input.scenario.probes;
  const lines = probes.flatMap((probe) => (probe.kind === 'log' ? [probe.text] : []));
  const needsPort = ports.length > 0 && (probes.length === 0 || probes.some(({ kind }) => kind === 'http'));
  if (lines.length === 0 && !needsPort) return undefined;
  return async () => {
    if (lines.length > 0) {
      const { stdout, stderr } = await container.log();
      if (!lines.every((line) => stdout.includes(line) || stderr.includes(line))) return false;
    }
    if (!needsPort) return true;
    for (const port of ports) {
      const address = container.address(port);
      if (address === undefined) continue;
      const { kind } = await ask(address, { method: 'GET', path: '/', headers: {}, body: undefined });
      if (kind !== 'closed') return true;
    }
    return false;
  };
}

/** GET / on each port, and on the first that speaks HTTP the usual paths of health checks that it answers. */
async function defaultProbes(container: Container, { ports }: ImageFacts): Promise<Probe[]> {
  const probes: HttpProbe[] = ports.map((port) => get('/', ports.length > 1 ? port : undefined));
  for (const port of ports) {
    const address = container.address(port);
    const root = address === undefined ? undefined : await ask(address, get('/', port));
    if (root?.kind !== 'answer') continue;
    for (const path of usualHealthPaths) {
      const answer = await ask(address!, get(path, port));
      // a site of one page answers every path with it
      const isOwn = answer.kind === 'answer' && answer.status < 300 && !answer.body.equals(root.body);
      if (isOwn) probes.push(get(path, ports.length > 1 ? port : undefined));
    }
    break;
  }
  return probes;
}

function get(path: string, port: number | undefined): HttpProbe {
  return { kind: 'http', method: 'GET', path, port, headers: {}, body: undefined, status: undefined, ignore: [] };
}

/** Reading twice shows what varies by itself; what changes something is asked once. */
async function carryOut(container: Container, input: SideInput, probe: Probe): Promise<Asked> {
  switch (probe.kind) {
    case 'http': {
      const address = addressFor(container, input, probe);
      const results: ProbeResult[] = [];
      for (let times = /^(GET|HEAD|OPTIONS)$/.test(probe.method) ? 2 : 1; times > 0; times--)
        results.push({ kind: 'http', answer: address === undefined ? { kind: 'closed' } : await ask(address, probe) });
      return { probe, results };
    }
    case 'command':
      return { probe, results: [{ kind: 'command', ...(await container.run(probe.argv)) }] };
    case 'log': {
      const { stdout, stderr } = await container.log();
      return { probe, results: [{ kind: 'log', found: stdout.includes(probe.text) || stderr.includes(probe.text) }] };
    }
  }
}

function addressFor(container: Container, input: SideInput, probe: HttpProbe): Address | undefined {
  const port = probe.port === undefined ? input.facts.ports[0] : input.portOf(probe.port);
  return port === undefined ? undefined : container.address(port);
}

/** The health check is asked each second here: it has an answer once it is healthy, or fails as often as it may. */
async function healthOf(container: Container, watch: Watch): Promise<Observation['health']> {
  let seen: ContainerState | undefined;
  for (let times = 0; times < 60; times++) {
    seen = await container.state();
    if (!seen.running || seen.health === 'healthy') break;
    if (seen.health === 'unhealthy' && times > 8) break;
    await watch.pause(500);
  }
  return seen?.health === undefined ? undefined : { status: seen.health, output: seen.healthOutput };
}

async function stopped(
  container: Container,
  grace: number,
  tell: (line: string) => void,
): Promise<Observation['stop']> {
  tell('stopping it');
  const seconds = await container.stop(grace);
  const { exitCode } = await container.state();
  return { exitCode, seconds, killed: exitCode === 137 && seconds >= grace - 0.5 };
}
