import { spawn } from 'node:child_process';

/** What a command that has ended has said. */
export interface Ended {
  /** undefined where it was ended because its time was over */
  readonly code: number | undefined;
  readonly out: string;
  /** both streams, as they came */
  readonly all: string;
}

export interface Limits {
  readonly seconds: number;
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A machine is too busy: that says nothing of what is to be tested. */
export class OutOfTime extends Error {}

/** Output that is kept of each stream. */
const KEPT = 8 * 1024 * 1024;

/** Runs a program to its end, and ends it with all that it started when its time is over. Never throws. */
export function attempt(program: string, args: readonly string[], limits: Limits): Promise<Ended> {
  return new Promise((done) => {
    const child = spawn(program, args, {
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...limits.environment },
    });
    let out = '';
    let all = '';
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      endGroup(child.pid);
    }, limits.seconds * 1000);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (out.length < KEPT) out += text;
      if (all.length < KEPT) all += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (all.length < KEPT) all += text;
    });
    child.stdin.on('error', () => {});
    child.stdin.end(limits.input ?? '');
    child.on('error', (error) => {
      clearTimeout(timer);
      done({ code: 127, out, all: `${all}${error.message}` });
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      done({ code: late ? undefined : (code ?? 128), out, all });
    });
  });
}

/** Runs a program that must succeed, and gives what it printed. */
export async function run(program: string, args: readonly string[], limits: Limits): Promise<string> {
  const { code, out, all } = await attempt(program, args, limits);
  if (code === 0) return out;
  const called = `${program} ${args.slice(0, 3).join(' ')}`;
  if (code === undefined) throw new OutOfTime(`${called}: not done after ${limits.seconds} s`);
  throw new Error(`${called}: exit ${code}\n${lastLines(all, 15)}`);
}

/** Runs a script in which every failure ends it; its arguments are $1, $2 and so on. */
export function bash(
  script: string,
  args: readonly string[],
  seconds: number,
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  return run('bash', ['--norc', '-euo', 'pipefail', '-c', script, 'lab', ...args], { seconds, environment });
}

export function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // it has ended by itself
  }
}
