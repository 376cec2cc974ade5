import type { Catalog } from '../../../src/catalog/catalog.ts';
import type { CompileResult } from '../../../src/compile-result.ts';
import type { Compiler, Core } from '../../../src/interfaces/cli/core.ts';
import { installedCore } from '../../../src/interfaces/cli/installed-core.ts';
import type { Io } from '../../../src/interfaces/cli/io.ts';
import { run } from '../../../src/interfaces/cli/program.ts';

export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly bytes: Uint8Array;
}

export interface Surroundings {
  readonly cwd: string;
  readonly stdin?: string | Uint8Array;
  readonly isTerminal?: boolean;
  readonly environment?: Record<string, string>;
  readonly core?: Partial<Core>;
  /** gets what ends the run, as Ctrl-C does */
  readonly interrupt?: (stop: Parameters<Io['onInterrupt']>[0]) => void;
}

/** A compiler that swaps `FROM old` for `FROM new`; the first word of a comment decides the outcome. */
export const swapping: Compiler = ({ text }): CompileResult => {
  const asked = /^# (ready|review|blocked|unchanged)/m.exec(text)?.[1] as CompileResult['outcome'] | undefined;
  const outcome = asked ?? (text.includes('FROM old') ? 'ready' : 'unchanged');
  if (text.includes('CRASH')) throw new Error('a defect');
  const start = text.indexOf('FROM');
  const findings =
    outcome === 'unchanged'
      ? []
      : ([
          {
            rule: 'base-image',
            severity: outcome === 'ready' ? 'error' : outcome,
            range: { start, end: start + 8 },
            message: 'old is not hardened',
            why: 'the catalog has new',
            fix: 'replaced',
          },
        ] as const);
  const after = outcome === 'blocked' ? text : text.replaceAll('FROM old', 'FROM new');
  return { outcome, after, findings, changes: [], stages: [], files: [], contract: undefined };
};

const noCatalog: Catalog = {
  ...({} as Catalog),
  date: '2026-08-22',
  images: [],
};

/** Runs a command line against the fake compiler. */
export async function rehull(args: readonly string[], surroundings: Surroundings): Promise<Answer> {
  const chunks = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  const output = (name: 'stdout' | 'stderr') => ({
    write: (data: string | Uint8Array) => {
      chunks[name].push(Buffer.from(data as Uint8Array));
    },
    isTerminal: surroundings.isTerminal ?? false,
  });
  const io: Io = {
    cwd: surroundings.cwd,
    environment: surroundings.environment ?? {},
    stdout: output('stdout'),
    stderr: output('stderr'),
    readStdin: async () => Buffer.from((surroundings.stdin ?? '') as Uint8Array),
    onInterrupt: (stop) => {
      surroundings.interrupt?.(stop);
      return { forget: () => {} };
    },
  };
  const core: Core = {
    ...installedCore,
    compiler: async () => swapping,
    openCatalog: async () => ({ catalog: noCatalog, origin: 'a test', warning: undefined }),
    ...surroundings.core,
  };
  const code = await run(args, io, core, '9.9.9');
  const bytes = Buffer.concat(chunks.stdout);
  return { code, bytes, stdout: bytes.toString(), stderr: Buffer.concat(chunks.stderr).toString() };
}
