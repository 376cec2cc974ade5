import { hardenedName, parseReference } from '../catalog/reference.ts';
import { expandWord } from '../syntax/expand.ts';
import type { Range } from '../text/range.ts';
import type { MigratedDockerfile, Surroundings } from './deployment.ts';

/** A build argument that somebody sets, and where. */
export interface BuildArgument {
  readonly name: string;
  /** undefined where it is not known here */
  readonly value: string | undefined;
  readonly range: Range;
}

/** What is wrong with a build argument once a Dockerfile is migrated. */
export interface ArgumentTrouble {
  readonly message: string;
  readonly why: string;
  readonly fix: string;
}

/** Whether a build argument that somebody sets still does what it did to the images of a Dockerfile. */
export function argumentTrouble(
  { name, value }: Omit<BuildArgument, 'range'>,
  dockerfile: MigratedDockerfile,
  around: Pick<Surroundings, 'catalog' | 'home'>,
): ArgumentTrouble | undefined {
  const { before, result, path } = dockerfile;
  if (!/^\w+$/.test(name) || !isUsed(name, before)) return undefined;
  if (!isUsed(name, result.after))
    return {
      message: `${name} no longer chooses the base image of ${path}`,
      why: 'the migrated FROM names its image',
      fix: 'take the argument out, or choose the image in the Dockerfile',
    };
  if (value === undefined || result.after === before) return undefined;
  const missing = imagesWith(name, value, result.after).find((image) => isMissing(image, around));
  return missing === undefined
    ? undefined
    : {
        message: `${name}=${value} makes ${missing} the base image of ${path}`,
        why: 'the catalog of hardened images does not have it',
        fix: `set ${name} to a value that the catalog has`,
      };
}

function isUsed(argument: string, text: string): boolean {
  return new RegExp(`^[ \\t]*FROM[^\\n]*\\$\\{?${argument}\\b`, 'im').test(text);
}

/** The images of FROM that an argument decides, with the defaults of all others. */
function imagesWith(argument: string, value: string, text: string): string[] {
  const known = new Map<string, string>();
  const images: string[] = [];
  let isGlobal = true;
  for (const line of text.split('\n')) {
    const [, name, fallback] = /^[ \t]*ARG[ \t]+(\w+)=["']?([^\s"'$]*)["']?[ \t]*\r?$/i.exec(line) ?? [];
    if (name !== undefined && isGlobal) known.set(name, fallback!);
    const image = /^[ \t]*FROM[ \t]+(?:--\S+[ \t]+)*(\S+)/i.exec(line)?.[1];
    if (image === undefined) continue;
    isGlobal = false;
    known.set(argument, value);
    if (!new RegExp(`\\$\\{?${argument}\\b`).test(image)) continue;
    const { value: whole, unset } = expandWord(image, known);
    if (whole !== undefined && unset.length === 0) images.push(whole);
  }
  return images;
}

/** Whether an image is a hardened one by its name, and the catalog has no such tag. */
function isMissing(image: string, { catalog, home }: Pick<Surroundings, 'catalog' | 'home'>): boolean {
  const reference = parseReference(image);
  if ('problem' in reference) return false;
  const hardened = hardenedName(reference, home);
  if (hardened?.tag === undefined) return false;
  return catalog.has(hardened.image) && catalog.resolve(hardened.image, hardened.tag) === undefined;
}
