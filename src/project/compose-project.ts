import fs from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { type ComposeRun, interpolate, runsOf } from '../deployment/compose-runs.ts';
import type { ProjectFile } from '../deployment/deployment.ts';
import type { RunInput } from '../engine/scenario.ts';

/** The names by which Compose finds its file, the first that is there. */
const usualNames = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];
const maximumVariables = 1024 * 1024;

type Variables = Readonly<Record<string, string | undefined>>;

/** The Compose file that stands for each folder of a project, as `docker compose` chooses it. */
export function composeFiles(files: readonly ProjectFile[]): ProjectFile[] {
  const chosen = new Map<string, ProjectFile>();
  for (const file of files) {
    const place = usualNames.indexOf(basename(file.path));
    if (place === -1) continue;
    const known = chosen.get(dirname(file.path));
    if (known === undefined || place < usualNames.indexOf(basename(known.path))) chosen.set(dirname(file.path), file);
  }
  return [...chosen.values()];
}

/** The services of a Compose file below `root`, with the variables of the shell and of `.env` beside it. */
export function composeServices(file: ProjectFile, root: string, shell: Variables): ComposeRun[] {
  const folder = join(root, dirname(file.path));
  return runsOf(file, { ...readVariables(join(folder, '.env'), shell), ...shell });
}

/** A service as an engine runs it, and what of it was left out: one sentence each. */
export function runInputOf(
  service: ComposeRun,
  root: string,
  context: string | undefined,
): { readonly run: RunInput; readonly leftOut: readonly string[] } {
  const folder = join(root, service.folder);
  const leftOut = service.unread.map((key) => `${key} of ${service.name} cannot be read, and was left out`);
  const environment: Record<string, string> = {};
  for (const file of service.environmentFiles) Object.assign(environment, readVariables(resolve(folder, file), {}));
  const mounts: RunInput['mounts'][number][] = [];
  for (const { source, target, isVolume } of service.mounts) {
    const path = isVolume ? undefined : resolve(folder, source);
    if (path !== undefined && context !== undefined && `${context}${sep}`.startsWith(`${path}${sep}`))
      leftOut.push(`${source} on ${target} of ${service.name} lays the sources over what is built, and was left out`);
    else if (path?.endsWith('.sock') === true)
      leftOut.push(`${source} of ${service.name} is a socket of this machine, and was left out`);
    else mounts.push({ target, source: path });
  }
  const { name, entrypoint, command, user, workdir, ports, healthCheck } = service;
  return {
    run: {
      name,
      environment: { ...environment, ...service.environment },
      entrypoint,
      command,
      user,
      workdir,
      ports,
      mounts,
      healthCheck,
    },
    leftOut,
  };
}

/** A service's needs, and theirs, in the order in which they can be started. */
export function neededBy(service: ComposeRun, all: readonly ComposeRun[]): ComposeRun[] {
  const ordered: ComposeRun[] = [];
  const visited = new Set([service.name]);
  const visit = (names: readonly string[]) => {
    for (const name of names) {
      const found = all.find((one) => one.name === name);
      if (found === undefined || visited.has(name)) continue;
      visited.add(name);
      visit(found.needs);
      ordered.push(found);
    }
  };
  visit(service.needs);
  return ordered;
}

/** `NAME=value` a line, as in `.env`; none where the file cannot be read. */
function readVariables(path: string, shell: Variables): Record<string, string> {
  const found: Record<string, string> = Object.create(null);
  let text: string;
  try {
    if (fs.statSync(path).size > maximumVariables) return found;
    text = fs.readFileSync(path, 'utf8');
  } catch {
    return found;
  }
  for (const line of text.split(/\r?\n/)) {
    const [, name, value] = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*=\s*(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) continue;
    const [, single] = /^'([^']*)'/.exec(value) ?? [];
    const [, double] = /^"((?:[^"\\]|\\.)*)"/.exec(value) ?? [];
    if (single !== undefined) found[name] = single;
    else {
      const plain = double?.replace(/\\(["\\$])/g, '$1') ?? value.replace(/\s+#.*$/, '').trim();
      found[name] = interpolate(plain, { ...found, ...shell });
    }
  }
  return found;
}
