import type { Scenario } from '../../scenario.ts';

/** PHP on its own image, from port 80. */
export const scenario: Scenario = {
  project: 'examples/market/mail',
  ignoresSigterm: true,
};
