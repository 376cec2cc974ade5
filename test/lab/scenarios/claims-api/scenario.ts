import type { Scenario } from '../../scenario.ts';

/** Python with a module compiled against libpq, a low port, and a log in a folder of its own. */
export const scenario: Scenario = {
  project: 'examples/claims-api',
  environment: { DATABASE_URL: 'postgresql://127.0.0.1:1/none' },
  probes: [
    { path: '/health', answer: /"status":"ok"/ },
    { path: '/claims/none', status: 404 },
  ],
  writes: ['/var/log/claims-api/claims.log'],
  faults: [
    { dockerfile: 'swapped.Dockerfile', problem: /\/bin\/sh.*no such file or directory/ },
    { dockerfile: 'library-missing.Dockerfile', problem: /ImportError: libpq\.so\.5/ },
    { dockerfile: 'log-not-owned.Dockerfile', problem: /PermissionError.*claims\.log/ },
    { dockerfile: 'port-80.Dockerfile', problem: /Can't connect to \('0\.0\.0\.0', 80\)|Permission denied/ },
  ],
};
