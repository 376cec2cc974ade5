import { createHash } from 'node:crypto';
import type { Reference } from '../../catalog/reference.ts';
import { ImageRefused } from '../image-refused.ts';
import { verify } from '../layers/verified.ts';
import type { ImageSource } from '../sources/image-source.ts';
import { type ContentStore, openManifest } from '../sources/manifest.ts';
import { refuseOtherPlatform } from '../sources/platform.ts';
import type { Selection } from '../sources/saved-image.ts';
import { type RegistryAccess, RegistryClient } from './registry-client.ts';

/** Opens an image in its registry. Nothing is laid down: layers are read as they come, each held against its digest. */
export async function openRegistryImage(
  { registry, repository, tag, digest }: Reference,
  { platform, isExplicit }: Selection,
  access: RegistryAccess,
): Promise<ImageSource> {
  const client = new RegistryClient(registry, repository, access);
  const { bytes, saidDigest } = await client.manifest(digest ?? tag ?? 'latest');
  const wanted = digest ?? saidDigest ?? `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  verify(bytes, wanted, 'the manifest');
  const content: ContentStore = {
    manifest: async (descriptor) => {
      if (descriptor.digest === wanted) return bytes;
      const answer = await client.manifest(descriptor.digest);
      verify(answer.bytes, descriptor.digest, 'the manifest');
      return answer.bytes;
    },
    document: async (descriptor) => {
      const answer = await client.document(descriptor.digest);
      verify(answer, descriptor.digest, 'the image configuration');
      return answer;
    },
    blob: async (descriptor) => {
      if (descriptor.size === undefined) throw new ImageRefused('the manifest names a layer without its size');
      return client.blob(descriptor.digest);
    },
  };
  const start = { mediaType: '', digest: wanted, size: undefined, platform: undefined, annotations: {} };
  const opened = await openManifest(start, content, platform, isExplicit);
  refuseOtherPlatform(opened.config.platform, platform, isExplicit);
  return { ...opened, origin: 'registry', platform: opened.config.platform, close: async () => {} };
}
