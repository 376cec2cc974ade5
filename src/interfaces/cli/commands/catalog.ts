import type { Catalog } from '../../../catalog/catalog.ts';
import { hardenedName, parseReference } from '../../../catalog/reference.ts';
import { imageRows, searchCatalog, similarImages } from '../../../catalog/search.ts';
import { InputError } from '../../../project/input-error.ts';
import type { Session } from '../session.ts';

/** `rehull catalog search WORD ...`: images by words of their names and tags. Returns the exit code. */
export async function search(session: Session, words: readonly string[]): Promise<number> {
  const catalog = await session.catalog(session.flags.catalog);
  const found = searchCatalog(catalog, words);
  for (const { image, tags } of found) session.io.stdout.write(`${[image, ...tags].join('\t')}\n`);
  if (found.length > 0) return 0;
  session.warn(`the catalog of ${catalog.date} has nothing for ${words.join(' ')}`);
  return 1;
}

/** `rehull catalog resolve IMAGE`: the hardened image that stands for it. Returns the exit code. */
export async function resolve(session: Session, image: string): Promise<number> {
  const catalog = await session.catalog(session.flags.catalog);
  session.io.stdout.write(`${await session.core.resolveImage(image, catalog, session.settings().options)}\n`);
  return 0;
}

/** `rehull catalog show IMAGE[:TAG]`: the definitions of an image, or all of one. Returns the exit code. */
export async function show(session: Session, image: string): Promise<number> {
  const catalog = await session.catalog(session.flags.catalog);
  const { name, tag } = catalogName(image, session);
  if (!catalog.has(name)) {
    const similar = similarImages(catalog, name);
    const advice = similar.length > 0 ? `did you mean ${similar.join(', ')}` : `try rehull catalog search ${name}`;
    throw new InputError(`the catalog of ${catalog.date} has no image ${name}; ${advice}`);
  }
  const text = tag === undefined ? imageText(catalog, name) : tagText(catalog, name, tag);
  session.io.stdout.write(`${text}\n`);
  return 0;
}

/** `rehull catalog info`: what the catalog in use is. Returns the exit code. */
export async function info(session: Session): Promise<number> {
  const { catalog, origin } = await session.openCatalog(session.flags.catalog);
  const { date, commit, size } = catalog;
  session.io.stdout.write(
    `Docker Hardened Images, public catalog of ${date} (commit ${commit})\n` +
      `${size.images} images, ${size.definitions} definitions, ${size.tags} tags\n` +
      `from ${origin}\n`,
  );
  return 0;
}

/** `rehull catalog update`. Returns the exit code. */
export async function update(session: Session, archive: string | undefined): Promise<number> {
  session.io.stdout.write(`${await session.core.updateCatalog(archive)}\n`);
  return 0;
}

/** The catalog's name for what a person writes: `python`, `python:3.13`, `dhi.io/python:3.13`, a mirror's name. */
function catalogName(text: string, session: Session): { name: string; tag: string | undefined } {
  const reference = parseReference(text);
  if ('problem' in reference) throw new InputError(`${JSON.stringify(text)} is no image: ${reference.problem}`);
  const hardened = hardenedName(reference, session.settings().options);
  if (hardened !== undefined) return { name: hardened.image, tag: hardened.tag };
  return { name: reference.repository.replace(/^library\//, ''), tag: reference.tag };
}

function imageText(catalog: Catalog, image: string): string {
  const rows = (imageRows(catalog, image) ?? []).map(({ tag, definition }) => {
    const { variant, flavor, distribution, endOfLife } = definition;
    return [tag, [variant, flavor].filter(Boolean).join(' '), distribution, endOfLife && `until ${endOfLife}`];
  });
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (cell ?? '').padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function tagText(catalog: Catalog, image: string, tag: string): string {
  const definition = catalog.resolve(image, tag);
  if (definition === undefined) {
    const day = catalog.removed(image, tag);
    const gone = day === undefined ? `has no ${image}:${tag}` : `lost ${image}:${tag} on ${day}`;
    throw new InputError(`the catalog of ${catalog.date} ${gone}; rehull catalog show ${image} lists what there is`);
  }
  const { user } = definition;
  const environment = Object.entries(definition.environment).map(([name, value]) => `${name}=${value}`);
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['definition', `${definition.image}/${definition.file}`],
    ['variant', [definition.variant, definition.flavor].filter(Boolean).join(', ')],
    ['distribution', definition.distribution],
    ['tags', definition.tags.join(' ')],
    ['platforms', definition.platforms.join(' ')],
    ['user', `${user.name} (${user.uid}:${user.gid})`],
    ['workdir', definition.workdir],
    ['entrypoint', definition.entrypoint && JSON.stringify(definition.entrypoint)],
    ['cmd', definition.cmd && JSON.stringify(definition.cmd)],
    ['ports', definition.ports.join(' ')],
    ['stop signal', definition.stopSignal],
    ['shell', definition.shell ?? 'none'],
    ['package managers', definition.packageManagers.join(' ') || 'none'],
    ['environment', environment.join('\n                  ')],
    ['packages', definition.packages.join(' ')],
    ['end of life', definition.endOfLife],
  ];
  return facts
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${name.padEnd(16)}  ${value}`)
    .join('\n');
}
