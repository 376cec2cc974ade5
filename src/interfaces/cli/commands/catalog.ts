import type { Catalog } from '../../../catalog/catalog.ts';
import type { Definition } from '../../../catalog/definition.ts';
import { hardenedName, parseReference } from '../../../catalog/reference.ts';
import { InputError } from '../../../project/input-error.ts';
import type { Session } from '../session.ts';

/** `rehull catalog search WORD ...`: the images whose names hold every word. Returns the exit code. */
export async function search(session: Session, words: readonly string[]): Promise<number> {
  const catalog = await session.catalog(session.flags.catalog);
  const wanted = words.map((word) => word.toLowerCase());
  const found = catalog.images.filter((image) => wanted.every((word) => image.includes(word)));
  for (const image of found) {
    const definitions = catalog.definitions(image);
    const distributions = [...new Set(definitions.map(({ distribution }) => distribution))].sort();
    session.io.stdout.write(`${image}\t${distributions.join(' ')}\t${definitions.length} definitions\n`);
  }
  if (found.length === 0) session.io.stderr.write(`rehull: no image of the catalog is called ${words.join(' ')}\n`);
  return found.length === 0 ? 1 : 0;
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
    throw new InputError(`the catalog of ${catalog.date} has no image ${name}; try rehull catalog search ${name}`);
  }
  const text = tag === undefined ? imageText(catalog.definitions(name)) : tagText(catalog, name, tag);
  session.io.stdout.write(`${text}\n`);
  return 0;
}

/** `rehull catalog info`: what the catalog in use is. Returns the exit code. */
export async function info(session: Session): Promise<number> {
  const { date, commit, size } = await session.catalog(session.flags.catalog);
  session.io.stdout.write(
    `Docker Hardened Images, public catalog of ${date} (commit ${commit})\n` +
      `${size.images} images, ${size.definitions} definitions, ${size.tags} tags\n`,
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

function imageText(definitions: readonly Definition[]): string {
  const rows = definitions.map((definition) => {
    const end = definition.endOfLife === undefined ? '' : `  until ${definition.endOfLife}`;
    return `${definition.file}\t${definition.variant}${end}\n  ${definition.tags.join(' ')}`;
  });
  return rows.join('\n');
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
