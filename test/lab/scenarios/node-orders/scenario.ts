import type { Scenario } from '../../scenario.ts';

/** Node on Alpine with npm start, a wget health check and a folder that it writes to. */
export const scenario: Scenario = {
  project: 'examples/node-orders',
  faults: [{ dockerfile: 'folder-not-owned.Dockerfile', rule: 'writable-paths', problem: /may not write to/ }],
  writes: ['/usr/src/app/data/orders.jsonl'],
};
