import type { Scenario } from '../../scenario.ts';

/** Caddy on Alpine, from port 80. */
export const scenario: Scenario = {
  project: 'examples/caddy-handbook',
};
