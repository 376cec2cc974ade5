import { accessSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CatalogRefused } from '../../catalog-store/catalog-refused.ts';
import { cacheDirectory, loadCatalog } from '../../catalog-store/load.ts';
import { InputError, inputError } from '../../project/input-error.ts';
import type { Core, OpenedCatalog } from './core.ts';

/** The package's folder, from the bundle as well as from the sources. */
function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

/** The pages of rules and of the other files of a project: from the sources, else as the bundle has them. */
function pageFiles(): Map<string, string> {
  const sources = ['src/rules', 'src/deployment'].map((folder) => join(packageFolder(), folder));
  const folders = existsSync(sources[0]!) ? sources : [join(packageFolder(), 'dist/rules')];
  const found = folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => name.endsWith('.md'))
        .map((name): [string, string] => [name.slice(0, -'.md'.length), join(folder, name)]),
    );
  return new Map(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const updated = () => cacheDirectory(process.env, process.platform, homedir());

/** What the catalog's own door refuses is something that a person gave. */
async function asInput<Answer>(action: string, ask: () => Answer | Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof CatalogRefused) throw new InputError(`cannot ${action}: ${error.message}`, { cause: error });
    throw inputError(action, (error as NodeJS.ErrnoException).path ?? '', error);
  }
}

const origins = {
  package: 'the package',
  cache: 'an update; it is newer than that of the package',
  file: 'the file that was named',
};

async function openCatalog(file: string | undefined): Promise<OpenedCatalog> {
  const { catalog, origin, warning } = await asInput('use the catalog', () =>
    loadCatalog({ file, cacheDirectory: updated() }),
  );
  return { catalog, origin: origins[origin], warning };
}

async function updateCatalog(source: string | undefined): Promise<string> {
  const update = await import('../../catalog-store/update.ts');
  if (source !== undefined && !source.includes('://')) await asInput('read the archive', () => accessSync(source));
  const { before, after, imagesAdded, imagesRemoved, tagsAdded, tagsRemoved } = await asInput(
    'update the catalog',
    () => update.updateCatalog({ source, cacheDirectory: updated(), fetch }),
  );
  const names = (what: string, images: readonly string[]) =>
    images.length > 0 ? [`${what}: ${images.join(', ')}`] : [];
  return [
    `the catalog of ${before.date} is now that of ${after.date}: ${tagsAdded} tags came, ${tagsRemoved} went`,
    ...names('new images', imagesAdded),
    ...names('images that are gone', imagesRemoved),
  ].join('\n');
}

/** The core as it ships with the package. */
export const installedCore: Core = {
  compiler: async () => (await import('../../compile.ts')).compile,
  deployments: async () => {
    const [
      { buildsAskedFor, changeDeployments, inlineDockerfiles, mayFollow, mountsOf, startedBy },
      { shippedTargets },
      { tasksOf },
    ] = await Promise.all([
      import('../../deployment/change-deployments.ts'),
      import('../../deployment/shipped-targets.ts'),
      import('../../deployment/tasks.ts'),
    ]);
    return {
      change: changeDeployments,
      mayFollow,
      mounts: mountsOf,
      asked: buildsAskedFor,
      inline: inlineDockerfiles,
      started: startedBy,
      shippedTargets,
      tasks: tasksOf,
    };
  },
  syntax: async () => {
    const [{ parse }, { parserOutput }] = await Promise.all([
      import('../../syntax/parse.ts'),
      import('../../syntax/parser-output.ts'),
    ]);
    return { parse, parserOutput };
  },
  openCatalog,
  updateCatalog,
  explainImage: async (...asked) => (await import('./image-answers.ts')).explainImage(...asked),
  resolveImage: async (...asked) => (await import('./image-answers.ts')).resolveImage(...asked),
  rules: () => [...pageFiles().keys()],
  rulePage: (rule) => {
    const page = pageFiles().get(rule);
    return page === undefined ? undefined : readFileSync(page, 'utf8');
  },
};
