import { createReadStream } from 'node:fs';
import { posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { extract, type Header } from 'tar-stream';
import { ImageRefused } from '../image-refused.ts';
import { type FileStore, openPart } from './file-store.ts';

type Member = { readonly start: number; readonly size: number } | { readonly link: string };

/** tar-stream says where a content begins; its types do not. */
type PlacedHeader = Header & { readonly byteOffset: number };

const mostMembers = 100_000;
const mostLinks = 8;

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
  const tar = extract();
  // the pipeline tells what fails; an error that comes after its end must not end the process
  tar.on('error', () => {});
  tar.on('entry', (header, stream, next) => {
    stream.on('error', () => {});
    stream.on('end', () => next());
    stream.resume();
    const name = posix.normalize(header.name);
    if (header.type === 'file') {
      members.set(name, { start: (header as PlacedHeader).byteOffset, size: header.size ?? 0 });
    } else if (header.type === 'symlink') members.set(name, { link: header.linkname ?? '' });
    // older engines link a layer that stands twice; a hard link names from the archive's root
    else if (header.type === 'link')
      members.set(name, { link: posix.relative(posix.dirname(name), header.linkname ?? '') });
    if (members.size > mostMembers)
      tar.destroy(new ImageRefused(`${path} has more than ${mostMembers} files: it is no saved image`));
  });
  try {
    await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), tar as unknown as NodeJS.WritableStream);
  } catch (error) {
    if (error instanceof ImageRefused) throw error;
    throw new ImageRefused(`${path} is no archive of an image: ${(error as Error).message}`, { cause: error });
  }
  return members;
}
