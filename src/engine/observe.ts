import type { Belongings, Side } from './belongings.ts';
import { type PreparedCompanion, startCompanion } from './companions.ts';
import { Container, type Reach } from './container.ts';
import type { Docker } from './docker.ts';
import { type Address, ask, type HttpAnswer } from './http.ts';
import type { ImageFacts } from './image-facts.ts';
import { type Hardening, type HttpProbe, type Probe, probeText, type RunInput, type Scenario } from './scenario.ts';
import { type Health, healthOf, Watch } from './watch.ts';

/** What was seen of one side. */
export interface Observation {
  /** why the engine did not start it, in its words */
  readonly startFailure: string | undefined;
  /** how it ended before anybody told it to */
  readonly ended: { readonly exitCode: number; readonly outOfMemory: boolean } | undefined;
  /** seconds until it answered; undefined where it never did */
  readonly ready: number | undefined;
  readonly asked: readonly Asked[];
  readonly health: Health | undefined;
  readonly written: readonly { readonly kind: string; readonly path: string }[];
  /** paths that were looked for and are there */
  readonly existing: readonly string[];
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
  readonly run: RunInput;
  readonly scenario: Scenario;
  readonly companions: readonly PreparedCompanion[];
  readonly hardening: Hardening | undefined;
  /** which port of this side stands for one of the original */
  readonly portOf: (port: number) => number;
  /** what is asked; undefined: found out from the image and the running program */
  readonly probes: readonly Probe[] | undefined;
  /** what the other side wrote */
  readonly lookFor: Observation['written'];
}

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
  const { side, run, facts, scenario } = input;
  const ports = [...new Set([...facts.ports, ...run.ports, ...portsAsked(input)])];
  await docker.ask(['network', 'create', `--label=${belongings.label}`, belongings.name(side, 'network')]);
  for (const companion of input.companions) await startCompanion(docker, belongings, reach, side, companion, tell);
  const { image, hardening } = input;
  const { hasHealthCheck } = facts;
  const container = await Container.create(
    docker,
    belongings,
    { side, run, image, ports, hasHealthCheck, hardening },
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
    for (const probe of input.probes ?? (await defaultProbes(container, ports))) {
      tell(`asking ${probeText(probe)}`);
      asked.push(await carryOut(container, input, probe));
    }
  }
  const isChecked = facts.hasHealthCheck || run.healthCheck !== undefined;
  const health = isChecked && watch.isRunning ? await healthOf(container, watch, run.healthCheck) : undefined;
  const { stdout, stderr } = await container.log();
  // what lies in a volume is not told of, but that something is mounted there is
  const mounted = [...facts.volumes, ...run.mounts.map(({ target }) => target)];
  const written = (await container.changes()).filter(
    ({ path }) => !mounted.some((target) => `${target}/`.startsWith(`${path}/`)),
  );
  const existing = await existingOf(container, input.lookFor, written);
  const before = await container.state();
  const stop = before.running ? await stopped(container, scenario.grace, tell) : undefined;
  return {
    startFailure: undefined,
    ended: before.running ? undefined : { exitCode: before.exitCode, outOfMemory: before.outOfMemory },
    ready,
    asked,
    health,
    written,
    existing,
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
  existing: [],
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

const mostLookedFor = 20;

/** What is in the image already need not be written. */
async function existingOf(
  container: Container,
  wanted: Observation['written'],
  written: Observation['written'],
): Promise<string[]> {
  const known = new Set(written.map(({ path }) => path));
  const existing: string[] = [];
  for (const { path } of wanted.filter((each) => !known.has(each.path)).slice(0, mostLookedFor))
    if (await container.has(path)) existing.push(path);
  return existing;
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
async function defaultProbes(container: Container, ports: readonly number[]): Promise<Probe[]> {
  const probes: HttpProbe[] = ports.map((port) => get('/', ports.length > 1 ? port : undefined));
  for (const port of ports) {
    const address = container.address(port);
    const root = address === undefined ? undefined : await ask(address, get('/', port));
    if (root?.kind !== 'answer') continue;
    // a site of one page answers every path
    const other = await ask(address!, get('/no-such-path-of-a-health-check', port));
    if (other.kind !== 'answer' || other.status < 300) break;
    for (const path of usualHealthPaths) {
      const answer = await ask(address!, get(path, port));
      if (answer.kind === 'answer' && answer.status < 300) probes.push(get(path, ports.length > 1 ? port : undefined));
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
  const own = [...input.run.ports, ...input.facts.ports];
  const port = probe.port === undefined ? own[0] : input.portOf(probe.port);
  return port === undefined ? undefined : container.address(port);
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
