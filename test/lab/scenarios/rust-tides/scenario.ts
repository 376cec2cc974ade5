import type { Scenario } from '../../scenario.ts';

/** Rust on a static image. */
export const scenario: Scenario = {
  project: 'examples/rust-tides',
  readOnlyRoot: true,
  ignoresSigterm: true,
};
