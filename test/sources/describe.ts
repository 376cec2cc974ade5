import { parseReference } from '../../src/catalog/reference.ts';
import { describeSource } from '../../src/sources/describe-source.ts';
import type { SourceImage } from '../../src/sources/source-image.ts';

/** The source image of a reference as it stands in a FROM. */
export function describeImage(text: string): SourceImage {
  const reference = parseReference(text);
  if ('problem' in reference) throw new Error(`${text}: ${reference.problem}`);
  return describeSource(reference);
}
