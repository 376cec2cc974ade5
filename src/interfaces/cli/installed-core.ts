import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { InputError } from '../../project/input-error.ts';
import type { Core } from './core.ts';

/** Pages of the rules, beside the bundle that this file is a part of. */
const pages = fileURLToPath(new URL('./rules/', import.meta.url));

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
  openCatalog: async () => {
    throw new InputError('not built yet: the catalog');
  },
  updateCatalog: async () => {
    throw new InputError('not built yet: catalog update');
  },
  explainImage: async () => {
    throw new InputError('not built yet: explain IMAGE');
  },
  resolveImage: async () => {
    throw new InputError('not built yet: catalog resolve');
  },
  rules: () =>
    existsSync(pages)
      ? readdirSync(pages)
          .filter((name) => name.endsWith('.md'))
          .map((name) => name.slice(0, -'.md'.length))
          .sort()
      : [],
  rulePage: (rule) => {
    const page = `${pages}${rule}.md`;
    return existsSync(page) ? readFileSync(page, 'utf8') : undefined;
  },
};
