import { compareAnswers } from './answers.ts';
import { type Cause, explain } from './explain.ts';
import type { Asked, Observation, ProbeResult } from './observe.ts';
import { probeText } from './scenario.ts';

/** Something that the migrated project does in another way than the original. */
export interface Difference {
  readonly kind: 'build' | 'start' | 'rights' | 'end' | 'answer' | 'command' | 'log' | 'health' | 'stop' | 'files';
  /** one sentence without a full stop */
  readonly message: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** false: told, since a person may want to know; it is no reason to call the two different */
  readonly counts: boolean;
  readonly causes: readonly Cause[];
}

/** What the two sides did, held against each other. `before` is known to work. */
export function compare(before: Observation, after: Observation): Difference[] {
  const differences = [
    ...compareStart(before, after),
    ...compareProbes(before, after),
    ...compareHealth(before, after),
    ...compareStop(before, after),
    ...compareFiles(before, after),
  ];
  const told = new Set(differences.flatMap(({ causes }) => causes.map(({ reason }) => reason)));
  return [...differences, ...newComplaints(before, after).filter(({ causes: [cause] }) => !told.has(cause!.reason))];
}

/** What a program printed, as far as failures are looked for in it. */
export function logOf({ stdout, stderr }: Observation): string {
  return `${stdout}\n${stderr}`;
}

/** Failures that the log of `after` tells and that of `before` does not. */
function complaints(before: Observation, after: Observation): Cause[] {
  const known = new Set(explain(logOf(before)).map(({ reason }) => reason));
  return explain(logOf(after)).filter(({ reason }) => !known.has(reason));
}

function compareStart(before: Observation, after: Observation): Difference[] {
  const start = (message: string, causes: readonly Cause[], was: string, is: string): Difference[] => [
    { kind: before.ended === undefined ? 'start' : 'end', message, before: was, after: is, counts: true, causes },
  ];
  const was = endText(before);
  if (after.startFailure !== undefined)
    return start('the migrated image does not start', explain(after.startFailure), was, lastLine(after.startFailure));
  const isEnded = after.ended !== undefined;
  if (before.ended === undefined) {
    if (isEnded) return start('the migrated program ends', complaintsOrLast(before, after), was, endText(after));
    const isLost = before.ready !== undefined && after.ready === undefined;
    return isLost
      ? start('the migrated program never answers', complaintsOrLast(before, after), was, endText(after))
      : [];
  }
  if (!isEnded) return start('the program ends no longer by itself', complaints(before, after), was, endText(after));
  if (before.ended.exitCode === after.ended.exitCode) return [];
  return start('the program ends with another code', complaintsOrLast(before, after), was, endText(after));
}

function endText({ ended, ready, stdout, stderr }: Observation): string {
  if (ended !== undefined) {
    const why = ended.outOfMemory ? ' (out of memory)' : '';
    const said = ended.exitCode === 0 ? '' : lastLine(stderr) || lastLine(stdout);
    return `ends with ${ended.exitCode}${why}${said === '' ? '' : `: ${said}`}`;
  }
  return ready === undefined ? 'runs' : `answers after ${ready.toFixed(1)} s`;
}

/** The last line that a program printed, for where nobody knows what it means. */
export function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)?.trim().slice(0, 500) ?? '';
}

function complaintsOrLast(before: Observation, after: Observation): Cause[] {
  const found = complaints(before, after);
  return found.length > 0 ? found : explain(logOf(after));
}

function compareProbes(before: Observation, after: Observation): Difference[] {
  return before.asked.flatMap((asked, index) => {
    const other = after.asked[index];
    return other === undefined ? [] : compareProbe(asked, other, complaints(before, after));
  });
}

function compareProbe({ probe, results }: Asked, other: Asked, causes: readonly Cause[]): Difference[] {
  const name = probeText(probe);
  return results.slice(0, 1).flatMap((was): Difference[] => {
    const is = other.results[0]!;
    const differs = (kind: Difference['kind'], message: string, first: string, second: string): Difference => ({
      kind,
      message,
      before: first,
      after: second,
      counts: true,
      causes,
    });
    if (probe.kind === 'http' && was.kind === 'http' && is.kind === 'http') {
      const again = results.at(-1) as Extract<ProbeResult, { kind: 'http' }>;
      const unlike = compareAnswers(was.answer, again.answer, is.answer, probe.ignore);
      return unlike.map(({ what, before, after }) =>
        differs('answer', `${name}: the ${what} is another`, before, after),
      );
    }
    if (was.kind === 'command' && is.kind === 'command')
      return was.code === is.code
        ? []
        : [differs('command', `${name} ends with another code`, `${was.code}`, `${is.code}: ${lastLine(is.output)}`)];
    if (was.kind === 'log' && is.kind === 'log')
      return was.found === is.found ? [] : [differs('log', `${name} is missing`, 'printed', 'not printed')];
    return [];
  });
}

