import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Belongings, Side } from './belongings.ts';
import type { Docker } from './docker.ts';
import { EngineRefused } from './engine-refused.ts';
import type { Address } from './http.ts';
import type { Hardening, Mount, RunInput } from './scenario.ts';

/** How a container is made. */
export interface ContainerInput {
  readonly side: Side;
  readonly run: RunInput;
  readonly image: string;
  /** TCP ports that are asked from here */
  readonly ports: readonly number[];
  /** whether the image says how its health is told */
  readonly hasHealthCheck: boolean;
  /** undefined: nothing is forbidden */
  readonly hardening: Hardening | undefined;
}

export interface ContainerState {
  readonly running: boolean;
  readonly exitCode: number;
  readonly outOfMemory: boolean;
  /** why it did not start, in the engine's words; empty where it did */
  readonly error: string;
  readonly health: string | undefined;
  /** what the last health check printed */
  readonly healthOutput: string;
}

interface ContainerDocument {
  readonly State?: {
    readonly Running?: boolean;
    readonly ExitCode?: number;
    readonly OOMKilled?: boolean;
    readonly Error?: string;
    readonly Health?: {
      readonly Status?: string;
      readonly Log?: readonly { readonly Output?: string }[] | null;
    } | null;
  };
  readonly NetworkSettings?: {
    readonly Ports?: Readonly<Record<string, readonly { readonly HostPort?: string }[] | null>> | null;
  };
}

/** Where the ports of containers are published, and by which name they are reached from here. */
export interface Reach {
  readonly publish: string;
  readonly host: string;
}

/** What engines of today take to keep a log short; all that is read of it is its end. */
const logOptions = ['--log-driver=json-file', '--log-opt=max-size=16m'];

/** The rights that the migrated program has to do without. */
function forbid({ readOnlyRoot }: Hardening): string[] {
  return [
    '--cap-drop=ALL',
    '--security-opt=no-new-privileges',
    // engines let everybody listen below 1024, Kubernetes does not
    '--sysctl=net.ipv4.ip_unprivileged_port_start=1024',
    ...(readOnlyRoot ? ['--read-only', '--tmpfs=/tmp:mode=1777'] : []),
  ];
}

/** One container of a run. */
export class Container {
  readonly name: string;
  readonly #docker: Docker;
  readonly #reach: Reach;
  readonly #addresses = new Map<number, Address>();

  private constructor(docker: Docker, name: string, reach: Reach) {
    this.#docker = docker;
    this.name = name;
    this.#reach = reach;
  }

  /** Makes a container that is not started yet. Throws EngineRefused. */
  static async create(docker: Docker, belongings: Belongings, input: ContainerInput, reach: Reach): Promise<Container> {
    const { side, run, image, ports, hardening, hasHealthCheck } = input;
    const name = belongings.name(side, run.name);
    const environmentFile = join(await belongings.folder(), `${name}.env`);
    const folders = await foldersOf(run.mounts);
    const [program, ...more] = run.entrypoint ?? [];
    const option = (key: string, value: string | undefined) => (value === undefined ? [] : [`--${key}=${value}`]);
    await docker.ask([
      'container',
      'create',
      `--name=${name}`,
      `--label=${belongings.label}`,
      `--hostname=${run.name.replaceAll('_', '-')}`,
      `--network=${belongings.name(side, 'network')}`,
      `--network-alias=${run.name}`,
      ...logOptions,
      ...ports.map((port) => `--publish=${reach.publish}::${port}/tcp`),
      ...(await environmentOptions(run.environment, environmentFile)),
      ...folders.map(({ target }) => `--volume=${target}`),
      ...option('user', run.user),
      ...option('workdir', run.workdir),
      ...option('entrypoint', program),
      ...(hasHealthCheck ? ['--health-interval=1s'] : []),
      ...(hardening === undefined ? [] : forbid(hardening)),
      image,
      ...more,
      ...(run.command ?? []),
    ]);
    for (const mount of run.mounts) await copyInto(docker, name, mount, folders.includes(mount));
    return new Container(docker, name, reach);
  }

  /** Starts it; what the engine says where it does not. */
  async start(): Promise<string | undefined> {
    const { code, stderr } = await this.#docker.call(['container', 'start', this.name]);
    return code === 0 ? undefined : stderr.trim();
  }

