import { maximumBytes, tooLarge } from '../../project/dockerfile-source.ts';

/** A stream that a person or a program reads. */
export interface Output {
  write(data: string | Uint8Array): void;
  readonly isTerminal: boolean;
}

/** Everything that the command line touches of its surroundings, the file system aside. */
export interface Io {
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdout: Output;
  readonly stderr: Output;
  /** all of standard input; throws an InputError over the size a Dockerfile may have */
  readStdin(): Promise<Uint8Array>;
  /** calls `stop` once a person ends the run (Ctrl-C, SIGTERM), which then goes on until it has cleaned up */
  onInterrupt(stop: (signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP') => void): { readonly forget: () => void };
}

/** The process' own streams. A reader that goes away (`| head`) ends nothing: what is left to do is done silently. */
export function processIo(): Io {
  return {
    cwd: process.cwd(),
    environment: process.env,
    stdout: output(process.stdout),
    stderr: output(process.stderr),
    readStdin: async () => {
      const chunks: Uint8Array[] = [];
      let length = 0;
      for await (const chunk of process.stdin as AsyncIterable<Uint8Array>) {
        length += chunk.length;
        if (length > maximumBytes) throw tooLarge('standard input');
        chunks.push(chunk);
      }
      return Buffer.concat(chunks);
    },
    onInterrupt: (stop) => {
      const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
      for (const signal of signals) process.on(signal, stop);
      return {
        forget: () => {
          for (const signal of signals) process.off(signal, stop);
        },
      };
    },
  };
}

function output(stream: NodeJS.WriteStream): Output {
  let closed = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    closed = true;
    // a full disk behind `> file` must not pass for success
    if (error.code !== 'EPIPE') process.exitCode = 2;
  });
  return {
    write: (data) => {
      if (!closed) stream.write(data);
    },
    isTerminal: stream.isTTY === true,
  };
}
