import fs from 'node:fs';
import { parseTagList, type TagList } from '../catalog/enterprise-tag.ts';
import type { HardenedHome } from '../catalog/reference.ts';
import { InputError, inputError } from './input-error.ts';

const maximumTagListBytes = 16 * 1024 * 1024;

/**
 * Reads the list of the tags that an organisation has. `shown` is how errors name the file. Throws an InputError with
 * file and line for a line that names no hardened image.
 */
export function readTagList(path: string, shown: string, home: HardenedHome): TagList {
  let text: string;
  try {
    if (fs.statSync(path).size > maximumTagListBytes)
      throw new InputError(`cannot read ${shown}: it is larger than 16 MB`);
    text = fs.readFileSync(path, 'utf8');
  } catch (error) {
    throw inputError('read the tag list', shown, error);
  }
  const { tags, wrong } = parseTagList(text, home);
  const [first] = wrong;
  if (first === undefined) return tags;
  const more = wrong.length === 1 ? '' : ` (and ${wrong.length - 1} more wrong line${wrong.length === 2 ? '' : 's'})`;
  throw new InputError(`${shown}:${first.line}:1: ${first.problem}${more}`);
}
