import fs from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type DockerfileSource, readDockerfile } from './dockerfile-source.ts';
import { InputError, inputError } from './input-error.ts';

/**
 * Replaces the content of the file at `path` as a whole or not at all: the new content is written beside it, flushed to the disk and
 * renamed over it. Mode and owner stay; a symbolic link keeps pointing where it did. Throws an InputError, and leaves
 * the file as it is, when it has changed since `source` was read or when the new content cannot be written.
 */
export function replaceFile(path: string, source: DockerfileSource, bytes: Uint8Array): void {
  let temporary: string | undefined;
  try {
    const target = fs.realpathSync(path);
    const present = readDockerfile(target, source.path);
    if (Buffer.compare(present.bytes, source.bytes) !== 0) {
      throw new InputError(`cannot write ${source.path}: it changed since it was read; run again`);
    }
    const { mode, uid, gid } = fs.statSync(target);
    fs.accessSync(target, fs.constants.W_OK);
    temporary = join(dirname(target), `.${basename(target).slice(0, 200)}.rehull-${process.pid}`);
    writeWhole(temporary, bytes, { mode: mode & 0o7777, uid, gid });
    fs.renameSync(temporary, target);
    temporary = undefined;
    flushFolder(dirname(target));
  } catch (error) {
    throw inputError('write', source.path, error);
  } finally {
    if (temporary !== undefined) fs.rmSync(temporary, { force: true });
  }
}

function writeWhole(path: string, bytes: Uint8Array, owner: { mode: number; uid: number; gid: number }): void {
  const descriptor = fs.openSync(path, 'wx', 0o600);
  try {
    for (let written = 0; written < bytes.length; ) {
      written += fs.writeSync(descriptor, bytes, written, bytes.length - written);
    }
    const own = fs.fstatSync(descriptor);
    if (own.uid !== owner.uid || own.gid !== owner.gid) fs.fchownSync(descriptor, owner.uid, owner.gid);
    fs.fchmodSync(descriptor, owner.mode);
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Makes the rename itself durable, where the system lets a folder be opened. */
function flushFolder(folder: string): void {
  let descriptor: number | undefined;
  try {
    descriptor = fs.openSync(folder, 'r');
    fs.fsyncSync(descriptor);
  } catch {
    // the content is on the disk already; only the name's place in the folder may come later
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor);
  }
}
