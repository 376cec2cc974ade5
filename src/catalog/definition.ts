/** A user or group as a definition's `accounts` says. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** A path that a definition makes beside its packages. */
export interface DefinedPath {
  readonly type: 'directory' | 'symlink' | 'file';
  readonly path: string;
  readonly uid: number;
  readonly gid: number;
  readonly mode: string | undefined;
  /** target of a symlink */
  readonly source: string | undefined;
}

/** One image definition of the public catalog, all defaults filled in. */
export interface Definition {
  /** `python` */
  readonly image: string;
  /** path in the catalog without image and ending: `debian-13/3.13-dev` */
  readonly file: string;
  readonly variant: 'runtime' | 'dev';
  readonly flavor: string | undefined;
  /** `debian-13`, `alpine-3.24` */
  readonly distribution: string;
  readonly tags: readonly string[];
  readonly platforms: readonly string[];
  /** the user the image starts as, resolved by name or number against `users` and root */
  readonly user: Account;
  /** users of /etc/passwd as the definition lists them (root included where it says `root: true`) */
  readonly users: readonly Account[];
  readonly groups: readonly { readonly name: string; readonly gid: number }[];
  readonly workdir: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[] | undefined;
  readonly cmd: readonly string[] | undefined;
  /** `8080/tcp` */
  readonly ports: readonly string[];
  readonly stopSignal: string | undefined;
  /** the first of bash, dash, busybox, zsh … that is listed explicitly; undefined where none is */
  readonly shell: string | undefined;
  /** listed package managers: `apt`, `dpkg`, `apk` */
  readonly packageManagers: readonly string[];
  /** listed package names without version, `!` exclusions left out, no duplicates; a request, not a closure */
  readonly packages: readonly string[];
  readonly paths: readonly DefinedPath[];
  /** `YYYY-MM-DD` */
  readonly release: string | undefined;
  readonly endOfLife: string | undefined;
}

/** What an image is made for. .NET's SDK, which the catalog calls runtime, builds as `-dev` variants do. */
export function purposeOf({ variant, file }: Definition): 'runtime' | 'dev' {
  return variant === 'dev' || file.endsWith('-sdk') ? 'dev' : 'runtime';
}
