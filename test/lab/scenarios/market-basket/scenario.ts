import type { Scenario } from '../../scenario.ts';

/** Node on Alpine with npm start, a folder beside the program, and no handler for SIGTERM. */
export const scenario: Scenario = {
  project: 'examples/market/basket',
  outcome: 'review',
  foretold: { rule: 'termination-signal', problem: /does not end on SIGTERM/ },
  ignoresSigterm: true,
  writes: ['/app/data/basket.json'],
};
