import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { Reference } from '../../catalog/reference.ts';
import { ImageRefused } from '../image-refused.ts';
import { verify } from '../layers/verified.ts';
import type { Limits } from '../limits.ts';
import type { ImageSource } from './image-source.ts';
import { type ContentStore, type Descriptor, openManifest } from './manifest.ts';
import type { Platform } from './platform.ts';
import type { RegistryClient } from './registry-client.ts';

const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

/** Opens an image of a registry: nothing is laid down, layers come as they are read, and every digest is verified. */
export async function openFromRegistry(
  reference: Reference,
  client: RegistryClient,
  platform: Platform,
  isExplicit: boolean,
  limits: Limits,
): Promise<Omit<ImageSource, 'origin' | 'close'>> {
  const name = reference.digest ?? reference.tag ?? 'latest';
  let first: Buffer | undefined = await read(
    await client.get(`/manifests/${name}`, manifestTypes),
    limits.documentBytes,
  );
  if (reference.digest !== undefined) verify(first, reference.digest, 'the manifest');
  const digest = reference.digest ?? sha256(first);
  const content: ContentStore = {
    document: async (descriptor) => {
      if (descriptor.digest === digest && first !== undefined) {
        const known = first;
        first = undefined;
        return known;
      }
      const isManifest = manifestTypes.includes(descriptor.mediaType);
      const answer = isManifest
        ? await client.get(`/manifests/${descriptor.digest}`, manifestTypes)
        : await client.get(`/blobs/${descriptor.digest}`, []);
      const bytes = await read(answer, limits.documentBytes);
      verify(bytes, descriptor.digest, 'a document of the image');
      return bytes;
    },
    blob: async (descriptor) => {
      const { body } = await client.get(`/blobs/${descriptor.digest}`, []);
      return Readable.fromWeb(body as ReadableStream);
    },
  };
  const start: Descriptor = { mediaType: '', digest, size: undefined, platform: undefined, annotations: {} };
  const opened = await openManifest(start, content, platform, isExplicit);
  return { ...opened, platform: opened.config.platform };
}

function sha256(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** A small answer, whole. */
async function read(response: Response, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > limit) throw new ImageRefused(`the registry's answer is longer than the ${limit} bytes that are read`);
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks);
}
