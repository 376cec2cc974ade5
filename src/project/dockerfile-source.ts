import fs from 'node:fs';
import { InputError, inputError } from './input-error.ts';

/** The largest Dockerfile that is read. */
export const maximumBytes = 64 * 1024 * 1024;

/** A file as it was when it was read. */
export interface DockerfileSource {
  /** as a person gave it */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * Reads a Dockerfile from disk: a regular file of at most `maximumBytes`. `shown` is how errors name it.
 * Throws an InputError for everything else, and for a file that changes while it is read.
 */
export function readDockerfile(path: string, shown: string = path): DockerfileSource {
  let descriptor: number | undefined;
  try {
    // without O_NONBLOCK, opening a named pipe waits for a writer
    descriptor = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    const before = fs.fstatSync(descriptor, { bigint: true });
    if (before.isDirectory()) throw new InputError(`cannot read ${shown}: it is a directory; name a file in it`);
    if (!before.isFile()) {
      throw new InputError(`cannot read ${shown}: it is not a regular file; pipe its content into "-" instead`);
    }
    if (before.size > BigInt(maximumBytes)) throw tooLarge(shown);
    const bytes = readAtMost(descriptor, Number(before.size) + 1);
    const after = fs.fstatSync(descriptor, { bigint: true });
    if (after.size !== before.size || after.mtimeNs !== before.mtimeNs || bytes.length !== Number(before.size)) {
      throw new InputError(`cannot read ${shown}: it changed while it was read; run again once nothing writes to it`);
    }
    return { path, bytes };
  } catch (error) {
    throw inputError('read', shown, error);
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor);
  }
}

/** The error for an input over `maximumBytes`. */
export function tooLarge(path: string): InputError {
  return new InputError(
    `cannot read ${path}: it is larger than ${maximumBytes / 1024 / 1024} MB, the most that a Dockerfile may have`,
  );
}

/** Throws an InputError for bytes that are no text: no Dockerfile holds a NUL. */
export function assertText(path: string, bytes: Uint8Array): void {
  const at = bytes.indexOf(0);
  if (at === -1) return;
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw new InputError(`cannot read ${path}: it is UTF-16, which builders do not read; save it as UTF-8`);
  }
  let line = 1;
  let lineStart = 0;
  for (let end = bytes.indexOf(10); end !== -1 && end < at; end = bytes.indexOf(10, end + 1)) {
    line += 1;
    lineStart = end + 1;
  }
  throw new InputError(
    `cannot read ${path}:${line}:${at - lineStart + 1}: it is a binary file (NUL byte); name a Dockerfile`,
  );
}

function readAtMost(descriptor: number, limit: number): Uint8Array {
  const buffer = Buffer.allocUnsafe(limit);
  let length = 0;
  while (length < limit) {
    const count = fs.readSync(descriptor, buffer, length, limit - length, null);
    if (count === 0) break;
    length += count;
  }
  return buffer.subarray(0, length);
}
