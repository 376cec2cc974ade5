import type { Scenario } from '../../scenario.ts';

/** Four more ways of migrating claims-api that must fail. */
export const scenario: Scenario = {
  project: 'examples/claims-api',
  faults: [
    { dockerfile: 'library-missing.Dockerfile', problem: /libpq\.so\.5/ },
    { dockerfile: 'one-library.Dockerfile', problem: /cannot open shared object file/ },
    { dockerfile: 'log-not-owned.Dockerfile', rule: 'writable-paths', problem: /may not write to .*claims\.log/ },
    { dockerfile: 'port-80.Dockerfile', rule: 'ports', problem: /rights that the migrated program does not have/ },
  ],
  isDraft: true,
};
