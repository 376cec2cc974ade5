import type { Scenario } from '../../scenario.ts';

/** A program with some two hundred libraries. */
export const scenario: Scenario = {};
