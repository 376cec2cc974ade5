import type { Scenario } from '../../scenario.ts';

/** A C program linked to SQLite, with its file in a folder of its own. */
export const scenario: Scenario = {
  writes: ['/var/lib/counter/counts.db'],
};
