/** A request to the running program, and what must come back. */
export interface Probe {
  readonly path: string;
  readonly method?: string;
  readonly body?: string;
  readonly status?: number;
  /** what the answer must match */
  readonly answer?: RegExp;
}

/** A Dockerfile beside the scenario that must not work, and how it must fail: it shows that the checks can fail. */
export interface Fault {
  readonly dockerfile: string;
  readonly problem: RegExp;
}

/** A project that is built and run as it is and as rehull migrates it. */
export interface Scenario {
  /** folder below the repository; the scenario's own where it is left out */
  readonly project?: string;
  readonly outcome?: 'ready' | 'review';
  readonly environment?: Readonly<Record<string, string>>;
  /** one port in the container before and after, where it is not the one that the image exposes */
  readonly probes?: readonly Probe[];
  /** what the log must come to match, for programs that answer nobody */
  readonly log?: RegExp;
  /** files that must be there after the probes */
  readonly writes?: readonly string[];
  /** named volumes, by the folder that they are mounted on */
  readonly volumes?: readonly string[];
  /** the migrated image runs on a read-only root, with these folders in memory */
  readonly readOnly?: readonly string[];
  /** the program ends by itself with 0, and is not stopped */
  readonly ends?: boolean;
  readonly faults?: readonly Fault[];
}
