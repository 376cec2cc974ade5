import { ImageRefused } from '../image-refused.ts';
import { verify } from '../layers/verified.ts';
import type { Limits } from '../limits.ts';
import { type FileStore, readSmall } from './file-store.ts';
import { readImageConfig } from './image-config.ts';
import type { ImageSource } from './image-source.ts';
import { asText, asTexts, isObject, parseJson } from './json-document.ts';
import { type ContentStore, chooseManifest, type Descriptor, openManifest, readIndex } from './manifest.ts';
import { type Platform, refuseOtherPlatform } from './platform.ts';

/** Which image of a saved set is meant. */
export interface Selection {
  readonly platform: Platform;
  /** somebody asked for the platform */
  readonly isExplicit: boolean;
  /** tag or digest, where there are several images */
  readonly name: string | undefined;
}

type Opened = Omit<ImageSource, 'origin' | 'close'>;

/** Opens what `docker save` or an OCI tool wrote. `manifest.json` goes first: it names only what is there. */
export async function openSaved(
  store: FileStore,
  where: string,
  selection: Selection,
  limits: Limits,
): Promise<Opened> {
  const saved = await readSmall(store, 'manifest.json', limits.documentBytes);
  if (saved !== undefined) return openDockerSave(store, parseJson(saved, 'manifest.json'), selection, limits);
  const index = await readSmall(store, 'index.json', limits.documentBytes);
  if (index !== undefined) return openLayout(store, parseJson(index, 'index.json'), selection, limits);
  throw new ImageRefused(
    `${where} holds no image: there is neither index.json (an OCI layout) nor manifest.json (docker image save)`,
  );
}

/** True where a folder looks like a saved image. */
export async function isSaved(store: FileStore): Promise<boolean> {
  return (await store.size('index.json')) !== undefined || (await store.size('manifest.json')) !== undefined;
}

async function openDockerSave(
  store: FileStore,
  document: unknown,
  selection: Selection,
  limits: Limits,
): Promise<Opened> {
  const images = Array.isArray(document) ? document.filter(isObject) : [];
  const tags = (image: Readonly<Record<string, unknown>>) => asTexts(image.RepoTags) ?? [];
  const named = images.filter((image) => {
    const { name } = selection;
    return (
      name === undefined ||
      tags(image).some((tag) => tag === name || tag === `${name}:latest`) ||
      asText(image.Config)?.includes(name)
    );
  });
  const [image, second] = named;
  const offered = images.flatMap((one) => tags(one)[0] ?? asText(one.Config) ?? []).slice(0, 20);
  if (image === undefined)
    throw new ImageRefused(`no such image in the archive; it has ${offered.join(', ') || 'none'}`);
  if (second !== undefined)
    throw new ImageRefused(`the archive has several images; choose with --image: ${offered.join(', ')}`);

  const configName = asText(image.Config);
  const layerNames = asTexts(image.Layers);
  if (configName === undefined || layerNames === undefined)
    throw new ImageRefused('manifest.json names no configuration and no layers');
  const bytes = await readSmall(store, configName, limits.documentBytes);
  if (bytes === undefined) throw new ImageRefused(`the archive has no ${configName}; save the image anew`);
  const configDigest = /([0-9a-f]{64})(?:\.json)?$/.exec(configName)?.[1];
  if (configDigest !== undefined) verify(bytes, `sha256:${configDigest}`, 'the image configuration');
  const config = readImageConfig(parseJson(bytes, 'the image configuration'));
  if (config.diffIds.length !== layerNames.length) {
    throw new ImageRefused(
      `the configuration speaks of ${config.diffIds.length} layers, the archive of ${layerNames.length}`,
    );
  }
  refuseOtherPlatform(config.platform, selection.platform, selection.isExplicit);
  return {
    digest: undefined,
    config,
    platform: config.platform,
    layers: layerNames.map((name, index) => {
      const digest = /(?:^|\/)blobs\/sha256\/([0-9a-f]{64})$/.exec(name)?.[1];
      return {
        name: `layer ${index + 1} of ${layerNames.length}`,
        open: () => store.open(name),
        digest: digest && `sha256:${digest}`,
        size: undefined,
        diffId: config.diffIds[index],
      };
    }),
  };
}

async function openLayout(store: FileStore, index: unknown, selection: Selection, limits: Limits): Promise<Opened> {
  const { platform, isExplicit } = selection;
  const start = chooseImage(readIndex(index), selection);
  const document = async (descriptor: Descriptor) => {
    const bytes = await readSmall(store, blobName(descriptor), limits.documentBytes);
    if (bytes === undefined)
      throw new ImageRefused(`the image's ${descriptor.digest} is not here; save it for this platform`);
    verify(bytes, descriptor.digest, 'a document of the image');
    return bytes;
  };
  const content: ContentStore = {
    manifest: document,
    document,
    blob: async (descriptor) => {
      if ((await store.size(blobName(descriptor))) === undefined) {
        throw new ImageRefused(`the layer ${descriptor.digest} is not here; save the image for this platform`);
      }
      return store.open(blobName(descriptor));
    },
  };
  const opened = await openManifest(start, content, platform, isExplicit);
  refuseOtherPlatform(opened.config.platform, platform, isExplicit);
  return { ...opened, platform: opened.config.platform };
}

function blobName({ digest }: Descriptor): string {
  return `blobs/${digest.replace(':', '/')}`;
}

const nameAnnotations = ['org.opencontainers.image.ref.name', 'io.containerd.image.name'];

/** The image that is meant by name, or the only one for the platform. */
function chooseImage(offered: readonly Descriptor[], { name, platform, isExplicit }: Selection): Descriptor {
  const names = (one: Descriptor) => nameAnnotations.flatMap((annotation) => asText(one.annotations[annotation]) ?? []);
  const fitting =
    name === undefined ? offered : offered.filter((one) => one.digest === name || names(one).includes(name));
  const told = offered.slice(0, 20).map((one) => names(one)[0] ?? one.digest);
  if (fitting.length === 0) throw new ImageRefused(`no such image in the layout; it has ${told.join(', ') || 'none'}`);
  if (fitting.length > 1 && fitting.every((one) => one.platform === undefined)) {
    throw new ImageRefused(`the layout has several images; choose with --image: ${told.join(', ')}`);
  }
  return chooseManifest(fitting, platform, isExplicit);
}
