import type { Scenario } from '../../scenario.ts';

/** Python with a module compiled against libpq, a low port, and a log in a folder of its own. */
export const scenario: Scenario = {
  project: 'examples/claims-api',
  faults: [{ dockerfile: 'swapped.Dockerfile', rule: 'no-shell-at-runtime', problem: /has no shell/ }],
};
