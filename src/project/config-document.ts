import { isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml';
import type { CompileOptions } from '../compile.ts';
import { InputError } from './input-error.ts';

/** The document as written: paths as they stand in it. */
export interface ConfigDocument extends Omit<CompileOptions, 'today' | 'tags'> {
  readonly context?: string | undefined;
  readonly catalog?: string | undefined;
  readonly tags?: string | undefined;
}

const textKeys = ['org', 'registry', 'target', 'context', 'catalog', 'tags'] as const;
const keys: readonly string[] = ['distro', ...textKeys, 'buildArgs', 'images', 'exceptions'];

/** Takes a `rehull.yaml` apart. Throws an InputError with file, line and column at the first thing it may not hold. */
export function parseConfig(path: string, text: string): ConfigDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const fail = (offset: number, message: string): never => {
    const { line, col } = lines.linePos(offset);
    throw new InputError(`${path}:${line}:${col}: ${message}`);
  };
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) fail(problem.pos[0], problem.message.split('\n')[0]!);
  const root = document.contents;
  if (root === null || (isScalar(root) && root.value === null)) return {};

  const offsetOf = (node: unknown): number => (node as Node | null)?.range?.[0] ?? 0;
  const mapOf = (node: unknown, where: string, parent: number): YAMLMap =>
    isMap(node) ? node : fail(node === null ? parent : offsetOf(node), `${where} must be a mapping of names to values`);
  const textOf = (node: unknown, where: string, parent: number): string =>
    isScalar(node) && typeof node.value === 'string' && node.value.trim() !== ''
      ? node.value
      : fail(node === null ? parent : offsetOf(node), `${where} must be text${quoteAdvice(node)}`);
  const keyOf = (pair: Pair, where: string): string =>
    isScalar(pair.key) && typeof pair.key.value === 'string'
      ? pair.key.value
      : fail(offsetOf(pair.key), `${where} has a key that is not text; put it in quotes`);
  const texts = (pair: Pair, where: string): Record<string, string> => {
    const found: Record<string, string> = Object.create(null);
    for (const item of mapOf(pair.value, where, offsetOf(pair.key)).items) {
      const key = keyOf(item, where);
      found[key] = textOf(item.value, `${where}.${key}`, offsetOf(item.key));
    }
    return found;
  };
  const exceptions = (pair: Pair): { rule: string; reason: string }[] => {
    const node = pair.value;
    if (!isSeq(node)) return fail(node === null ? offsetOf(pair.key) : offsetOf(node), 'exceptions must be a list');
    return node.items.map((item) => {
      const at = offsetOf(item);
      const entry = mapOf(item, 'an exception', at);
      for (const part of entry.items) {
        const key = keyOf(part, 'an exception');
        if (key !== 'rule' && key !== 'reason') fail(offsetOf(part.key), unknownKey(key, ['rule', 'reason']));
      }
      if (!entry.has('rule')) fail(at, 'an exception needs a rule');
      if (!entry.has('reason')) fail(at, 'an exception needs a reason: say why the finding is accepted');
      return {
        rule: textOf(entry.get('rule', true), 'rule', at),
        reason: textOf(entry.get('reason', true), 'reason', at),
      };
    });
  };

  const config: { -readonly [Key in keyof ConfigDocument]: ConfigDocument[Key] } = {};
  for (const pair of mapOf(root, 'the file', 0).items) {
    const key = keyOf(pair, 'the file');
    const at = offsetOf(pair.key);
    if (key === 'distro') {
      const value = textOf(pair.value, key, at);
      if (value !== 'debian' && value !== 'alpine') fail(offsetOf(pair.value), 'distro must be debian or alpine');
      config.distro = value as 'debian' | 'alpine';
    } else if (isTextKey(key)) config[key] = textOf(pair.value, key, at);
    else if (key === 'images' || key === 'buildArgs') config[key] = texts(pair, key);
    else if (key === 'exceptions') config.exceptions = exceptions(pair);
    else fail(at, unknownKey(key, keys));
  }
  return config;
}

function isTextKey(key: string): key is (typeof textKeys)[number] {
  return (textKeys as readonly string[]).includes(key);
}

function unknownKey(key: string, known: readonly string[]): string {
  return `unknown key ${JSON.stringify(key)}; known are ${known.join(', ')}`;
}

function quoteAdvice(node: unknown): string {
  return isScalar(node) && (typeof node.value === 'number' || typeof node.value === 'boolean')
    ? '; put it in quotes'
    : '';
}
