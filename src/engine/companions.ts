import type { Belongings, Side } from './belongings.ts';
import { build } from './build.ts';
import { Container, type Reach } from './container.ts';
import type { Docker } from './docker.ts';
import { EngineRefused } from './engine-refused.ts';
import { ask } from './http.ts';
import { type ImageFacts, imageFacts } from './image-facts.ts';
import type { Companion } from './scenario.ts';
import { healthOf, Watch } from './watch.ts';

/** A companion whose image is there. */
export interface PreparedCompanion {
  readonly companion: Companion;
  readonly image: string;
  readonly facts: ImageFacts;
}

const pullPatience = 30 * 60_000;
/** seconds */
const startPatience = 120;

/** Builds or pulls what a companion starts from; the same image serves both sides. Throws EngineRefused. */
export async function prepareCompanion(
  docker: Docker,
  belongings: Belongings,
  companion: Companion,
  progress: (line: string, isDetail: boolean) => void,
): Promise<PreparedCompanion> {
  const { image, name } = companion;
  const onLine = (line: string) => progress(line, true);
  if (typeof image !== 'string') {
    progress(`building ${name}`, false);
    const built = await build(docker, belongings, 'before', name, image, onLine);
    if ('failure' in built) {
      const last = built.failure.trimEnd().split('\n').at(-1);
      throw new EngineRefused(`${name}, which the project needs, does not build: ${last}`);
    }
    return { companion, image: built.image, facts: await imageFacts(docker, built.image) };
  }
  if (!/^[\w][\w.:/@-]*$/.test(image)) throw new EngineRefused(`${JSON.stringify(image)} is no image for ${name}`);
  const { code } = await docker.call(['image', 'inspect', '--format={{.Id}}', image]);
  if (code !== 0) {
    progress(`pulling ${image} for ${name}`, false);
    await docker.ask(['image', 'pull', image], { timeout: pullPatience, onLine });
  }
  return { companion, image, facts: await imageFacts(docker, image) };
}

/** Starts a companion and waits until it can be used: its line is printed, its check holds, or its port is open. */
export async function startCompanion(
  docker: Docker,
  belongings: Belongings,
  reach: Reach,
  side: Side,
  { companion: run, image, facts }: PreparedCompanion,
  tell: (line: string) => void,
): Promise<void> {
  tell(`starting ${run.name}`);
  const ports = [...new Set([...facts.ports, ...run.ports])];
  const { hasHealthCheck } = facts;
  const container = await Container.create(
    docker,
    belongings,
    { side, run, image, ports, hasHealthCheck, hardening: undefined },
    reach,
  );
  const failure = await container.start();
  if (failure !== undefined)
    throw new EngineRefused(`${run.name}, which the project needs, does not start: ${failure}`);
  const watch = new Watch(container, Date.now(), docker);
  const isUp = async () => {
    if (run.log !== undefined) {
      const { stdout, stderr } = await container.log();
      return stdout.includes(run.log) || stderr.includes(run.log);
    }
    if (ports.length === 0) return true;
    for (const port of ports) {
      const address = container.address(port);
      if (address === undefined) continue;
      const { kind } = await ask(address, { method: 'GET', path: '/', headers: {}, body: undefined });
      if (kind !== 'closed') return true;
    }
    return false;
  };
  const isReady = await watch.until(isUp, startPatience);
  if (!watch.isRunning) {
    const { stdout, stderr } = await container.log();
    const last = `${stdout}\n${stderr}`.trimEnd().split('\n').at(-1);
    throw new EngineRefused(`${run.name}, which the project needs, ends: ${last}`);
  }
  if (!isReady) throw new EngineRefused(`${run.name}, which the project needs, is not ready within ${startPatience} s`);
  if (hasHealthCheck || run.healthCheck !== undefined) await healthOf(container, watch, run.healthCheck);
}
