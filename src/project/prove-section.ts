import type { Pair } from 'yaml';
import type { HttpProbe, Probe } from '../engine/scenario.ts';
import { type ConfigNodes, offsetOf, unknownKey } from './config-nodes.ts';

/** What a `rehull.yaml` says under `prove`: how the project is run, and what it is asked. */
export interface ProveSection {
  readonly environment?: Readonly<Record<string, string>> | undefined;
  readonly probes?: readonly Probe[] | undefined;
  /** seconds */
  readonly wait?: number | undefined;
  readonly grace?: number | undefined;
  readonly buildNetwork?: string | undefined;
}

const keys = ['environment', 'probes', 'wait', 'grace', 'buildNetwork'];
const methods = ['get', 'head', 'options', 'post', 'put', 'patch', 'delete'];
const httpKeys = ['port', 'status', 'headers', 'body', 'ignore'];
const longest = 86_400;

/** Takes the section apart. Throws an InputError at the first thing that it may not hold. */
export function readProveSection(nodes: ConfigNodes, { key: name, value }: Pair): ProveSection {
  const section: { -readonly [Key in keyof ProveSection]: ProveSection[Key] } = {};
  for (const pair of nodes.mapOf(value, 'prove', offsetOf(name)).items) {
    const key = nodes.keyOf(pair, 'prove');
    const at = offsetOf(pair.key);
    const where = `prove.${key}`;
    if (key === 'environment') section.environment = nodes.texts(pair, where);
    else if (key === 'probes')
      section.probes = nodes.listOf(pair.value, where, at).map((item) => readProbe(nodes, item, at));
    else if (key === 'wait' || key === 'grace') section[key] = nodes.numberOf(pair.value, where, at, 1, longest);
    else if (key === 'buildNetwork') section.buildNetwork = nodes.textOf(pair.value, where, at);
    else nodes.fail(at, unknownKey(key, keys));
  }
  return section;
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
  const probe: { -readonly [Key in keyof HttpProbe]: HttpProbe[Key] } = {
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
