import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // no test leaves anything behind, and a process for each file would take most of the time
    isolate: false,
    // on two cores vitest takes one worker, though many tests wait for other processes
    maxWorkers: availableParallelism(),
    // speed is measured in bench; this only ends what hangs, also on a machine with much else to do
    testTimeout: 120_000,
    reporters: ['default', './test/closing-line.ts'],
  },
});
