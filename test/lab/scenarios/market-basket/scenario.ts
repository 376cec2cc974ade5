import type { Scenario } from '../../scenario.ts';

/** Node on Alpine, npm start, and a folder beside the program. */
export const scenario: Scenario = {
  project: 'examples/market/basket',
};
