import { writeFileSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import type { FileChange } from '../../../compile-result.ts';
import type { Task } from '../../../findings/task.ts';
import { describeProject, type RunDockerfile } from '../../../project/deployments.ts';
import { InputError, inputError } from '../../../project/input-error.ts';
import type { LoadedDockerfile } from '../../../project/load.ts';
import { type Replacement, replaceFiles } from '../../../project/replace-files.ts';
import { uncommitted } from '../../../project/uncommitted.ts';
import { type FileReport, noOutcomes } from '../../../reports/report.ts';
import { terminalFindings, terminalOutcome, terminalSummary, terminalTasks } from '../../../reports/terminal.ts';
import { encode } from '../../../text/encoding.ts';
import type { Deployments } from '../core.ts';
import { isFolder } from '../folder.ts';
import { type Format, render } from '../formats.ts';
import type { Compiled, Session } from '../session.ts';
import { readsStandardInput } from '../standard-input.ts';

export interface MigrateFlags {
  readonly write?: boolean;
  readonly allowDirty?: boolean;
  readonly patch?: string;
  readonly json?: boolean;
  readonly format?: Format;
}

/** One file of a run with all that changes with it. */
interface Answer {
  readonly report: FileReport;
  /** differences as they are shown, the file's own first */
  readonly diffs: readonly { readonly path: string; readonly before: string | undefined; readonly after: string }[];
  readonly replacements: readonly Replacement[];
  readonly tasks: readonly Task[];
}

/** `rehull migrate`. Returns the exit code. */
export async function migrate(session: Session, paths: readonly string[], flags: MigrateFlags): Promise<number> {
  const fromStdin = readsStandardInput(paths);
  if (fromStdin && flags.write)
    throw new InputError('--write needs a file; without it, - writes the new text to stdout');

  const counts = noOutcomes();
  const answers: Answer[] = [];
  const format = flags.json === true ? 'json' : flags.format;
  const keeps = format !== undefined || flags.write === true || flags.patch !== undefined;
  const follows = hasFolder(session, paths) || (format !== undefined && !fromStdin);
  const deployments = follows ? await session.core.deployments() : undefined;
  const tasks = new Map<string, Task>();
  let leftOut = false;
  for await (const answer of answersOf(session, paths, deployments)) {
    counts[answer.report.result.outcome] += 1;
    for (const task of answer.tasks) tasks.set(`${task.text}\n${task.command}`, task);
    // the text alone is not the whole of what has to change
    if (fromStdin && answer.diffs.length > 1) leftOut = true;
    if (keeps) answers.push(answer);
    else await print(session, answer, fromStdin, false);
  }
  const written = flags.write === true && (await writeAll(session, answers, flags));
  if (flags.patch !== undefined) await writePatch(session, answers, flags.patch);
  if (format !== undefined) {
    const files = answers.map(({ report }) => report);
    const report = { version: session.version, files, errors: session.errors, tasks: [...tasks.values()] };
    session.io.stdout.write(await render(report, format, true));
  } else {
    for (const answer of answers) await print(session, answer, fromStdin, written);
    const total = counts.ready + counts.review + counts.blocked + counts.unchanged;
    if (!session.flags.quiet && !fromStdin && total > 0) {
      const style = session.style(session.io.stderr);
      session.io.stderr.write(`${terminalSummary(counts, style)}${terminalTasks([...tasks.values()], style)}`);
    }
  }
  if (session.errors.length > 0) return 2;
  return counts.review + counts.blocked > 0 || leftOut ? 1 : 0;
}

/** Every Dockerfile of the run, then what follows from them in the other files of the folders that were named. */
async function* answersOf(
  session: Session,
  paths: readonly string[],
  deployments: Deployments | undefined,
): AsyncGenerator<Answer> {
  const dockerfiles: RunDockerfile[] = [];
  // what the project's rehull.yaml says holds for its other files as well
  let settings: Pick<LoadedDockerfile, 'options' | 'catalog'> | undefined;
  for await (const compiled of session.compile(paths, deployments)) {
    const { place, loaded, text, result } = compiled;
    settings ??= loaded;
    if (deployments !== undefined) dockerfiles.push({ path: place.path, context: loaded.context, text, result });
    const tasks = deployments?.tasks({ before: text, after: result.after }, [], loaded.options) ?? [];
    yield { ...answerOf(session, compiled), tasks };
  }
  if (deployments === undefined) return;
  // they are told and written with the files that they stand in
  for await (const { place, loaded, text, result } of session.compileInline(deployments)) {
    settings ??= loaded;
    dockerfiles.push({ path: place.path, context: loaded.context, text, result });
  }
  if (settings === undefined) return;
  for (const { folder, files } of session.folders) {
    if (files.length === 0) continue;
    const project = { ...describeProject(folder, session.io.cwd, dockerfiles), files };
    const bytes = new Map(files.map((file) => [file.path, file.bytes]));
    const catalog = await session.catalog(settings.catalog);
    for (const { path, text, result, tasks } of deployments.change(project, catalog, settings.options)) {
      const inFolder = (own: string) => (folder.path === '.' ? own : join(folder.path, own));
      const shown = inFolder(path);
      const { after } = result;
      yield {
        report: { path: shown, text, result },
        tasks: deployments.tasks({ before: text, after }, tasks, settings.options),
        diffs: [
          { path: shown, before: text, after },
          ...result.files.map((file) => ({ ...file, path: inFolder(file.path) })),
        ],
        replacements: [
          ...(after === text
            ? []
            : [{ path: join(folder.absolute, path), shown, before: bytes.get(path), bytes: encode(after) }]),
          ...result.files.map((file) => ({
            path: join(folder.absolute, file.path),
            shown: inFolder(file.path),
            before: file.before === undefined ? undefined : encode(file.before),
            bytes: encode(file.after),
            executable: file.executable,
          })),
        ],
      };
    }
  }
}

function hasFolder(session: Session, paths: readonly string[]): boolean {
  return paths.length === 0 || paths.some((path) => path !== '-' && isFolder(session.io.cwd, path));
}

function answerOf(session: Session, { place, loaded, text, result }: Compiled): Omit<Answer, 'tasks'> {
  const { path, bytes } = loaded.source;
  const beside = result.files.map((file) => ({ ...file, shown: shownPath(session, place.path, loaded.context, file) }));
  const replacements: Replacement[] = [];
  if (result.outcome !== 'blocked') {
    if (result.after !== text)
      replacements.push({
        path: resolve(session.io.cwd, place.path),
        shown: path,
        before: bytes,
        bytes: encode(result.after),
      });
    for (const { path: name, shown, before, after, executable } of beside)
      replacements.push({
        path: join(loaded.context ?? session.io.cwd, name),
        shown,
        before: before === undefined ? undefined : encode(before),
        bytes: encode(after),
        executable,
      });
  }
  return {
    report: { path: place.path, text, result },
    diffs: [
      { path: place.path, before: text, after: result.after },
      ...beside.map(({ shown, before, after }) => ({ path: shown, before, after })),
    ],
    replacements,
  };
}

/** A file of the context as a person finds it from the working directory; whole, where the Dockerfile was named so. */
function shownPath(session: Session, dockerfile: string, context: string | undefined, { path }: FileChange): string {
  if (context === undefined) return path;
  const whole = join(context, path);
  const inside = relative(session.io.cwd, whole);
  return inside.startsWith('..') && isAbsolute(dockerfile) ? whole : inside || path;
}

async function print(session: Session, answer: Answer, fromStdin: boolean, written: boolean): Promise<void> {
  const { report, diffs, replacements } = answer;
  const { stdout, stderr } = session.io;
  if (fromStdin) stdout.write(encode(report.result.after));
  else await printDiffs(session, diffs);
  if (!session.flags.quiet) {
    const style = session.style(stderr);
    const findings = terminalFindings(report, style);
    stderr.write(`${findings}${findings && '\n'}${terminalOutcome(report, written && replacements.length > 0, style)}`);
  }
  // standard output takes one text: what has to change beside it is named
  if (fromStdin)
    for (const [index, { path }] of diffs.slice(1).entries())
      session.warn(
        `${path} has to change too (${report.result.files[index]?.reasons[0]?.why ?? ''}); --json has its new text`,
      );
}

async function printDiffs(session: Session, diffs: Answer['diffs']): Promise<void> {
  const { terminalDiff } = await import('../../../reports/unified-diff.ts');
  const { stdout } = session.io;
  for (const diff of await texts(diffs)) {
    // a terminal gets a picture of it, a pipe the bytes that `git apply` needs
    stdout.write(stdout.isTerminal ? terminalDiff(diff, session.style(stdout)) : encode(diff));
  }
}

async function texts(diffs: Answer['diffs']): Promise<string[]> {
  const changed = diffs.filter(({ before, after }) => before !== after);
  if (changed.length === 0) return [];
  const { unifiedDiff } = await import('../../../reports/unified-diff.ts');
  return changed.map(({ path, before, after }) => unifiedDiff(path, before, after));
}

/** Replaces every file of the run, or none. */
async function writeAll(session: Session, answers: readonly Answer[], flags: MigrateFlags): Promise<boolean> {
  const byPath = new Map(answers.flatMap(({ replacements }) => replacements).map((each) => [each.path, each]));
  const replacements = [...byPath.values()];
  if (replacements.length === 0) return false;
  try {
    if (flags.allowDirty !== true) {
      const changed = await uncommitted(
        replacements.filter(({ before }) => before !== undefined).map(({ path }) => path),
      );
      const [first] = replacements.filter(({ path }) => changed.includes(path));
      if (first !== undefined) {
        const others = changed.length === 1 ? '' : ` and ${changed.length - 1} more`;
        throw new InputError(
          `nothing was written: ${first.shown}${others} ${changed.length === 1 ? 'is' : 'are'} not committed, and git could not bring back what is replaced; commit first, or add --allow-dirty`,
        );
      }
    }
    replaceFiles(replacements);
    return true;
  } catch (error) {
    session.fail(error);
    return false;
  }
}

/** All differences in one file that `git apply` takes. */
async function writePatch(session: Session, answers: readonly Answer[], path: string): Promise<void> {
  const diffs = await texts(answers.flatMap((answer) => answer.diffs));
  try {
    writeFileSync(resolve(session.io.cwd, path), encode(diffs.join('')));
  } catch (error) {
    session.fail(inputError('write', path, error));
  }
}
