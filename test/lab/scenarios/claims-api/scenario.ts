import type { Scenario } from '../../scenario.ts';

/** Python with a module compiled against libpq, a low port, and a log in a folder of its own. */
export const scenario: Scenario = {
  project: 'examples/claims-api',
  faults: [
    { dockerfile: 'swapped.Dockerfile', rule: 'no-shell-at-runtime', problem: /has no shell/ },
    { dockerfile: 'library-missing.Dockerfile', problem: /libpq\.so\.5/ },
    { dockerfile: 'one-library.Dockerfile', problem: /cannot open shared object file/ },
    { dockerfile: 'log-not-owned.Dockerfile', rule: 'writable-paths', problem: /may not write to .*claims\.log/ },
    { dockerfile: 'port-80.Dockerfile', rule: 'ports', problem: /rights that the migrated program does not have/ },
  ],
  writes: ['/var/log/claims-api/claims.log'],
};
