import type { Scenario } from '../../scenario.ts';

/** An entry script that sets a default; files are put up in a folder. */
export const scenario: Scenario = {
  faults: [
    {
      dockerfile: 'swapped.Dockerfile',
      rule: 'missing-interpreter',
      problem: /its interpreter or its loader is not in the image/,
    },
  ],
  writes: ['/srv/board/uploads/8.txt'],
};
