import type { Scenario } from '../../scenario.ts';

/** An entry script that sets a default; files are put up in a folder. */
export const scenario: Scenario = {};
