import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // no test leaves anything behind, and a process for each file would take most of the time
    isolate: false,
    testTimeout: 20_000,
    reporters: ['default', './test/closing-line.ts'],
  },
});
