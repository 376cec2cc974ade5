import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Definition } from '../catalog/definition.ts';
import type { ReadCatalog } from './archive.ts';
import { CatalogRefused } from './catalog-refused.ts';

/**
 * Reads the definitions of an unpacked catalog: a folder that has `image/<name>/<distribution>/<file>.yaml`.
 * A folder says nothing of commit and date. Throws `CatalogRefused` where a definition is not valid.
 */
export async function readFolder(folder: string): Promise<ReadCatalog> {
  const { importDefinition, isDefinitionPath } = await import('../catalog/import.ts');
  const definitions: Definition[] = [];
  const images = join(folder, 'image');
  for (const file of await readdir(images, { recursive: true })) {
    const path = file.replaceAll('\\', '/');
    if (!isDefinitionPath(path)) continue;
    const definition = importDefinition(path, await readFile(join(images, file), 'utf8'));
    if ('problem' in definition) throw new CatalogRefused(definition.problem);
    definitions.push(definition);
  }
  return { definitions, commit: undefined, date: undefined };
}
