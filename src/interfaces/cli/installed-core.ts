import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Catalog } from '../../catalog/catalog.ts';
import { InputError, inputError } from '../../project/input-error.ts';
import type { Core } from './core.ts';

/** The package's folder, from the bundle as well as from the sources. */
function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

function pagesFolder(): string {
  const sources = join(packageFolder(), 'src/rules');
  return existsSync(sources) ? sources : join(packageFolder(), 'dist/rules');
}

async function openSnapshot(file: string | undefined): Promise<Catalog> {
  const { openCatalog } = await import('../../catalog/catalog.ts');
  const snapshot = file ?? join(packageFolder(), 'data/catalog.snapshot');
  const removed = snapshot.replace(/\.snapshot$/, '.removed-tags');
  let texts: [string, string];
  try {
    // both are ASCII, and this is the fastest way to decode it
    texts = [
      readFileSync(snapshot, 'latin1'),
      removed !== snapshot && existsSync(removed) ? readFileSync(removed, 'latin1') : '',
    ];
  } catch (error) {
    throw inputError('read the catalog', snapshot, error);
  }
  try {
    return openCatalog(...texts);
  } catch (error) {
    throw new InputError(`cannot read the catalog ${snapshot}: it is no whole snapshot; run rehull catalog update`, {
      cause: error,
    });
  }
}

/** The core as it ships with the package. */
export const installedCore: Core = {
  compiler: async () => (await import('../../compile.ts')).compile,
  syntax: async () => {
    const [{ parse }, { parserOutput }] = await Promise.all([
      import('../../syntax/parse.ts'),
      import('../../syntax/parser-output.ts'),
    ]);
    return { parse, parserOutput };
  },
  openCatalog: openSnapshot,
  updateCatalog: async () => {
    throw new InputError('catalog update is not built yet');
  },
  explainImage: async () => {
    throw new InputError('explain IMAGE is not built yet');
  },
  resolveImage: async () => {
    throw new InputError('catalog resolve is not built yet');
  },
  rules: () =>
    existsSync(pagesFolder())
      ? readdirSync(pagesFolder())
          .filter((name) => name.endsWith('.md'))
          .map((name) => name.slice(0, -'.md'.length))
          .sort()
      : [],
  rulePage: (rule) => {
    const page = join(pagesFolder(), `${rule}.md`);
    return existsSync(page) ? readFileSync(page, 'utf8') : undefined;
  },
};
