import type { Scenario } from '../../scenario.ts';

/** Python that writes beside its program, listening where PORT says. */
export const scenario: Scenario = {
  project: 'examples/compose-shop/web',
  writes: ['/app/counts/visits'],
  ignoresSigterm: true,
};
