/**
 * Something about an image that a person should know, at one place in it.
 * - `error`: the image does not start, or fails where it is asked for what it declares
 * - `review`: a person should look at it
 * - `info`: told for the record
 */
export interface ImageFinding {
  readonly rule: ImageRule;
  readonly severity: 'error' | 'review' | 'info';
  /** path in the image; undefined for what stands in its configuration */
  readonly path: string | undefined;
  /** index of the layer that brought it */
  readonly layer: number | undefined;
  /** one sentence without a full stop */
  readonly message: string;
  /** the fact behind it */
  readonly why: string | undefined;
  /** what to do */
  readonly fix: string | undefined;
}

/** Everything that inspect can say, in the order in which it is told. Each has a section in docs/inspect.md. */
export const imageRules = [
  'no-start-command',
  'shell-form-without-shell',
  'program-not-found',
  'program-not-executable',
  'program-format',
  'script-line-ends',
  'missing-interpreter',
  'wrong-architecture',
  'start-file-missing',
  'wrong-c-library',
  'missing-library',
  'library-too-old',
  'preloaded-library',
  'python-environment',
  'health-check-program',
  'unknown-user',
  'working-directory',
  'unwritable-volume',
  'unwritable-temporary-folder',
  'low-port',
  'runs-as-root',
  'secret-file',
  'secret-in-environment',
  'privileged-file',
  'package-manager',
  'shell',
  'build-tools',
  'package-caches',
] as const;

export type ImageRule = (typeof imageRules)[number];
