import { isMap, isSeq } from 'yaml';
import type { ImageContract } from '../compile-result.ts';
import type { Listening } from './addresses.ts';
import { type Build, folderOf, joinPath } from './builds.ts';
import { type PublicImage, publicImageOf } from './compose-images.ts';
import { buildOf, isComposeFile, type Service, servicesOf } from './compose-services.ts';
import type { ProjectFile, Surroundings } from './deployment.ts';
import { entries, find, findScalar, readYaml, scalarsOf, textOf, type YamlText } from './yaml-text.ts';

/** A Compose file, read. */
export interface ComposeFile {
  readonly path: string;
  readonly folder: string;
  readonly yaml: YamlText;
  readonly services: readonly Service[];
}

const known = new WeakMap<Surroundings, readonly ComposeFile[]>();

/** The Compose files of a project. */
export function composeFilesOf(around: Surroundings): readonly ComposeFile[] {
  let files = known.get(around);
  if (files === undefined) {
    files = around.files.flatMap((file) => readCompose(file) ?? []);
    known.set(around, files);
  }
  return files;
}

/** A file's services; undefined where it is none of Compose, or cannot be read. */
export function readCompose({ path, text }: ProjectFile): ComposeFile | undefined {
  if (!/\.ya?ml$/i.test(path) || !isComposeFile(path, text)) return undefined;
  const yaml = readYaml(text);
  if ('problem' in yaml) return undefined;
  const services = servicesOf(yaml);
  return services.length === 0 ? undefined : { path, folder: folderOf(path), yaml, services };
}

/** What a service is built by; undefined where it runs an image of somebody else, or nothing is known. */
export function buildOfService(service: Service, folder: string, { builds }: Surroundings): Build | undefined {
  const own = buildOf(service, folder);
  const build = builds.ofService({ folder, service: service.name }, own);
  if (build !== undefined || own !== undefined) return build;
  const image = textOf(findScalar(service.map, 'image', service.root)?.value);
  return image === undefined ? undefined : builds.ofImage(image);
}

const knownStacks = new WeakMap<Surroundings, ReadonlyMap<string, readonly ComposeFile[]>>();

/** The files whose services reach each other by name: those of a folder, and what they include. */
export function stackOf(path: string, around: Surroundings): readonly ComposeFile[] {
  let stacks = knownStacks.get(around);
  if (stacks === undefined) {
    stacks = stacksByFolder(composeFilesOf(around));
    knownStacks.set(around, stacks);
  }
  return stacks.get(folderOf(path)) ?? [];
}

function stacksByFolder(files: readonly ComposeFile[]): Map<string, ComposeFile[]> {
  const stacks = new Map<string, ComposeFile[]>();
  for (const file of files) {
    const stack = stacks.get(file.folder);
    if (stack === undefined) stacks.set(file.folder, [file]);
    else stack.push(file);
  }
  for (const file of files)
    for (const folder of includedBy(file)) {
      const [own, other] = [stacks.get(file.folder)!, stacks.get(folder)];
      if (other === undefined || other === own) continue;
      own.push(...other);
      for (const each of other) stacks.set(each.folder, own);
    }
  return stacks;
}

function includedBy({ folder, yaml }: ComposeFile): string[] {
  return yaml.documents.flatMap((root) => {
    const list = find(root, 'include', root)?.value;
    if (!isSeq(list)) return [];
    const paths = list.items.flatMap((item) => {
      if (!isMap(item)) return textOf(item) ?? [];
      const path = find(item, 'path', root)?.value;
      return isSeq(path) ? scalarsOf(path, root).map((each) => textOf(each) ?? '') : (textOf(path) ?? []);
    });
    return paths.map((path) => folderOf(joinPath(folder, path)));
  });
}

/** The names by which other containers reach services whose ports moved. A name that means two things is none. */
export function movedHosts(files: readonly ComposeFile[], around: Surroundings): ReadonlyMap<string, Listening> {
  const hosts = new Map<string, Listening | undefined>();
  for (const file of files)
    for (const service of file.services) {
      const listening = listeningOf(service, file.folder, around);
      if (listening === undefined) continue;
      for (const name of namesOf(service)) {
        const other = hosts.get(name);
        const clash = hosts.has(name) && (other === undefined || !samePorts(other, listening));
        hosts.set(name, clash ? undefined : listening);
      }
    }
  const moved = [...hosts].flatMap(([name, listening]): [string, Listening][] =>
    listening === undefined || listening.movedPorts.length === 0 ? [] : [[name, listening]],
  );
  return new Map(moved);
}

function samePorts(one: Listening, other: Listening): boolean {
  return JSON.stringify(one.movedPorts) === JSON.stringify(other.movedPorts);
}

/** What a service listens on now: undefined where nothing is known of it. */
function listeningOf(service: Service, folder: string, around: Surroundings): Listening | undefined {
  const build = buildOfService(service, folder, around);
  if (build !== undefined) return build.contract;
  return replacement(publicImageOf(service, around));
}

/** What a public image's hardened twin listens on, where the service gets it. */
export function replacement(image: PublicImage | undefined): Listening | undefined {
  const { standIn } = image ?? {};
  return standIn === undefined || image?.caution !== undefined
    ? undefined
    : { movedPorts: standIn.movedPorts, image: standIn.text };
}

function namesOf({ name, map, root }: Service): string[] {
  const word = (key: string) => textOf(findScalar(map, key, root)?.value) ?? [];
  const networks = find(map, 'networks', root)?.value;
  const aliases = isMap(networks)
    ? entries(networks, root).flatMap(({ value }) => {
        const list = isMap(value) ? find(value, 'aliases', root)?.value : undefined;
        return isSeq(list) ? scalarsOf(list, root).map((each) => textOf(each) ?? '') : [];
      })
    : [];
  return [name, word('container_name'), word('hostname'), aliases].flat();
}

/** What a service of Compose that the project builds is now. */
export function contractOfService(service: Service, folder: string, around: Surroundings): ImageContract | undefined {
  return buildOfService(service, folder, around)?.contract;
}
