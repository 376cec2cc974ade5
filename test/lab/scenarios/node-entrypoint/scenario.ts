import type { Scenario } from '../../scenario.ts';

/** An entry script that sets a default; files are put up in a folder. */
export const scenario: Scenario = {
  faults: [{ dockerfile: 'swapped.Dockerfile', rule: 'no-shell-at-runtime', problem: /does not start/ }],
  writes: ['/srv/board/uploads/8.txt'],
};
