import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { attempt } from './command.ts';
import { Lab } from './lab.ts';
import type { Scenario } from './scenario.ts';
import { type Trial, tryImage } from './trial.ts';

/*
 * Every folder of scenarios/ is a project that is built and run as it is, as rehull migrates it, and in ways that
 * must fail. Where this machine can have no engine, that is said and nothing is run.
 */
const here = dirname(fileURLToPath(import.meta.url));
const repository = join(here, '../..');
const only = process.env.REHULL_LAB_ONLY?.split(',');
const deadline = Number(process.env.REHULL_LAB_DEADLINE ?? Number.POSITIVE_INFINITY);
const names = readdirSync(join(here, 'scenarios')).filter((name) => only === undefined || only.includes(name));

const opened = await Lab.open();
if (typeof opened === 'string') console.log(`lab: not run here: ${opened}`);
else console.log(`lab: ${opened.engine.name}, ${opened.engine.own ? 'started for this run' : 'found running'}`);
const work = mkdtempSync(join(tmpdir(), 'rehull-lab-work-'));

afterAll(async () => {
  rmSync(work, { recursive: true, force: true });
  if (typeof opened !== 'string') await opened.close();
});

describe.skipIf(typeof opened === 'string')('scenarios', () => {
  const lab = opened as Lab;
  for (const name of names) {
    test(name, { timeout: 900_000 }, async ({ skip }) => {
      if (Date.now() > deadline) skip('no time was left');
      const folder = join(here, 'scenarios', name);
      const { scenario } = (await import(pathToFileURL(join(folder, 'scenario.ts')).href)) as { scenario: Scenario };
      const project = scenario.project === undefined ? join(folder, 'project') : join(repository, scenario.project);
      const original = readFileSync(join(project, 'Dockerfile'), 'utf8');

      const migrated = await migrate(project, name, scenario);

      const before = await lab.build(project, original, `lab-${name}:before`);
      if ('failure' in before) {
        if (before.isNetwork) skip(`the original cannot be built here: ${before.failure}`);
        expect.fail(`the original ${before.failure}`);
      }
      const was = await tryImage(lab.engine, before.image, scenario, false);
      expect(was.problems, 'the original works').toEqual([]);

      const after = await lab.build(migrated, readFileSync(join(migrated, 'Dockerfile'), 'utf8'), `lab-${name}:after`);
      if ('failure' in after) expect.fail(`what rehull made of it ${after.failure}`);
      compare(was, await tryImage(lab.engine, after.image, scenario, true));

      for (const { dockerfile, problem } of scenario.faults ?? []) {
        const text = readFileSync(join(folder, dockerfile), 'utf8');
        const built = await lab.build(project, text, `lab-${name}:${dockerfile.replace(/\W.*/, '')}`);
        const problems =
          'failure' in built ? [built.failure] : (await tryImage(lab.engine, built.image, scenario, true)).problems;
        expect(problems.join('\n'), `${dockerfile} fails`).toMatch(problem);
      }
    });
  }
});

/** A copy of the project, as the command line rewrites it. */
async function migrate(project: string, name: string, { outcome = 'ready' }: Scenario): Promise<string> {
  const copy = join(work, name);
  cpSync(project, copy, { recursive: true, filter: (path) => !path.endsWith('node_modules') });
  const command = [join(repository, 'dist/rehull.js'), 'migrate', copy, '--write', '--json', '--quiet'];
  const { out, all } = await attempt(process.execPath, command, { seconds: 60 });
  expect(existsSync(join(repository, 'dist/rehull.js')), 'npm run build was run').toBe(true);
  expect(out, all).toContain(`"outcome":"${outcome}"`);
  return copy;
}

/** The migrated image does what the original did, and not as root. */
function compare(before: Trial, after: Trial): void {
  expect(after.problems, 'what rehull made of it works').toEqual([]);
  expect(after.answers, 'the answers are the same').toEqual(before.answers);
  if (after.uid !== undefined) expect(after.uid, 'it does not run as root').not.toBe(0);
  if (before.stopped) expect(after.stopped, 'it stops when asked to').toBe(true);
}
