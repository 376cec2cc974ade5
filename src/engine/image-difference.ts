import { basename } from 'node:path/posix';
import type { ImageFinding } from '../images/image-finding.ts';
import { ImageRefused } from '../images/image-refused.ts';
import { inspectImage } from '../images/inspect-image.ts';
import type { Inspection } from '../images/inspection.ts';
import { IMAGE_LIMITS } from '../images/limits.ts';
import type { Environment } from './docker.ts';

/** What is in the two images, held against each other. */
export interface ImageDifference {
  readonly before: ImageMeasures;
  readonly after: ImageMeasures;
  /** packages of the distribution by name */
  readonly packagesGone: readonly string[];
  readonly packagesNew: readonly string[];
  /** what somebody who takes over the program could use, and the migrated image lacks: shells, package managers ... */
  readonly gone: readonly { readonly what: string; readonly names: readonly string[] }[];
  /** what inspection finds in the migrated image */
  readonly findings: readonly ImageFinding[];
}

export interface ImageMeasures {
  /** of all files */
  readonly bytes: number;
  readonly files: number;
  readonly packages: number;
}

/** Opens both images. A sentence where one cannot be opened. */
export async function compareImages(
  before: string,
  after: string,
  environment: Environment,
): Promise<ImageDifference | string> {
  const around = { cwd: '/', environment, limits: IMAGE_LIMITS };
  try {
    return difference(await inspectImage(before, {}, around), await inspectImage(after, {}, around));
  } catch (error) {
    if (error instanceof ImageRefused) return error.message;
    throw error;
  }
}

function difference(before: Inspection, after: Inspection): ImageDifference {
  const [was, is] = [before, after].map(({ contents }) => contents.packages.map(({ name }) => name));
  const kinds = [
    ['shells', 'shells'],
    ['package managers', 'packageManagers'],
    ['build tools', 'buildTools'],
    ['setuid and setgid files', 'privileged'],
  ] as const;
  return {
    before: measures(before),
    after: measures(after),
    packagesGone: without(was!, is!),
    packagesNew: without(is!, was!),
    gone: kinds.flatMap(([what, key]) => {
      const names = without(before.contents[key].map(nameOf), after.contents[key].map(nameOf));
      return names.length === 0 ? [] : [{ what, names }];
    }),
    findings: after.findings.filter(({ severity }) => severity !== 'info'),
  };
}

function measures({ bytes, files, contents }: Inspection): ImageMeasures {
  return { bytes, files, packages: contents.packages.length };
}

function nameOf(path: string): string {
  return basename(path);
}

function without(names: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others);
  return [...new Set(names)].filter((name) => !known.has(name));
}
