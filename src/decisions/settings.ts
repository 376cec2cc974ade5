import type { TagList } from '../catalog/enterprise-tag.ts';

/** What a person decided, as far as decisions need it. */
export interface Settings {
  readonly distro: 'debian' | 'alpine' | undefined;
  readonly org: string | undefined;
  readonly registry: string | undefined;
  readonly tags: TagList | undefined;
  /** the program may run as any user of group 0, as on OpenShift */
  readonly arbitraryUser: boolean;
  /** say what has to be mounted where the root file system is read-only */
  readonly readOnlyRoot: boolean;
  /** `YYYY-MM-DD` */
  readonly today: string;
}

/** Something that a person has to know or confirm, or that forbids to go on; a rule makes a finding of it. */
export interface Remark {
  readonly rule: string;
  readonly severity: 'review' | 'blocked' | 'info';
  readonly range: { readonly start: number; readonly end: number };
  readonly message: string;
  readonly why: string | undefined;
  readonly fix: string | undefined;
}

/** Why nothing is changed. */
export function blockingRemark(
  rule: string,
  message: string,
  range: Remark['range'],
  why?: string,
  fix?: string,
): Remark {
  return { rule, severity: 'blocked', message, range, why, fix };
}
