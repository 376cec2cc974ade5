import type { Scenario } from '../../scenario.ts';

/** A library of a package, opened by name, and all that it needs. */
export const scenario: Scenario = {};
