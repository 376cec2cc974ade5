import type { Catalog } from '../../src/catalog/catalog.ts';
import type { Definition } from '../../src/catalog/definition.ts';
import { noProject, type ProjectReader } from '../../src/context/project-reader.ts';
import { type BuildFacts, readBuild } from '../../src/facts/build-facts.ts';
import { parse } from '../../src/syntax/parse.ts';
import { definitionOf, sampleCatalog, yamlOf } from '../catalog/sample.ts';

const catalog: Catalog = sampleCatalog('node debian-13/22 22');

/** The facts of a file that BuildKit accepts. */
export function factsOf(text: string, project: ProjectReader = noProject): BuildFacts {
  const facts = readBuild(parse(text), catalog, project, {});
  if ('problem' in facts) throw new Error(facts.problem);
  return facts;
}

/** A project of these files. */
export function projectOf(files: Readonly<Record<string, string>>): ProjectReader {
  const texts = new Map(Object.entries(files));
  return { read: (path) => texts.get(path), list: () => undefined };
}

/** A hardened image that lists these packages. */
export function imageWith(place: string, packages: string, shell?: string): Definition {
  const [image, ...file] = place.split('/');
  const variant = place.endsWith('-dev') ? 'dev' : 'runtime';
  const definition = definitionOf(`${image}/${file.join('/')}.yaml`, yamlOf(image!, variant, ['1']));
  return { ...definition, packages: packages.split(' '), shell };
}
