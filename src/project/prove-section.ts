import type { Pair } from 'yaml';
import { type Companion, type HttpProbe, type Probe, plainRun, type RunInput } from '../engine/scenario.ts';
import { type ConfigNodes, offsetOf, unknownKey } from './config-nodes.ts';

/** What a `rehull.yaml` says under `prove`: how the project is run, and what it is asked. */
export interface ProveSection {
  /** arguments of the program, in the place of CMD */
  readonly command?: readonly string[] | undefined;
  readonly services?: readonly Companion[] | undefined;
  readonly environment?: Readonly<Record<string, string>> | undefined;
  readonly probes?: readonly Probe[] | undefined;
  /** seconds */
  readonly wait?: number | undefined;
  readonly grace?: number | undefined;
  readonly buildNetwork?: string | undefined;
}

const keys = ['environment', 'command', 'services', 'probes', 'wait', 'grace', 'buildNetwork'];
const serviceKeys = ['image', 'environment', 'command', 'log'];
const methods = ['get', 'head', 'options', 'post', 'put', 'patch', 'delete'];
const httpKeys = ['port', 'status', 'headers', 'body', 'ignore'];
const longest = 86_400;

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Takes the section apart. Throws an InputError at the first thing that it may not hold. */
export function readProveSection(nodes: ConfigNodes, { key: name, value }: Pair): ProveSection {
  const section: Writable<ProveSection> = {};
  for (const pair of nodes.mapOf(value, 'prove', offsetOf(name)).items) {
    const key = nodes.keyOf(pair, 'prove');
    const at = offsetOf(pair.key);
    const where = `prove.${key}`;
    if (key === 'environment') section.environment = nodes.texts(pair, where);
    else if (key === 'command') section.command = nodes.textList(pair, where);
    else if (key === 'services')
      section.services = nodes.mapOf(pair.value, where, at).items.map((item) => readService(nodes, item));
    else if (key === 'probes')
      section.probes = nodes.listOf(pair.value, where, at).map((item) => readProbe(nodes, item, at));
    else if (key === 'wait' || key === 'grace') section[key] = nodes.numberOf(pair.value, where, at, 1, longest);
    else if (key === 'buildNetwork') section.buildNetwork = nodes.textOf(pair.value, where, at);
    else nodes.fail(at, unknownKey(key, keys));
  }
  return section;
}

/** A program that runs beside the project, in the order of the file. */
function readService(nodes: ConfigNodes, pair: Pair): Companion {
  const name = nodes.keyOf(pair, 'prove.services');
  const at = offsetOf(pair.key);
  if (!/^[a-z0-9][a-z0-9_.-]{0,62}$/i.test(name)) nodes.fail(at, `${JSON.stringify(name)} is no name of a host`);
  const service: Writable<RunInput> & { image: string; log: string | undefined } = {
    ...plainRun(name),
    image: '',
    log: undefined,
  };
  for (const item of nodes.mapOf(pair.value, name, at).items) {
    const key = nodes.keyOf(item, name);
    const place = offsetOf(item.key);
    if (key === 'environment') service.environment = nodes.texts(item, key);
    else if (key === 'command') service.command = nodes.textList(item, key);
    else if (key === 'image' || key === 'log') service[key] = nodes.textOf(item.value, key, place);
    else nodes.fail(place, unknownKey(key, serviceKeys));
  }
  return service.image === '' ? nodes.fail(at, `${name} needs an image`) : service;
}

function readProbe(nodes: ConfigNodes, item: unknown, parent: number): Probe {
  const entry = nodes.mapOf(item, 'a probe', parent);
  const at = offsetOf(entry);
  const kinds = entry.items.filter((pair) => ['command', 'log', ...methods].includes(nodes.keyOf(pair, 'a probe')));
  const [first] = kinds;
  if (first === undefined || kinds.length > 1)
    return nodes.fail(at, `a probe has one of ${['command', 'log', ...methods].join(', ')}`);
  const kind = nodes.keyOf(first, 'a probe');
  const others = entry.items.filter((pair) => pair !== first);
  for (const pair of others) {
    const key = nodes.keyOf(pair, 'a probe');
    if (!methods.includes(kind) || !httpKeys.includes(key))
      nodes.fail(offsetOf(pair.key), unknownKey(key, methods.includes(kind) ? [kind, ...httpKeys] : [kind]));
  }
  if (kind === 'log') return { kind, text: nodes.textOf(first.value, kind, at) };
  if (kind === 'command') {
    const argv = nodes.textList(first, kind);
    return argv.length > 0 ? { kind, argv } : nodes.fail(at, 'command needs a program');
  }
  const path = nodes.textOf(first.value, kind, at);
  if (!/^\/[\x21-\x7e]*$/.test(path)) nodes.fail(offsetOf(first.value), `${kind} needs a path that begins with /`);
  const probe: Writable<HttpProbe> = {
    kind: 'http',
    method: kind.toUpperCase(),
    path,
    port: undefined,
    headers: {},
    body: undefined,
    status: undefined,
    ignore: [],
  };
  for (const pair of others) {
    const key = nodes.keyOf(pair, 'a probe');
    const place = offsetOf(pair.key);
    if (key === 'port') probe.port = nodes.numberOf(pair.value, key, place, 1, 65_535);
    else if (key === 'status') probe.status = nodes.numberOf(pair.value, key, place, 100, 599);
    else if (key === 'headers') probe.headers = nodes.texts(pair, key);
    else if (key === 'body') probe.body = nodes.textOf(pair.value, key, place);
    else probe.ignore = nodes.textList(pair, key);
  }
  return probe;
}
