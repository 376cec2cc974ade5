import type { Pair } from 'yaml';
import type { CompileOptions } from '../compile.ts';
import { ConfigNodes, offsetOf, unknownKey } from './config-nodes.ts';
import { type ProveSection, readProveSection } from './prove-section.ts';

/** The document as written: paths as they stand in it. */
export interface ConfigDocument extends Omit<CompileOptions, 'today' | 'tags'> {
  readonly context?: string | undefined;
  readonly catalog?: string | undefined;
  readonly tags?: string | undefined;
  readonly prove?: ProveSection | undefined;
}

const textKeys = ['org', 'registry', 'target', 'context', 'catalog', 'tags'] as const;
const switches = ['arbitraryUser', 'readOnlyRoot'] as const;
const keys: readonly string[] = ['distro', ...textKeys, ...switches, 'buildArgs', 'images', 'exceptions', 'prove'];

/** Takes a `rehull.yaml` apart. Throws an InputError with file, line and column at the first thing it may not hold. */
export function parseConfig(path: string, text: string): ConfigDocument {
  const nodes = new ConfigNodes(path, text);
  const { root } = nodes;
  if (root === undefined) return {};
  const exceptions = (pair: Pair): { rule: string; reason: string }[] => {
    return nodes.listOf(pair.value, 'exceptions', offsetOf(pair.key)).map((item) => {
      const at = offsetOf(item);
      const entry = nodes.mapOf(item, 'an exception', at);
      for (const part of entry.items) {
        const key = nodes.keyOf(part, 'an exception');
        if (key !== 'rule' && key !== 'reason') nodes.fail(offsetOf(part.key), unknownKey(key, ['rule', 'reason']));
      }
      if (!entry.has('rule')) nodes.fail(at, 'an exception needs a rule');
      if (!entry.has('reason')) nodes.fail(at, 'an exception needs a reason: say why the finding is accepted');
      return {
        rule: nodes.textOf(entry.get('rule', true), 'rule', at),
        reason: nodes.textOf(entry.get('reason', true), 'reason', at),
      };
    });
  };

  const config: { -readonly [Key in keyof ConfigDocument]: ConfigDocument[Key] } = {};
  for (const pair of nodes.mapOf(root, 'the file', 0).items) {
    const key = nodes.keyOf(pair, 'the file');
    const at = offsetOf(pair.key);
    if (key === 'distro') {
      const value = nodes.textOf(pair.value, key, at);
      if (value !== 'debian' && value !== 'alpine') nodes.fail(offsetOf(pair.value), 'distro must be debian or alpine');
      config.distro = value as 'debian' | 'alpine';
    } else if (isTextKey(key)) config[key] = nodes.textOf(pair.value, key, at);
    else if (isSwitch(key)) config[key] = nodes.switchOf(pair.value, key, at);
    else if (key === 'images' || key === 'buildArgs') config[key] = nodes.texts(pair, key);
    else if (key === 'exceptions') config.exceptions = exceptions(pair);
    else if (key === 'prove') config.prove = readProveSection(nodes, pair);
    else nodes.fail(at, unknownKey(key, keys));
  }
  return config;
}

function isSwitch(key: string): key is (typeof switches)[number] {
  return (switches as readonly string[]).includes(key);
}

function isTextKey(key: string): key is (typeof textKeys)[number] {
  return (textKeys as readonly string[]).includes(key);
}
