import { resolve } from 'node:path';
import { Interrupted } from '../../../engine/docker.ts';
import { EngineRefused } from '../../../engine/engine-refused.ts';
import { type ProofInput, prove as proveWithEngine } from '../../../engine/prove.ts';
import { assertText, readDockerfile } from '../../../project/dockerfile-source.ts';
import { InputError } from '../../../project/input-error.ts';
import { visible } from '../../../reports/clean-text.ts';
import { type ProofReport, proofText, proofVerdict } from '../../../reports/proof.ts';
import { encode } from '../../../text/encoding.ts';
import type { Compiled, Session } from '../session.ts';
import type { ProveFlags } from './prove-flags.ts';

/** `rehull prove`: builds and runs projects as they are and as they are migrated. Returns the exit code. */
export async function prove(session: Session, paths: readonly string[], flags: ProveFlags): Promise<number> {
  if (paths.includes('-')) throw new InputError('a proof needs the project on disk: name a file or a directory');
  const own = flags.migrated === undefined ? undefined : readMigrated(session, flags.migrated);
  const files: Compiled[] = [];
  for await (const compiled of session.compile(paths)) {
    const isOwn = own !== undefined && resolve(session.io.cwd, compiled.place.path) === own.path;
    if (!isOwn) files.push(compiled);
  }
  if (own !== undefined && files.length > 1)
    throw new InputError(
      `--migrated ${flags.migrated} stands for one Dockerfile, and there are ${files.length}; name one`,
    );

  const stop = new AbortController();
  let signal: keyof typeof endedBy | undefined;
  const interrupts = session.io.onInterrupt((received) => {
    if (signal === undefined) session.warn(`${received}: removing what was started`);
    signal ??= received;
    stop.abort();
  });
  const reports: ProofReport['proofs'][number][] = [];
  try {
    for (const compiled of files) {
      const report = await proven(session, compiled, own, flags, stop.signal);
      if (report !== undefined) reports.push(report);
    }
  } catch (error) {
    if (error instanceof Interrupted) return endedBy[signal ?? 'SIGTERM'];
    if (error instanceof EngineRefused) throw new InputError(error.message, { cause: error });
    throw error;
  } finally {
    interrupts.forget();
  }
  const report: ProofReport = { version: session.version, proofs: reports, errors: session.errors };
  session.io.stdout.write(await render(session, report, flags.format));
  if (session.errors.length > 0) return 2;
  return Math.max(0, ...reports.map((each) => exitCodes[proofVerdict(each)]));
}

/** seconds */
const usualWait = 60;
/** what engines give by default */
const usualGrace = 10;

const exitCodes = { same: 0, nothing: 0, differs: 1, cannot: 2 } as const;
/** As shells count: 128 and the number of the signal. */
const endedBy = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

function readMigrated(session: Session, path: string): { readonly bytes: Uint8Array; readonly path: string } {
  const absolute = resolve(session.io.cwd, path);
  const { bytes } = readDockerfile(absolute, path);
  assertText(path, bytes);
  return { bytes, path: absolute };
}

async function proven(
  session: Session,
  { place, loaded, text, result }: Compiled,
  own: { readonly bytes: Uint8Array; readonly path: string } | undefined,
  flags: ProveFlags,
  signal: AbortSignal,
): Promise<ProofReport['proofs'][number] | undefined> {
  const about = { path: place.path, outcome: own === undefined ? result.outcome : undefined, result };
  const isUntouched = result.after === text && result.files.length === 0;
  if (own === undefined && (result.outcome === 'blocked' || isUntouched)) return { ...about, proof: undefined };
  const path = resolve(session.io.cwd, place.path);
  const { context, options, prove: said = {} } = loaded;
  const shared = {
    context,
    target: options.target,
    buildArgs: options.buildArgs ?? {},
    network: flags.buildNetwork ?? said.buildNetwork,
  };
  const input: ProofInput = {
    before: { ...shared, dockerfile: loaded.source.bytes, path, files: [] },
    after:
      own === undefined
        ? {
            ...shared,
            dockerfile: encode(result.after),
            path,
            files: result.files.map((file) => ({ ...file, bytes: encode(file.after) })),
          }
        : { ...shared, dockerfile: own.bytes, path: own.path, files: [] },
    scenario: {
      environment: said.environment ?? {},
      probes: said.probes ?? [],
      wait: flags.wait ?? said.wait ?? usualWait,
      grace: flags.grace ?? said.grace ?? usualGrace,
    },
    hardening: { readOnlyRoot: flags.readOnlyRoot === true },
  };
  const proof = await proveWithEngine(input, {
    environment: session.io.environment,
    signal,
    progress: (line, isDetail) => tellProgress(session, place.path, line, isDetail),
  });
  return { ...about, proof };
}

const widestDetail = 100;

/** What a builder prints passes by on a terminal; what is done stays. */
function tellProgress(session: Session, path: string, line: string, isDetail: boolean): void {
  const { stderr } = session.io;
  if (session.flags.quiet) return;
  const clear = stderr.isTerminal ? '\r\u001b[K' : '';
  if (!isDetail) stderr.write(`${clear}${visible(path)}: ${visible(line)}\n`);
  else if (stderr.isTerminal && line.trim() !== '')
    stderr.write(`${clear}  ${visible(line.trim().slice(0, widestDetail))}`);
}

async function render(session: Session, report: ProofReport, format: ProveFlags['format']): Promise<string> {
  switch (format) {
    case 'terminal':
      return proofText(report, session.style(session.io.stdout));
    case 'json':
      return (await import('../../../reports/proof-json.ts')).proofJson(report);
    case 'markdown':
      return (await import('../../../reports/proof-markdown.ts')).proofMarkdown(report);
  }
}
