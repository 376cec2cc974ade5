/** Something a person gave that cannot be used. The message is one line: what is wrong, and what to do. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

const advice: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory; check the path',
  EACCES: 'permission denied; check who may read it',
  EPERM: 'operation not permitted; check who owns it',
  EROFS: 'the file system is read-only',
  ELOOP: 'too many symbolic links; it probably points at itself',
  ENAMETOOLONG: 'the name is too long',
  ENOTDIR: 'a part of the path is not a directory',
  EISDIR: 'it is a directory where a file is expected',
  ENOSPC: 'no space left on the device; nothing was changed, free some space and run again',
  EDQUOT: 'the disk quota is exceeded; nothing was changed, free some space and run again',
  EFBIG: 'the file system does not take a file of this size; nothing was changed',
  EMFILE: 'too many open files',
  EIO: 'the device reports an input/output error',
};

/** An error of the operating system as one line for a person (`path` may be empty). Errors of our own pass through. */
export function inputError(action: string, path: string, error: unknown): InputError {
  if (error instanceof InputError) return error;
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  const known = code !== undefined && Object.hasOwn(advice, code) ? advice[code] : undefined;
  return new InputError(`cannot ${action}${path && ` ${path}`}: ${known ?? code ?? String(error)}`, { cause: error });
}
