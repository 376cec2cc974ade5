import type { Scenario } from '../../scenario.ts';

/** Python of a bare distribution becomes the image of the language. */
export const scenario: Scenario = {
  project: 'examples/ubuntu-flask',
  ignoresSigterm: true,
};
