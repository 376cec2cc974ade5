import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/lab/*.lab.ts'],
    isolate: false,
    fileParallelism: false,
    // builds wait for downloads, and programs for signals, as much as for the processor
    maxConcurrency: 4,
    hookTimeout: 120_000,
    reporters: ['verbose', './test/closing-line.ts'],
  },
});
