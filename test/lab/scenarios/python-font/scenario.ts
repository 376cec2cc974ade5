import type { Scenario } from '../../scenario.ts';

/** A font. */
export const scenario: Scenario = {
  readOnlyRoot: true,
};
