import { open } from 'node:fs/promises';
import { posix } from 'node:path';
import { ImageRefused } from '../image-refused.ts';
import { TarReader } from '../layers/tar-reader.ts';
import { type FileStore, openPart } from './file-store.ts';

type Member = { readonly start: number; readonly size: number } | { readonly link: string };

const mostMembers = 100_000;
const mostLinks = 8;
/** Small members lie close together, and what is large is left out. */
const pieceBytes = 1 << 14;

/** The files of an archive on disk, which is read once to learn where each of them lies. */
export async function archiveStore(path: string): Promise<FileStore> {
  const members = await indexMembers(path);
  const find = (name: string) => {
    let member = members.get(posix.normalize(name));
    let place = name;
    for (let links = 0; member !== undefined && 'link' in member && links < mostLinks; links++) {
      place = posix.normalize(posix.join(posix.dirname(place), member.link));
      member = members.get(place);
    }
    return member === undefined || 'link' in member ? undefined : member;
  };
  return {
    size: async (name) => find(name)?.size,
    open: async (name) => {
      const member = find(name);
      if (member === undefined) throw new ImageRefused(`the archive has no ${name}; save the image anew`);
      return openPart(path, member.start, member.size);
    },
  };
}

async function indexMembers(path: string): Promise<Map<string, Member>> {
  const members = new Map<string, Member>();
  const tar = new TarReader(({ name: written, type, linkName, offset, size }) => {
    const name = posix.normalize(written);
    if (type === 'file') members.set(name, { start: offset, size });
    else if (type === 'symbolic-link') members.set(name, { link: linkName });
    // older engines link a layer that stands twice; a hard link names from the archive's root
    else if (type === 'hard-link') members.set(name, { link: posix.relative(posix.dirname(name), linkName) });
    if (members.size > mostMembers)
      throw new ImageRefused(`${path} has more than ${mostMembers} files: it is no saved image`);
    return undefined;
  });
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const buffer = Buffer.allocUnsafe(pieceBytes);
    let at = 0;
    while (at < size) {
      const { bytesRead } = await file.read(buffer, 0, pieceBytes, at);
      if (bytesRead === 0) break;
      tar.push(buffer.subarray(0, bytesRead));
      at += bytesRead + tar.skip();
    }
    tar.end();
    if (at > size) throw new Error('it is cut off');
  } catch (error) {
    if (error instanceof ImageRefused) throw error;
    throw new ImageRefused(`${path} is no archive of an image: ${(error as Error).message}`, { cause: error });
  } finally {
    await file.close();
  }
  return members;
}
