import { resolve } from 'node:path';
import { Interrupted } from '../../../engine/docker.ts';
import { EngineRefused } from '../../../engine/engine-refused.ts';
import { prove as proveWithEngine } from '../../../engine/prove.ts';
import { assertText, readDockerfile } from '../../../project/dockerfile-source.ts';
import { InputError } from '../../../project/input-error.ts';
import { visible } from '../../../reports/clean-text.ts';
import { type FileProof, type ProofReport, proofText, proofVerdict } from '../../../reports/proof.ts';
import { isFolder } from '../folder.ts';
import { type OwnMigration, type ProofJob, proofJobs } from '../proof-jobs.ts';
import type { Compiled, Session } from '../session.ts';
import type { ProveFlags } from './prove-flags.ts';

/** `rehull prove`: builds and runs projects as they are and as they are migrated. Returns the exit code. */
export async function prove(session: Session, path: string, flags: ProveFlags): Promise<number> {
  if (path === '-') throw new InputError('a proof needs the project on disk: name a file or a directory');
  const own = flags.migrated === undefined ? undefined : readMigrated(session, flags.migrated);
  const deployments = isFolder(session.io.cwd, path) ? await session.core.deployments() : undefined;
  const files: Compiled[] = [];
  for await (const compiled of session.compile([path], deployments)) {
    const isOwn = own !== undefined && resolve(session.io.cwd, compiled.place.path) === own.path;
    if (!isOwn) files.push(compiled);
  }
  if (own !== undefined && files.length > 1)
    throw new InputError(
      `--migrated ${flags.migrated} stands for one Dockerfile, and there are ${files.length}; name one`,
    );
  const jobs = await proofJobs(session, files, deployments, own);

  const stop = new AbortController();
  let signal: keyof typeof endedBy | undefined;
  const interrupts = session.io.onInterrupt((received) => {
    if (signal === undefined) session.warn(`${received}: removing what was started`);
    signal ??= received;
    stop.abort();
  });
  const reports: FileProof[] = [];
  try {
    for (const job of jobs) reports.push(await proven(session, job, own !== undefined, flags, stop.signal));
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

function readMigrated(session: Session, path: string): OwnMigration {
  const absolute = resolve(session.io.cwd, path);
  const { bytes } = readDockerfile(absolute, path);
  assertText(path, bytes);
  return { bytes, path: absolute };
}

async function proven(
  session: Session,
  job: ProofJob,
  isOwn: boolean,
  flags: ProveFlags,
  signal: AbortSignal,
): Promise<FileProof> {
  const { place, loaded, text, result } = job.compiled;
  const about = { path: place.path, service: job.service, outcome: isOwn ? undefined : result.outcome, result };
  const isUntouched = result.after === text && result.files.length === 0;
  if (!isOwn && (result.outcome === 'blocked' || isUntouched)) return { ...about, proof: undefined };
  for (const line of job.leftOut) session.warn(line);
  const said = loaded.prove ?? {};
  const network = flags.buildNetwork ?? said.buildNetwork;
  const side = ({ build, run }: ProofJob['before']) => ({
    build: { ...build, network },
    run: { ...run, environment: { ...run.environment, ...said.environment }, command: said.command ?? run.command },
  });
  const companions = [...(said.services ?? []), ...job.companions];
  const proof = await proveWithEngine(
    {
      before: side(job.before),
      after: side(job.after),
      scenario: {
        probes: said.probes ?? [],
        wait: flags.wait ?? said.wait ?? usualWait,
        grace: flags.grace ?? said.grace ?? usualGrace,
        companions: companions.map((each) =>
          typeof each.image === 'string' ? each : { ...each, image: { ...each.image, network } },
        ),
      },
      hardening: { readOnlyRoot: flags.readOnlyRoot === true },
    },
    {
      environment: session.io.environment,
      signal,
      progress: (line, isDetail) => tellProgress(session, place.path, line, isDetail),
    },
  );
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
