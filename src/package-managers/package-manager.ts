import type { Option } from '../shell/options.ts';
import type { Command, Word } from '../shell/tree.ts';

/** One package that a call names. */
export interface PackageRequest {
  /** as the manager names it, without version and architecture: `libpq-dev`, `gunicorn`, `@scope/name` */
  readonly name: string;
  /** `=1.2*`, `==2.0`, `@latest`, `<3` … as written, operator included; undefined without one */
  readonly version: string | undefined;
  /** the word that names it; its range is the place in the file */
  readonly word: Word;
}

/**
 * What one command asks of a package manager. `install` adds packages; `restore` installs what a manifest or lockfile
 * of the project says; `run` starts a program or script through the manager; `build` compiles the project.
 */
export interface Invocation {
  readonly manager: string;
  readonly scope: 'system' | 'language';
  readonly action:
    | 'install'
    | 'restore'
    | 'remove'
    | 'update'
    | 'upgrade'
    | 'clean'
    | 'run'
    | 'build'
    | 'configure'
    | 'query'
    | 'other';
  readonly packages: readonly PackageRequest[];
  /**
   * packages given as a file, a directory or an address: `./tool.deb`, `.`, `git+https://…`, `./cmd/server`; also the
   * modules, goals or targets that a build names
   */
  readonly paths: readonly Word[];
  /** manifests and lockfiles it reads, as written or by its convention, relative to its working directory */
  readonly files: readonly string[];
  /** words that could not be read as package names: variables, globs, command substitutions */
  readonly unknown: readonly Word[];
  /** `npm -g`, `pip --user` is `user`, `--target`/`--prefix`/`--root` is `directory` */
  readonly where: 'default' | 'global' | 'user' | 'directory';
  readonly directory: string | undefined;
  /** apk `--virtual NAME` */
  readonly virtual: string | undefined;
  /** development dependencies left out: `--omit=dev`, `--production`, `--no-dev` */
  readonly production: boolean;
  /** for `run`: script or program name and its arguments */
  readonly program: readonly Word[];
  /** where a build puts its result: `go build -o`, `dotnet publish -o` */
  readonly output: Word | undefined;
  /** every option, in order */
  readonly options: readonly Option[];
  readonly command: Command;
}

/** A package manager: how it is called. Pure; one file each. */
export interface PackageManager {
  readonly name: string;
  /** program names it answers to, without path: `apt-get`, `apt` */
  readonly programs: readonly string[];
  /**
   * Reads a call. `words` are the words of the command with wrappers (`sudo`, `env A=b`, `exec`, full paths) already
   * taken off, so `words[0]` is one of `programs`. Returns undefined for what is no call of it after all.
   */
  readonly read: (words: readonly Word[], command: Command) => Invocation | undefined;
}
