import { spawn } from 'node:child_process';
import { ImageRefused } from '../image-refused.ts';
import type { Unpacker } from './decompress.ts';

const program = 'zstd';
/** Larger windows than the usual 128 MiB are refused: the program would take as much memory. */
const options = ['--decompress', '--stdout', '--quiet', '--memory=128MiB'];

/** Unpacks with the zstd command line, for versions of Node that have no zstd of their own. */
export class ZstdProgram implements Unpacker {
  private readonly child = spawn(program, options, { stdio: ['pipe', 'pipe', 'pipe'] });
  private readonly failed: Promise<never>;
  private readonly closed: Promise<void>;

  constructor(take: (piece: Buffer) => void) {
    const { stdin, stdout, stderr } = this.child;
    let said = '';
    stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(0, 300);
    });
    // what is wrong is told by how the program ends
    stdin.on('error', () => {});
    let close = () => {};
    this.closed = new Promise((resolve) => {
      close = resolve;
    });
    this.failed = new Promise((_, reject) => {
      this.child.on('error', (error: NodeJS.ErrnoException) => {
        const { node } = process.versions;
        const advice = `use Node 22.15 or newer, or install zstd: Node ${node} cannot read it`;
        reject(error.code === 'ENOENT' ? new ImageRefused(`a layer is compressed with zstd; ${advice}`) : error);
      });
      stdout.on('data', (piece: Buffer) => {
        try {
          take(piece);
        } catch (error) {
          reject(error);
        }
      });
      this.child.on('close', (code) => {
        if (code === 0) close();
        else reject(new Error(said.trim().split('\n').at(-1) || `${program} ends with ${code}`));
      });
    });
    // it is raced below; that nobody waits for it at the moment is no fault
    this.failed.catch(() => {});
  }

  write(piece: Buffer): Promise<unknown> {
    return Promise.race([
      new Promise<void>((resolve) => this.child.stdin.write(piece, (error) => !error && resolve())),
      this.failed,
    ]);
  }

  end(): Promise<unknown> {
    this.child.stdin.end();
    return Promise.race([this.closed, this.failed]);
  }

  close(): void {
    this.child.kill('SIGKILL');
  }
}
