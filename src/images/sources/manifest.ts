import { ImageRefused } from '../image-refused.ts';
import type { Pieces } from '../layers/decompress.ts';
import type { LayerInput } from '../layers/read-layer.ts';
import { type ImageConfig, readImageConfig } from './image-config.ts';
import { asObject, asText, isObject, parseJson } from './json-document.ts';
import { choosePlatform, formatPlatform, type Platform } from './platform.ts';

/** A reference from one document of an image to another. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number | undefined;
  readonly platform: Platform | undefined;
  readonly annotations: Readonly<Record<string, unknown>>;
}

/** Where documents and layers are found by their digest. */
export interface ContentStore {
  /** a manifest or an index, verified */
  manifest(descriptor: Descriptor): Promise<Buffer>;
  /** another small document, verified */
  document(descriptor: Descriptor): Promise<Buffer>;
  /** a layer's bytes, as they lie there */
  blob(descriptor: Descriptor): Promise<Pieces>;
}

export interface OpenedManifest {
  readonly digest: string;
  readonly config: ImageConfig;
  readonly layers: readonly LayerInput[];
}

/** Indexes within indexes; real ones have at most one. */
const deepest = 4;
/** Engines take 127 (overlay file systems). */
const mostLayers = 1000;
const digestPattern = /^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[0-9a-fA-F]{32,128}$/;

export function readDescriptor(value: unknown): Descriptor {
  const object = asObject(value, 'a descriptor');
  const digest = asText(object.digest);
  if (digest === undefined || !digestPattern.test(digest))
    throw new ImageRefused('a descriptor has no digest: the image is damaged');
  const platform = isObject(object.platform) ? object.platform : undefined;
  return {
    mediaType: asText(object.mediaType) ?? '',
    digest,
    size: typeof object.size === 'number' && object.size >= 0 ? object.size : undefined,
    platform: platform && {
      os: asText(platform.os) ?? 'unknown',
      architecture: asText(platform.architecture) ?? 'unknown',
      variant: asText(platform.variant),
    },
    annotations: isObject(object.annotations) ? object.annotations : {},
  };
}

/** The images that an index names, attestations left out. */
export function readIndex(document: unknown): Descriptor[] {
  const { manifests } = asObject(document, 'the index');
  if (!Array.isArray(manifests)) throw new ImageRefused('the index names no images');
  return manifests.map(readDescriptor).filter(({ annotations, platform }) => {
    const isAttestation = annotations['vnd.docker.reference.type'] !== undefined;
    return !isAttestation && !(platform?.os === 'unknown' && platform.architecture === 'unknown');
  });
}

/** Follows indexes to the image for a platform, and opens its manifest. */
export async function openManifest(
  start: Descriptor,
  store: ContentStore,
  wanted: Platform,
  isExplicit: boolean,
  depth = 0,
): Promise<OpenedManifest> {
  const document = asObject(parseJson(await store.manifest(start), 'the manifest'), 'the manifest');
  if (Array.isArray(document.manifests)) {
    // who reads such a document as the one, and who as the other, sees two images under one digest
    if (document.layers !== undefined || document.config !== undefined)
      throw new ImageRefused('the manifest is an image and an index at once; do not use this image');
    if (depth === deepest) throw new ImageRefused('the image is an index of indexes without end');
    const chosen = chooseManifest(readIndex(document), wanted, isExplicit);
    return openManifest(chosen, store, wanted, isExplicit, depth + 1);
  }
  if (!Array.isArray(document.layers) || !isObject(document.config)) {
    throw new ImageRefused(
      document.schemaVersion === 1
        ? 'the manifest is of schema 1, which registries no longer write; push the image anew'
        : 'the manifest has no layers: this is no container image',
    );
  }
  if (document.layers.length > mostLayers)
    throw new ImageRefused(`the image has ${document.layers.length} layers, more than the ${mostLayers} that are read`);
  const configDescriptor = readDescriptor(document.config);
  if (!/image|container\.v1/.test(configDescriptor.mediaType || 'image')) {
    throw new ImageRefused(`this is no container image, but an artifact of type ${configDescriptor.mediaType}`);
  }
  const config = readImageConfig(parseJson(await store.document(configDescriptor), 'the image configuration'));
  const layers = document.layers.map(readDescriptor);
  return {
    digest: start.digest,
    config,
    layers: layers.map((layer, index) => {
      if (/\+encrypted$/.test(layer.mediaType)) throw new ImageRefused(`layer ${index + 1} is encrypted`);
      return {
        name: `layer ${index + 1} of ${layers.length}`,
        open: () => store.blob(layer),
        digest: layer.digest,
        size: layer.size,
        diffId: undefined,
      };
    }),
  };
}

/** The manifest for a platform; where nobody asked for one and there is a single image, that. */
export function chooseManifest(manifests: readonly Descriptor[], wanted: Platform, isExplicit: boolean): Descriptor {
  const [first, second] = manifests;
  if (first === undefined) throw new ImageRefused('the index names no images');
  const chosen = choosePlatform(manifests, wanted);
  if (chosen !== undefined) return chosen;
  if (second === undefined && (!isExplicit || first.platform === undefined)) return first;
  const offered = [
    ...new Set(manifests.map(({ platform }) => (platform === undefined ? '?' : formatPlatform(platform)))),
  ];
  throw new ImageRefused(
    `the image is not made for ${formatPlatform(wanted)}; choose with --platform: ${offered.slice(0, 20).join(', ')}`,
  );
}
