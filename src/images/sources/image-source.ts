import type { LayerInput } from '../layers/read-layer.ts';
import type { ImageConfig } from './image-config.ts';
import type { Platform } from './platform.ts';

/** An image that was found: all that is needed to look into it. */
export interface ImageSource {
  /** where it came from, for a person: `docker`, `folder` */
  readonly origin: string;
  /** of the manifest, where there is one */
  readonly digest: string | undefined;
  readonly config: ImageConfig;
  readonly platform: Platform;
  readonly layers: readonly LayerInput[];
  /** removes what was laid down to read the image */
  close(): Promise<void>;
}
