import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/lab/*.lab.ts'],
    isolate: false,
    fileParallelism: false,
    hookTimeout: 120_000,
    reporters: ['verbose', './test/closing-line.ts'],
  },
});
