import { ImageRefused } from '../image-refused.ts';

/** What an image runs on, in the words of image configurations (GOOS, GOARCH). */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant: string | undefined;
}

const architectures: Readonly<Record<string, string>> = {
  x64: 'amd64',
  x86_64: 'amd64',
  aarch64: 'arm64',
  ia32: '386',
  armhf: 'arm',
};

/** Variants that an architecture without one means. */
const usualVariant: Readonly<Record<string, string>> = { arm64: 'v8', arm: 'v7', amd64: 'v1' };

/** `linux/arm64`, `linux/arm/v7`, `arm64`. */
export function parsePlatform(text: string): Platform {
  const parts = text.toLowerCase().split('/');
  const [os, architecture, variant] = parts.length === 1 ? ['linux', parts[0]] : parts;
  if (!os || !architecture || parts.length > 3 || !/^[a-z0-9_/.-]+$/.test(text.toLowerCase())) {
    throw new ImageRefused(`${JSON.stringify(text)} is no platform; write it like linux/arm64`);
  }
  return { os, architecture: architectures[architecture] ?? architecture, variant };
}

/** Linux on this machine's processor: containers run Linux everywhere. */
export function platformOf(processArchitecture: string): Platform {
  return { os: 'linux', architecture: architectures[processArchitecture] ?? processArchitecture, variant: undefined };
}

export function formatPlatform({ os, architecture, variant }: Platform): string {
  return [os, architecture, variant].filter((part) => part !== undefined).join('/');
}

/** The best of several images for a platform: its variant, else the usual one, else any of the architecture. */
export function choosePlatform<Offer extends { readonly platform: Platform | undefined }>(
  offers: readonly Offer[],
  wanted: Platform,
): Offer | undefined {
  const fitting = offers.filter(
    ({ platform }) => platform?.os === wanted.os && platform.architecture === wanted.architecture,
  );
  const variant = wanted.variant ?? usualVariant[wanted.architecture];
  return (
    fitting.find(({ platform }) => platform?.variant === variant) ??
    fitting.find(({ platform }) => platform?.variant === undefined) ??
    (wanted.variant === undefined ? fitting[0] : undefined)
  );
}

/** Throws where somebody asked for a platform and an image is made for another. */
export function refuseOtherPlatform(found: Platform, wanted: Platform, isExplicit: boolean): void {
  if (!isExplicit || (found.os === wanted.os && found.architecture === wanted.architecture)) return;
  throw new ImageRefused(`the image is made for ${formatPlatform(found)}, not for ${formatPlatform(wanted)}`);
}
