/** What a person has to do beside the change, so that what was changed works. */
export interface Task {
  /** one sentence without a full stop */
  readonly text: string;
  /** the command that does it; undefined where it is no command */
  readonly command: string | undefined;
}
