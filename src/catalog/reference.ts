/**
 * An image reference as a person writes it, taken apart. Nothing is normalised away: `raw` is the text.
 * Grammar: distribution/reference of the OCI world; the first component is a registry if it has a dot, a colon or
 * is `localhost`.
 */
export interface Reference {
  readonly raw: string;
  /** `docker.io` where none is written */
  readonly registry: string;
  /** path without registry; `library/` is added for one-component names on docker.io */
  readonly repository: string;
  readonly tag: string | undefined;
  /** `sha256:…` */
  readonly digest: string | undefined;
}
