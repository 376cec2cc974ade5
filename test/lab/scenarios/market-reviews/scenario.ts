import type { Scenario } from '../../scenario.ts';

/** Ruby on its own image. */
export const scenario: Scenario = {
  project: 'examples/market/reviews',
};
