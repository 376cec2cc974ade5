import type { Scenario } from '../../scenario.ts';

/** Flask on port 80 in shell form. */
export const scenario: Scenario = {
  project: 'examples/helm-notes',
};
