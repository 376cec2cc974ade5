import type { Scenario } from '../../scenario.ts';

/** A Go program from Wolfi images. */
export const scenario: Scenario = {
  project: 'examples/wolfi-go',
  readOnlyRoot: true,
};
