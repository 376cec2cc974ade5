/**
 * What a system package is for: `build` makes or fetches software and is of no use to a running program, `tool` serves
 * people and scripts, `runtime` is anything else: libraries, data, programs that the program may call.
 */
export type PackageUse = 'build' | 'tool' | 'runtime';