function compareHealth({ health: was }: Observation, { health: is, ended, startFailure }: Observation): Difference[] {
  if (was === undefined || ended !== undefined || startFailure !== undefined) return [];
  if (is === undefined)
    return [
      {
        kind: 'health',
        message: 'the migrated image has no health check: let the orchestrator ask',
        before: was.status,
        after: 'none',
        counts: false,
        causes: [],
      },
    ];
  if (was.status === is.status || is.status === 'healthy') return [];
  return [
    {
      kind: 'health',
      message: 'the health check fails',
      before: was.status,
      after: is.output === '' ? is.status : `${is.status}: ${lastLine(is.output)}`,
      counts: true,
      causes: explain(is.output),
    },
  ];
}

function compareStop({ stop: was }: Observation, { stop: is }: Observation): Difference[] {
  if (was === undefined || is === undefined) return [];
  const texts = { before: stopText(was), after: stopText(is) };
  if (is.killed && !was.killed)
    return [
      {
        kind: 'stop',
        message: 'the migrated program does not end on SIGTERM',
        ...texts,
        counts: true,
        causes: [
          {
            rule: 'termination-signal',
            reason: 'process 1 of a container gets only the signals that it handles itself',
            fix: 'handle SIGTERM in the program, or run the container with an init (docker run --init, init: true in Compose)',
            evidence: texts.after,
          },
        ],
      },
    ];
  if (is.exitCode === was.exitCode) return [];
  return [{ kind: 'stop', message: 'the program ends in another way on SIGTERM', ...texts, counts: false, causes: [] }];
}

function stopText({ exitCode, seconds, killed }: NonNullable<Observation['stop']>): string {
  return killed ? `killed after ${seconds.toFixed(1)} s` : `ends with ${exitCode} after ${seconds.toFixed(1)} s`;
}

/** What is written for a program's own convenience, or under a name that nobody else knows. */
const passingFiles =
  /\/__pycache__(\/|$)|\.pyc$|^\/(?:tmp|var\/tmp|run|var\/run|dev|proc|sys|root)(?:\/|$)|\/\.(?:cache|npm|config|local)(?:\/|$)|\.pid$/;
/** Where entrypoints of images lay configuration and caches as root: what counts of it is seen in the answers. */
const systemFiles = /^\/(?:etc|usr|lib|var\/cache|var\/lib\/(?:apt|dpkg))\//;
const shownFiles = 5;

/** The files among what a container wrote that a migrated program is expected to write as well. */
export function keptFiles({ written }: Pick<Observation, 'written'>): Observation['written'] {
  const folders = new Set(written.map(({ path }) => path.slice(0, Math.max(0, path.lastIndexOf('/')))));
  return written.filter(({ path, kind }) => kind !== 'D' && !folders.has(path) && !passingFiles.test(path));
}

/** Files that the original writes and the migrated program does not, by names without their numbers. */
function compareFiles(before: Observation, after: Observation): Difference[] {
  if (after.startFailure !== undefined || (after.ended !== undefined && before.ended === undefined)) return [];
  const general = (path: string) => path.replace(/\d+/g, '#');
  const written = new Set([...keptFiles(after).map(({ path }) => path), ...after.existing].map(general));
  const missing = keptFiles(before).flatMap(({ path }) => (written.has(general(path)) ? [] : [path]));
  const tell = (paths: readonly string[], counts: boolean): Difference[] => {
    if (paths.length === 0) return [];
    const more = paths.length > shownFiles ? ` and ${paths.length - shownFiles} more` : '';
    return [
      {
        kind: 'files',
        message: 'the migrated program does not write what the original writes',
        before: `${paths.slice(0, shownFiles).join(', ')}${more}`,
        after: undefined,
        counts,
        causes: counts ? complaints(before, after) : [],
      },
    ];
  };
  return [
    ...tell(
      missing.filter((path) => !systemFiles.test(path)),
      true,
    ),
    ...tell(
      missing.filter((path) => systemFiles.test(path)),
      false,
    ),
  ];
}

/** A program that goes on may still say that something failed. */
function newComplaints(before: Observation, after: Observation): Difference[] {
  return complaints(before, after).map((cause) => ({
    kind: 'log',
    message: 'the migrated program tells of a failure that the original does not have',
    before: undefined,
    after: cause.evidence,
    counts: true,
    causes: [cause],
  }));
}
