import type { Scenario } from '../../scenario.ts';

/** A Go program that reads files beside it, on a static image. */
export const scenario: Scenario = {
  project: 'examples/go-links',
  outcome: 'review',
  readOnlyRoot: true,
};
