import type { Scenario } from '../../scenario.ts';

/** A site with its configuration under another name, from port 80. */
export const scenario: Scenario = {
  project: 'examples/nginx-allotment',
};
