import type { Wish } from '../catalog/wish.ts';
import type { SourceImage } from './source-image.ts';

/** What is wanted of the hardened image that stands for a source image, in the package family that was decided for it. */
export function wishForSource(source: SourceImage, image: string, family: 'debian' | 'alpine', today: string): Wish {
  const version = source.isDistribution ? undefined : source.version;
  return {
    image,
    version,
    precision: version === undefined || source.versionFromToday ? 0 : version.split('.').length,
    family,
    release: source.releaseFromToday ? undefined : source.release,
    variant: 'runtime',
    part: source.hardenedWords[0],
    today,
  };
}
