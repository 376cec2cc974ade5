import { isScalar, type Scalar, type YAMLMap } from 'yaml';
import type { ImageContract } from '../compile-result.ts';
import type { Changes } from './changes.ts';
import type { Surroundings } from './deployment.ts';
import { allPods, containersOf, contractOf, nameOf, type Pod } from './kubernetes-pods.ts';
import { movedValue } from './port-variables.ts';
import { replaceScalar } from './yaml-edits.ts';
import {
  entries,
  findList,
  findMap,
  findScalar,
  mapsOf,
  rangeOf,
  textOf,
  writtenText,
  type YamlText,
} from './yaml-text.ts';

/** How a container takes a ConfigMap: all of it as variables, one entry as a variable, or as files. */
interface Use {
  /** undefined for a container of somebody else's image */
  readonly contract: ImageContract | undefined;
  /** the variable that an entry becomes; undefined where it is none */
  readonly variableOf: (entry: string) => string | undefined;
  readonly isFile: boolean;
}

/** The variables and files that containers of the project take from a ConfigMap. */
export function changeConfigMap(root: YAMLMap, changes: Changes, around: Surroundings): void {
  const name = nameOf(root, changes.yaml);
  const data = findMap(root, 'data', root);
  if (name === undefined || data === undefined) return;
  const uses = usesOf(name, around);
  for (const { key, value, shared } of entries(data.value, root)) {
    if (!isScalar(value)) continue;
    const entry = String(key.value);
    changeEntry({ entry, value, text: textOf(value) ?? '', shared: shared || data.shared }, uses, changes);
  }
}

export interface ConfigEntry {
  readonly entry: string;
  readonly value: Scalar;
  readonly text: string;
  readonly shared: boolean;
  /** what stands before the value in the same scalar: `PORT=` */
  readonly lead?: string;
}

/** One entry: moved where it means the same to all who take it. */
export function changeEntry(
  { entry, value, text, shared, lead = '' }: ConfigEntry,
  uses: readonly Use[],
  changes: Changes,
): void {
  const place = { range: rangeOf(value), shared };
  const moves = uses.flatMap(({ variableOf, contract }) => {
    const variable = variableOf(entry);
    return variable === undefined ? [] : [{ next: movedValue(variable, text, contract?.movedPorts ?? []), contract }];
  });
  const moved = moves.find(({ next }) => next !== undefined);
  if (moved?.next !== undefined) {
    const message = `${entry} is a port below 1024`;
    const why = `the program in ${moved.contract?.image} listens above 1024`;
    if (moves.every(({ next }) => next === moved.next))
      changes.change(
        replaceScalar(changes.yaml, value, `${lead}${moved.next}`),
        place,
        message,
        why,
        `becomes ${moved.next}`,
      );
    else
      changes.say('review', place.range, message, why, `others take it as well: give this one ${moved.next} by itself`);
  }
  for (const { isFile, contract } of uses) {
    const low =
      isFile && contract !== undefined ? contract.movedPorts.find(({ from }) => listens(text, from)) : undefined;
    if (low !== undefined)
      changes.say(
        'review',
        place.range,
        `${entry} makes the program listen on port ${low.from}`,
        `it is laid into ${contract?.image}, which is not root; probes and Services ask ${low.to} now`,
        `listen on ${low.to}`,
      );
  }
}

/** Whether a configuration of nginx, Apache, Caddy or another server says that it listens on a port. */
function listens(text: string, port: number): boolean {
  return new RegExp(`^[ \\t]*(listen|bind|port)\\b[^\\n#]*?[\\s:=]${port}\\b|^[ \\t]*:${port}\\b`, 'im').test(text);
}

const knownUses = new WeakMap<Surroundings, ReadonlyMap<string, readonly Use[]>>();

/** The containers that take a ConfigMap. */
export function usesOf(name: string, around: Surroundings): readonly Use[] {
  let uses = knownUses.get(around);
  if (uses === undefined) {
    uses = allUses(around);
    knownUses.set(around, uses);
  }
  return uses.get(name) ?? [];
}

/** Every use of a ConfigMap, by its name. */
function allUses(around: Surroundings): Map<string, Use[]> {
  const uses = new Map<string, Use[]>();
  const note = (name: string, use: Use) => {
    const known = uses.get(name);
    if (known === undefined) uses.set(name, [use]);
    else known.push(use);
  };
  for (const pod of allPods(around))
    for (const container of containersOf(pod)) {
      const contract = contractOf(container, pod, around);
      for (const { name, prefix } of wholes(container, pod))
        note(name, { contract, variableOf: (entry) => `${prefix}${entry}`, isFile: false });
      for (const { name, variable, key } of singles(container, pod))
        note(name, { contract, variableOf: (entry) => (entry === key ? variable : undefined), isFile: false });
      for (const name of mounts(container, pod)) note(name, { contract, variableOf: () => undefined, isFile: true });
    }
  return uses;
}

function nameIn(map: YAMLMap, yaml: YamlText, root: YAMLMap): string | undefined {
  const name = findScalar(map, 'name', root);
  return name && writtenText(yaml, name.value);
}

/** What `envFrom` takes whole, and the prefixes that it gives. */
function wholes(container: YAMLMap, { root, yaml }: Pod): { name: string; prefix: string }[] {
  const list = findList(container, 'envFrom', root);
  return (list === undefined ? [] : mapsOf(list.value, root)).flatMap((each) => {
    const map = findMap(each, 'configMapRef', root)?.value;
    const name = map && nameIn(map, yaml, root);
    return name === undefined ? [] : [{ name, prefix: textOf(findScalar(each, 'prefix', root)?.value) ?? '' }];
  });
}

/** The variables that are one entry. */
function singles(container: YAMLMap, { root, yaml }: Pod): { name: string; variable: string; key: string }[] {
  const list = findList(container, 'env', root);
  return (list === undefined ? [] : mapsOf(list.value, root)).flatMap((each) => {
    const from = findMap(each, 'valueFrom', root)?.value;
    const map = from && findMap(from, 'configMapKeyRef', root)?.value;
    const word = (of: YAMLMap | undefined, key: string) => of && textOf(findScalar(of, key, root)?.value);
    const [name, variable, key] = [map && nameIn(map, yaml, root), word(each, 'name'), word(map, 'key')];
    return name === undefined || variable === undefined || key === undefined ? [] : [{ name, variable, key }];
  });
}

/** Those that a container has a volume of. */
function mounts(container: YAMLMap, { spec, root, yaml }: Pod): string[] {
  const list = findList(container, 'volumeMounts', root);
  const mounted = new Set(
    (list === undefined ? [] : mapsOf(list.value, root)).map((each) => textOf(findScalar(each, 'name', root)?.value)),
  );
  const volumes = findList(spec, 'volumes', root);
  return (volumes === undefined ? [] : mapsOf(volumes.value, root)).flatMap((volume) => {
    const map = findMap(volume, 'configMap', root)?.value;
    const name = map && nameIn(map, yaml, root);
    return name !== undefined && mounted.has(textOf(findScalar(volume, 'name', root)?.value)) ? [name] : [];
  });
}
