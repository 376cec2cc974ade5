import { spawn } from 'node:child_process';
import { EngineRefused } from './engine-refused.ts';

/** The engine's command line. It is called without a shell, with arguments of its own only. */
const program = 'docker';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What a call printed; of each stream the last `longestOutput` bytes. */
export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CallOptions {
  /** milliseconds; the call is ended then */
  readonly timeout?: number | undefined;
  /** gets each line of both streams as it comes */
  readonly onLine?: ((line: string) => void) | undefined;
  readonly environment?: Environment | undefined;
}

/** What builders are told beside their options, which not all of them have. */
const builderSettings = {
  BUILDKIT_PROGRESS: 'plain',
  // an image, not an index of it and of how it was made
  BUILDX_NO_DEFAULT_ATTESTATIONS: '1',
  // podman's own format has no health checks
  BUILDAH_FORMAT: 'docker',
};
const longestOutput = 4 << 20;
const longestLine = 4000;
const patience = 120_000;
/** How long a call that was told to end may take. */
const lastPatience = 5_000;

/** Thrown where a person ended the run. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Calls of one engine. Once `signal` is aborted every call ends and throws Interrupted. */
export class Docker {
  readonly #environment: Environment;
  readonly #signal: AbortSignal | undefined;

  constructor(environment: Environment, signal: AbortSignal | undefined) {
    this.#environment = environment;
    this.#signal = signal;
  }

  get signal(): AbortSignal | undefined {
    return this.#signal;
  }

  /** The same engine for what has to be done even if a person ended the run. */
  get uninterrupted(): Docker {
    return new Docker(this.#environment, undefined);
  }

  /** Calls the engine and gives back what it answers, also where it refuses. Throws EngineRefused if it cannot be called. */
  async call(args: readonly string[], options: CallOptions = {}): Promise<Answer> {
    const signal = this.#signal;
    if (signal?.aborted) throw new Interrupted();
    const child = spawn(program, args, {
      env: { ...this.#environment, ...builderSettings, DOCKER_CLI_HINTS: 'false', ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      // Ctrl-C in a terminal reaches every process of its group; this one is ended by us, so that it can be waited for
      detached: true,
    });
    let timedOut = false;
    const end = () => {
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), lastPatience).unref();
    };
    const timeout = options.timeout ?? patience;
    const timer = setTimeout(() => {
      timedOut = true;
      end();
    }, timeout);
    signal?.addEventListener('abort', end);
    const stdout = new Tail(options.onLine);
    const stderr = new Tail(options.onLine);
    child.stdout.on('data', (chunk: Buffer) => stdout.take(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.take(chunk));
    try {
      const code = await new Promise<number>((resolve, reject) => {
        child.on('error', reject);
        child.on('close', (exit) => resolve(exit ?? 1));
      });
      if (signal?.aborted) throw new Interrupted();
      if (timedOut) throw new EngineRefused(`${program} ${args[0]} did not end within ${Math.round(timeout / 1000)} s`);
      return { code, stdout: stdout.text(), stderr: stderr.text() };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT')
        throw new EngineRefused(`${program} is not installed; install Docker, or put its command line into PATH`, {
          cause: error,
        });
      throw error;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
    }
  }

  /** Calls the engine for its answer. Throws EngineRefused where it gives none. */
  async ask(args: readonly string[], options: CallOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await this.call(args, options);
    if (code !== 0)
      throw new EngineRefused(refusal(stderr) ?? `${program} ${args.slice(0, 2).join(' ')} ends with ${code}`);
    return stdout;
  }

  /** What the engine says in JSON. */
  async inspect(args: readonly string[]): Promise<unknown> {
    const said = await this.ask(args);
    try {
      return JSON.parse(said);
    } catch (error) {
      throw new EngineRefused(`${program} ${args.slice(0, 2).join(' ')} prints no JSON`, { cause: error });
    }
  }
}

/** The last line of what an engine complains, or what stands behind the complaints that everybody meets. */
export function refusal(stderr: string): string | undefined {
  if (/cannot connect to the docker daemon|is the docker daemon running|error during connect/i.test(stderr))
    return `${program} finds no engine${hostOf(stderr)}; start it, or set DOCKER_HOST`;
  if (/permission denied while trying to connect|dial unix.*permission denied/i.test(stderr))
    return `${program} may not talk to the engine: permission denied on its socket; join the group docker, or run as the user that owns it`;
  const last = stderr.trim().split('\n').at(-1)?.trim();
  return last === undefined || last === '' ? undefined : `${program}: ${last.slice(0, 500)}`;
}

function hostOf(stderr: string): string {
  const [, host] = /daemon at ([^\s]+?)\.? /i.exec(`${stderr} `) ?? [];
  return host === undefined ? '' : ` at ${host}`;
}

/** The end of a stream, in bounded memory; a line at a time for who wants to follow it. */
class Tail {
  readonly #onLine: ((line: string) => void) | undefined;
  #chunks: Buffer[] = [];
  #length = 0;
  #line = '';

  constructor(onLine: ((line: string) => void) | undefined) {
    this.#onLine = onLine;
  }

  take(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    while (this.#length - this.#chunks[0]!.length > longestOutput) this.#length -= this.#chunks.shift()!.length;
    if (this.#onLine === undefined) return;
    const lines = (this.#line + chunk.toString('utf8')).split(/[\r\n]+/);
    this.#line = lines.pop()!.slice(0, longestLine);
    for (const line of lines) this.#onLine(line.slice(0, longestLine));
  }

  text(): string {
    return Buffer.concat(this.#chunks).subarray(-longestOutput).toString('utf8');
  }
}
