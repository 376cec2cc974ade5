import type { Scenario } from '../../scenario.ts';

/** Perl on its own image, in shell form on port 80. */
export const scenario: Scenario = {};
