import type { Scenario } from '../../scenario.ts';

/** A site with configuration of its own, from port 80 to one that needs no rights. */
export const scenario: Scenario = {
  outcome: 'review',
  faults: [{ dockerfile: 'swapped.Dockerfile', problem: /never answers|the migrated program/ }],
};
