import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { bash, lastLines } from './command.ts';
import type { Lab } from './lab.ts';
import { isNetworkFailure } from './network-failure.ts';
import { inspect, migrate } from './rehull.ts';

const scenarios = fileURLToPath(new URL('scenarios', import.meta.url));
const LOADER = process.arch === 'arm64' ? '/lib/ld-linux-aarch64.so.1' : '/lib64/ld-linux-x86-64.so.2';

/** claims-api, migrated by hand: two of these lack libraries. */
const VARIANTS = ['library-missing.Dockerfile', 'one-library.Dockerfile', 'log-not-owned.Dockerfile'];

/**
 * Holds what `rehull inspect` says of libraries against the loader of the image itself, which lists what it finds as
 * ldd does, and against a real start of the module. Gives back why it cannot, where it cannot.
 */
export async function inspectionsAgree(lab: Lab, project: string, work: string): Promise<string | undefined> {
  const migrated = join(work, 'migrated.Dockerfile');
  writeFileSync(migrated, (await migrate(project)).after);
  for (const path of [migrated, ...VARIANTS.map((name) => join(scenarios, 'claims-api-faults', name))]) {
    const image = 'rehull-lab/inspected:1';
    const absent = await lab.provide(readFileSync(path, 'utf8'));
    if (absent !== undefined) return absent;
    const built = await lab.engine.attempt(['build', '--network=host', '-t', image, '-f', path, project], 600);
    if (built.code !== 0 && isNetworkFailure(built.all))
      return `${path} cannot be built here: ${lastLines(built.all, 3)}`;
    expect(built.code, `${path}: ${lastLines(built.all, 10)}`).toBe(0);
    try {
      const findings = await inspect(image, lab.engine.environment);
      const said = findings.flatMap(({ rule, message }) =>
        rule === 'missing-library' ? [message.replace(/ is missing.*/, '')] : [],
      );
      const missing = await missingFor(lab, image);
      expect([...new Set(said)].sort(), path).toEqual(missing);
      const run = await lab.engine.attempt(['run', '--rm', image, 'python3', '-c', 'import psycopg2'], 60);
      expect(run.code === 0, `${path}: ${run.all}`).toBe(missing.length === 0);
      if (path === migrated) expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    } finally {
      await lab.engine.attempt(['image', 'rm', '-f', image]);
    }
  }
  return undefined;
}

/** What the loader of an image does not find for the modules in its virtual environment. */
async function missingFor(lab: Lab, image: string): Promise<string[]> {
  const container = (await lab.engine.docker(['create', image])).trim();
  const script = 'docker export "$1" | tar -t | grep -E "^opt/venv/.*[.]so$"';
  const modules = (await bash(script, [container], 120, lab.engine.environment)).trim().split('\n');
  await lab.engine.attempt(['rm', '-f', container]);
  const missing = new Set<string>();
  for (const module of modules) {
    const listed = await lab.engine.attempt(['run', '--rm', '--entrypoint', LOADER, image, '--list', `/${module}`]);
    for (const [, name] of listed.all.matchAll(/^\s*(\S+) => not found/gm)) missing.add(name!);
  }
  return [...missing].sort();
}
