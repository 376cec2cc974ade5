import { stringify } from 'yaml';
import type { ImageContract } from '../compile-result.ts';

/** A Dockerfile whose migration carries packages into its runtime image. */
export interface CarryingFile {
  readonly path: string;
  readonly contract: ImageContract;
}

/** One customization, as Docker's `dhi customization create` takes it. */
export interface Customization {
  /** YAML, with what it is for in front */
  readonly text: string;
  /** the image that comes of it, as after FROM */
  readonly image: string;
  /** paths of the Dockerfiles that it is for */
  readonly paths: readonly string[];
}

/**
 * The customizations of hardened images that have the packages which the files carry: one for each image, in the order
 * of the files. `org` holds the mirrored images, `name` is the customization's, and the suffix of its tags. Source of the
 * fields: Docker's documentation, "Customize a Docker Hardened Image", and `docker dhi customization prepare`.
 */
export function customizations(files: readonly CarryingFile[], org: string, name: string): readonly Customization[] {
  const images = new Map<string, CarryingFile[]>();
  for (const file of files) {
    if (file.contract.carried.length === 0) continue;
    images.set(file.contract.definition, [...(images.get(file.contract.definition) ?? []), file]);
  }
  return [...images].map(([definition, users]) => {
    const { contract } = users[0]!;
    const repository = definition.slice(0, definition.indexOf('/'));
    const tag = contract.image.slice(contract.image.lastIndexOf(':') + 1);
    const packages = [...new Set(users.flatMap((file) => file.contract.carried))].sort();
    const paths = users.map(({ path }) => path);
    const document = {
      name,
      targets: [{ destination: `${org}/dhi-${repository}`, tag_definition_id: definition }],
      contents: { packages },
      platforms: contract.platforms,
    };
    return {
      text: `${paths.map((path) => `# ${path}\n`).join('')}${stringify(document)}`,
      image: `${org}/dhi-${repository}:${tag}_${name}`,
      paths,
    };
  });
}
