import type { Scenario } from '../../scenario.ts';

/** A worker without a port, installed by uv, that writes into a volume. */
export const scenario: Scenario = {
  project: 'examples/python-uv-worker',
};
