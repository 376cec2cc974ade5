import fs from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type DockerfileSource, readDockerfile } from './dockerfile-source.ts';
import { InputError, inputError } from './input-error.ts';

/** One file that is to have a new content. */
export interface Replacement {
  /** absolute, or from the working directory */
  readonly path: string;
  /** as errors name it */
  readonly shown: string;
  /** what it held when it was read; undefined for a file that is not to be there yet */
  readonly before: DockerfileSource['bytes'] | undefined;
  readonly bytes: Uint8Array;
  /** of a new file */
  readonly executable?: boolean;
}

interface Prepared {
  readonly target: string;
  readonly temporary: string;
  readonly replacement: Replacement;
}

/**
 * Replaces the content of all files, or of none: every new content is written beside its file and flushed to the disk,
 * and only then are they renamed into their places; where a rename fails, those before it are taken back. Mode and owner
 * stay; a symbolic link keeps pointing where it did. Throws an InputError, and leaves all files as they are, when one has
 * changed since it was read, when a new one is there already, or when something cannot be written.
 */
export function replaceFiles(replacements: readonly Replacement[]): void {
  const prepared: Prepared[] = [];
  const placed: Prepared[] = [];
  let shown = '';
  try {
    for (const replacement of replacements) {
      shown = replacement.shown;
      prepared.push(prepare(replacement));
    }
    for (const each of prepared) {
      shown = each.replacement.shown;
      fs.renameSync(each.temporary, each.target);
      placed.push(each);
    }
    for (const folder of new Set(placed.map(({ target }) => dirname(target)))) flushFolder(folder);
  } catch (error) {
    for (const each of placed) takeBack(each);
    throw inputError('write', shown, error);
  } finally {
    for (const { temporary } of prepared) fs.rmSync(temporary, { force: true });
  }
}

/** Writes the new content beside its file. */
function prepare(replacement: Replacement): Prepared {
  const { path, shown, before, bytes, executable } = replacement;
  let target = path;
  let owner: Owner | undefined;
  if (before !== undefined) {
    target = fs.realpathSync(path);
    const present = readDockerfile(target, shown);
    if (Buffer.compare(present.bytes, before) !== 0)
      throw new InputError(`cannot write ${shown}: it changed since it was read; run again`);
    const { mode, uid, gid } = fs.statSync(target);
    fs.accessSync(target, fs.constants.W_OK);
    owner = { mode: mode & 0o7777, uid, gid };
  } else if (fs.existsSync(path)) {
    throw new InputError(`cannot write ${shown}: it is there by now; run again`);
  }
  const temporary = join(dirname(target), `.${basename(target).slice(0, 200)}.rehull-${process.pid}`);
  try {
    writeWhole(temporary, bytes, owner, executable === true ? 0o755 : 0o644);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
  return { target, temporary, replacement };
}

/** Puts back what a file held before; what cannot be put back is left to the error that is told. */
function takeBack({ target, replacement }: Prepared): void {
  try {
    if (replacement.before === undefined) fs.rmSync(target, { force: true });
    else fs.writeFileSync(target, replacement.before);
  } catch {
    // the disk that failed the rename fails this as well
  }
}

interface Owner {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

function writeWhole(path: string, bytes: Uint8Array, owner: Owner | undefined, mode: number): void {
  const descriptor = fs.openSync(path, 'wx', owner === undefined ? mode : 0o600);
  try {
    for (let written = 0; written < bytes.length; ) {
      written += fs.writeSync(descriptor, bytes, written, bytes.length - written);
    }
    if (owner !== undefined) {
      const own = fs.fstatSync(descriptor);
      if (own.uid !== owner.uid || own.gid !== owner.gid) fs.fchownSync(descriptor, owner.uid, owner.gid);
      fs.fchmodSync(descriptor, owner.mode);
    }
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
