/** How the two projects are started and what they are asked: what a person, a `rehull.yaml` or Compose says of it. */
export interface Scenario {
  readonly environment: Readonly<Record<string, string>>;
  /** empty: what the image declares is asked */
  readonly probes: readonly Probe[];
  /** seconds until a program that has not answered is given up */
  readonly wait: number;
  /** seconds that a program has to end after SIGTERM */
  readonly grace: number;
}

export type Probe = HttpProbe | CommandProbe | LogProbe;

export interface HttpProbe {
  readonly kind: 'http';
  readonly method: string;
  readonly path: string;
  /** port of the original; that of EXPOSE by default */
  readonly port: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** the status that the answer must have; undefined: that of the original */
  readonly status: number | undefined;
  /** keys of a JSON answer whose values are not compared */
  readonly ignore: readonly string[];
}

/** A program that is run in the container and must end with 0. */
export interface CommandProbe {
  readonly kind: 'command';
  readonly argv: readonly string[];
}

/** A text that the program must print. */
export interface LogProbe {
  readonly kind: 'log';
  readonly text: string;
}

/** What hardening forbids the migrated program, beyond what its image says. */
export interface Hardening {
  readonly readOnlyRoot: boolean;
}

/** A probe as a person would write it. */
export function probeText(probe: Probe): string {
  switch (probe.kind) {
    case 'http':
      return `${probe.method} ${probe.path}${probe.port === undefined ? '' : ` on port ${probe.port}`}`;
    case 'command':
      return probe.argv.join(' ');
    case 'log':
      return `log line ${JSON.stringify(probe.text)}`;
  }
}