  async state(): Promise<ContainerState> {
    const { State: state, NetworkSettings: settings } = await this.#document();
    for (const [name, bindings] of Object.entries(settings?.Ports ?? {})) {
      const published = Number(bindings?.[0]?.HostPort);
      if (published > 0) this.#addresses.set(Number.parseInt(name, 10), { host: this.#reach.host, port: published });
    }
    return {
      running: state?.Running === true,
      exitCode: state?.ExitCode ?? 0,
      outOfMemory: state?.OOMKilled === true,
      error: state?.Error ?? '',
      health: state?.Health?.Status,
      healthOutput: state?.Health?.Log?.at(-1)?.Output?.trim() ?? '',
    };
  }

  /** Where its port is reached, as of the last state that was asked for; undefined while it is not published. */
  address(port: number): Address | undefined {
    return this.#addresses.get(port);
  }

  /** The end of what it printed: standard output and standard error. */
  async log(): Promise<{ readonly stdout: string; readonly stderr: string }> {
    return this.#docker.call(['container', 'logs', '--tail=2000', this.name]);
  }

  /** Runs a program in it. */
  async run(argv: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
    const { code, stdout, stderr } = await this.#docker.call(['container', 'exec', this.name, ...argv]);
    return { code, output: `${stdout}${stderr}`.trim() };
  }

  /** Paths of its root file system that were added (A), changed (C) or deleted (D) since it was made. */
  async changes(): Promise<readonly { readonly kind: string; readonly path: string }[]> {
    const { stdout } = await this.#docker.call(['container', 'diff', this.name]);
    return stdout.split('\n').flatMap((line) => {
      const [, kind, path] = /^([ACD]) (\/.*)$/.exec(line) ?? [];
      return kind === undefined || path === undefined ? [] : [{ kind, path }];
    });
  }

  /** Whether there is a file or a folder. */
  async has(path: string): Promise<boolean> {
    const { code } = await this.#docker.call(['container', 'cp', `${this.name}:${path}`, '-'], { timeout: 30_000 });
    return code === 0;
  }

  /** Sends the image's stop signal, and SIGKILL after the grace. Gives back the seconds it took. The long option has another name since Docker 28. */
  async stop(grace: number): Promise<number> {
    const start = Date.now();
    await this.#docker.ask(['container', 'stop', '-t', `${grace}`, this.name], { timeout: (grace + 60) * 1000 });
    return (Date.now() - start) / 1000;
  }

  async #document(): Promise<ContainerDocument> {
    const [document] = (await this.#docker.inspect([
      'container',
      'inspect',
      this.name,
    ])) as readonly ContainerDocument[];
    return document ?? {};
  }
}

/** Values go through a file: arguments of a process can be read by everybody on the machine. */
async function environmentOptions(environment: Readonly<Record<string, string>>, file: string): Promise<string[]> {
  const pairs = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const lines = pairs.filter((pair) => !/[\r\n]/.test(pair));
  if (lines.length === 0) return pairs.map((pair) => `--env=${pair}`);
  await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  return [`--env-file=${file}`, ...pairs.filter((pair) => /[\r\n]/.test(pair)).map((pair) => `--env=${pair}`)];
}

/** The mounts that are folders; a file is copied into the container itself. */
async function foldersOf(mounts: readonly Mount[]): Promise<readonly Mount[]> {
  const kinds = await Promise.all(
    mounts.map(
      async ({ source }) => source === undefined || (await stat(source).catch(() => undefined))?.isFile() !== true,
    ),
  );
  return mounts.filter((_mount, index) => kinds[index]);
}

/** Lays a copy of what is mounted into a container: what the program writes there never reaches the project. */
async function copyInto(docker: Docker, name: string, { source, target }: Mount, isFolder: boolean): Promise<void> {
  if (source === undefined || (await stat(source).catch(() => undefined)) === undefined) return;
  await docker.ask(['container', 'cp', '--archive', isFolder ? `${source}/.` : source, `${name}:${target}`]);
}

/** How the containers of this engine are reached. Throws EngineRefused where they are not. */
export async function reachOf(docker: Docker, dockerHost: string | undefined): Promise<Reach> {
  const endpoint =
    dockerHost ||
    (await docker.call(['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'])).stdout.trim() ||
    'unix:';
  const [, scheme, host] = /^(\w+):(?:\/\/(?:[^@/]*@)?([^/:]*|\[[^\]]*\]))?/.exec(endpoint) ?? [];
  if (scheme === 'ssh')
    throw new EngineRefused('the ports of an engine behind ssh are not reached from here; run rehull on that machine');
  if (scheme !== 'tcp' || host === undefined || /^(localhost|127\.[\d.]+|\[::1\]|)$/.test(host))
    return { publish: '127.0.0.1', host: '127.0.0.1' };
  return { publish: '0.0.0.0', host: host.replace(/^\[|\]$/g, '') };
}
