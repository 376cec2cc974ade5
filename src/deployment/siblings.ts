import type { Listening } from './addresses.ts';
import { composeFilesOf, movedHosts } from './compose-stack.ts';
import type { Surroundings } from './deployment.ts';
import { servicePorts } from './kubernetes-services.ts';

/** The containers that a project's files may name, and whose port moved. */
export interface Siblings {
  readonly hosts: ReadonlyMap<string, Listening>;
  /** ports of Services of Kubernetes by their name: these stay */
  readonly services: ReadonlyMap<string, ReadonlySet<number>>;
}

const known = new WeakMap<Surroundings, Siblings>();

/** The names by which files that no Compose file holds may call containers of it. */
export function siblingHosts(around: Surroundings): Siblings {
  let siblings = known.get(around);
  if (siblings === undefined) {
    siblings = { hosts: movedHosts(composeFilesOf(around), around), services: servicePorts(around) };
    known.set(around, siblings);
  }
  return siblings;
}
