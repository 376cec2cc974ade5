import { execFile, spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { ImageRefused } from '../image-refused.ts';

/** Docker's command line; it is called without a shell, with arguments of its own only. */
const engine = 'docker';

/** What an engine says of an image: it has it, it has not, or why it cannot be asked. */
export type EngineAnswer = { readonly id: string } | { readonly absent: string };

export type Environment = Readonly<Record<string, string | undefined>>;

const patience = 60_000;

export async function askEngine(image: string, environment: Environment): Promise<EngineAnswer> {
  try {
    const { stdout } = await promisify(execFile)(engine, ['image', 'inspect', '--format', '{{.Id}}', image], {
      env: { ...environment },
      timeout: patience,
      maxBuffer: 1 << 20,
    });
    return { id: stdout.trim() };
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    if (code === 'ENOENT') return { absent: `${engine} is not installed` };
    const said = (stderr ?? '').trim().split('\n').at(-1)?.slice(0, 300) || String((error as Error).message);
    return {
      absent: /no such image|not known|not found|no such object/i.test(said)
        ? `${engine} has no such image`
        : `${engine}: ${said}`,
    };
  }
}

/** Writes an engine's image into a file, as `image save` does. */
export async function saveImage(image: string, to: string, environment: Environment): Promise<void> {
  const file = await open(to, 'wx', 0o600);
  try {
    await new Promise<void>((resolve, reject) => {
      const child = spawn(engine, ['image', 'save', image], {
        env: { ...environment },
        stdio: ['ignore', file.fd, 'pipe'],
      });
      let said = '';
      child.stderr?.on('data', (chunk: Buffer) => {
        said = (said + chunk.toString()).slice(-2000);
      });
      child.on('error', reject);
      child.on('close', (code) => {
        if (code === 0) resolve();
        else
          reject(
            new ImageRefused(
              `${engine} cannot save ${image}: ${said.trim().split('\n').at(-1) ?? `it ends with ${code}`}`,
            ),
          );
      });
    });
  } catch (error) {
    if (error instanceof ImageRefused) throw error;
    throw new ImageRefused(`${engine} cannot save ${image}: ${(error as Error).message}`, { cause: error });
  } finally {
    await file.close();
  }
}
