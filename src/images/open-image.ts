import { open, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseReference, type Reference } from '../catalog/reference.ts';
import { ImageRefused } from './image-refused.ts';
import type { Limits } from './limits.ts';
import { credentialsFor } from './registry/credentials.ts';
import { openRegistryImage } from './registry/open-registry.ts';
import { archiveStore } from './sources/archive-store.ts';
import { askEngine, type Environment, saveImage } from './sources/engine.ts';
import { folderStore } from './sources/file-store.ts';
import type { ImageSource } from './sources/image-source.ts';
import { isSaved, openSaved, type Selection } from './sources/saved-image.ts';
import { temporaryFolder, unpackFile } from './sources/spool.ts';

/** What opening an image takes of its surroundings. */
export interface Surroundings {
  readonly cwd: string;
  readonly environment: Environment;
  readonly limits: Limits;
  /** asks registries; without it none is asked */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** is told what is read, again and again */
  readonly progress?: ((place: string) => void) | undefined;
}

/**
 * Opens the image that an argument means: a folder (OCI layout, unpacked `docker save`), an archive, else a name: that
 * of an image of the local Docker, else of one in its registry; `docker://NAME` is in its registry alone, as skopeo and
 * podman write it. Throws ImageRefused.
 */
export async function openImage(argument: string, selection: Selection, around: Surroundings): Promise<ImageSource> {
  if (argument.startsWith(registryOnly))
    return openFromRegistry(argument.slice(registryOnly.length), selection, around);
  const path = resolve(around.cwd, argument);
  const stats = await stat(path).catch(() => undefined);
  if (stats?.isFile()) return openArchive(path, argument, selection, around.limits);
  if (stats?.isDirectory() && (isPath(argument) || (await isSaved(folderStore(path))))) {
    return {
      ...(await openSaved(folderStore(path), argument, selection, around.limits)),
      origin: 'folder',
      close: async () => {},
    };
  }
  if (stats !== undefined && !stats.isDirectory()) throw new ImageRefused(`${argument} is neither a file nor a folder`);
  if (isPath(argument)) throw new ImageRefused(`there is no file or folder ${argument}; check the path`);
  return openByName(argument, selection, around);
}

function isPath(argument: string): boolean {
  return /^(?:\.{0,2}[\\/]|~|[A-Za-z]:\\)|^\.{1,2}$|\.(?:tar|tgz|tar\.\w+)$/.test(argument);
}

const compressed = /^(?:1f8b|28b52ffd|fd377a585a00|425a68)/;

async function openArchive(path: string, argument: string, selection: Selection, limits: Limits): Promise<ImageSource> {
  const head = await firstBytes(path, argument);
  if (!compressed.test(head.toString('hex'))) {
    const opened = await openSaved(await archiveStore(path), argument, selection, limits);
    return { ...opened, origin: 'archive', close: async () => {} };
  }
  const folder = await temporaryFolder();
  return keeping(folder, async () => {
    const unpacked = join(folder.path, 'image.tar');
    await unpackFile(path, unpacked, limits);
    return { ...(await openSaved(await archiveStore(unpacked), argument, selection, limits)), origin: 'archive' };
  });
}

async function firstBytes(path: string, argument: string): Promise<Buffer> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(8), 0, 8, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new ImageRefused(`${argument} cannot be read: ${(error as NodeJS.ErrnoException).code ?? error}`, {
      cause: error,
    });
  }
}

/** Gives an image back together with the folder that it lies in; removes the folder if there is no image. */
async function keeping(
  folder: { readonly remove: () => Promise<void> },
  make: () => Promise<Omit<ImageSource, 'close'>>,
): Promise<ImageSource> {
  try {
    return { ...(await make()), close: () => folder.remove() };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

const imageId = /^(?:sha256:)?[0-9a-f]{12,64}$/;
const registryOnly = 'docker://';

async function openByName(name: string, selection: Selection, around: Surroundings): Promise<ImageSource> {
  const { environment, limits } = around;
  const reference = parseReference(name);
  if ('problem' in reference && !imageId.test(name)) {
    throw new ImageRefused(`${JSON.stringify(name)} is neither a file, a folder nor an image: ${reference.problem}`);
  }
  const answer = await askEngine(name, environment);
  if ('absent' in answer) {
    if ('problem' in reference || around.fetch === undefined || imageId.test(name)) {
      throw new ImageRefused(`${name} cannot be inspected: ${answer.absent}; name an archive, a folder or an image`);
    }
    try {
      return await fromRegistry(reference, selection, around, around.fetch);
    } catch (error) {
      if (!(error instanceof ImageRefused)) throw error;
      throw new ImageRefused(`${name} cannot be inspected: ${answer.absent}, and ${error.message}`, { cause: error });
    }
  }
  const folder = await temporaryFolder();
  return keeping(folder, async () => {
    const saved = join(folder.path, 'image.tar');
    around.progress?.(`${name} out of Docker`);
    await saveImage(name, saved, environment);
    const opened = await openSaved(await archiveStore(saved), name, { ...selection, name: undefined }, limits);
    return { ...opened, origin: 'docker' };
  });
}

async function openFromRegistry(name: string, selection: Selection, around: Surroundings): Promise<ImageSource> {
  const reference = parseReference(name);
  if ('problem' in reference) throw new ImageRefused(`${JSON.stringify(name)} is no image: ${reference.problem}`);
  if (around.fetch === undefined) throw new ImageRefused('no registry is asked here');
  return fromRegistry(reference, selection, around, around.fetch);
}

function fromRegistry(
  reference: Reference,
  selection: Selection,
  { environment, limits }: Surroundings,
  fetch: typeof globalThis.fetch,
): Promise<ImageSource> {
  const credentials = () => credentialsFor(reference.registry, environment);
  return openRegistryImage(reference, selection, { fetch, limits, credentials });
}
