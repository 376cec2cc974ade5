import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseAllDocuments,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { Range } from '../text/range.ts';

/*
 * YAML, read to be changed by splices. A template's `{{ … }}` is blanked out at its own
 * length first, so that what is literal can be read around it; what a template makes is never changed.
 */

/** The largest text that is read: the parser takes about a second for each. */
export const maximumYaml = 1024 * 1024;

/** What is said of a larger one. */
export const tooLargeToRead = `the file is larger than ${maximumYaml / 1024} kB, split it to have it changed`;

/** One or more documents of a file. */
export interface YamlText {
  readonly text: string;
  readonly documents: readonly YAMLMap[];
  /** where template expressions stand */
  readonly templated: readonly Range[];
}

export interface YamlProblem {
  readonly problem: string;
  readonly range: Range;
}

/** A value found in a mapping. `shared`: an anchor or a merge brings it, so that others have it too. */
export interface Found<Value = Node> {
  readonly key: Scalar;
  readonly value: Value;
  readonly shared: boolean;
}

/** Reads a file. Never throws. */
export function readYaml(text: string): YamlText | YamlProblem {
  if (text.length > maximumYaml)
    return {
      problem: tooLargeToRead,
      range: { start: 0, end: 0 },
    };
  const { masked, ranges } = maskTemplates(text);
  let documents: readonly Document[];
  try {
    const parsed = parseAllDocuments(masked, {
      prettyErrors: false,
      merge: true,
      uniqueKeys: true,
      logLevel: 'silent',
    });
    documents = Array.isArray(parsed) ? parsed : [];
  } catch (error) {
    return { problem: error instanceof Error ? error.message : 'this is no YAML', range: { start: 0, end: 0 } };
  }
  for (const { errors } of documents) {
    const [first] = errors;
    if (first !== undefined)
      return { problem: first.message.split('\n')[0]!, range: { start: first.pos[0], end: first.pos[1] } };
  }
  const roots = documents.map(({ contents }) => contents).filter((contents): contents is YAMLMap => isMap(contents));
  const anchors = new Map<Node, Document>();
  for (const document of documents) if (isMap(document.contents)) anchors.set(document.contents, document);
  return { text, documents: roots.map((root) => withDocument(root, anchors.get(root)!)), templated: ranges };
}

/** Reads JSON, also with comments and commas at ends, which is YAML but for those comments. Never throws. */
export function readJson(text: string): YamlText | YamlProblem {
  const blank = (part: string) => part.replace(/[^\n]/g, ' ');
  const masked = text.replace(/"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[^*]*(?:\*(?!\/)[^*]*)*\*\/|\t/g, (part) =>
    part.startsWith('"') ? part : blank(part),
  );
  const yaml = readYaml(masked);
  return 'problem' in yaml ? yaml : { ...yaml, text };
}

const documentOf = new WeakMap<object, Document>();

function withDocument(root: YAMLMap, document: Document): YAMLMap {
  documentOf.set(root, document);
  return root;
}

/** A mapping within a document, to be asked as one is. */
export function asRoot(map: YAMLMap, root: YAMLMap): YAMLMap {
  const document = documentOf.get(root);
  return document === undefined || documentOf.has(map) ? map : withDocument(map, document);
}

/** What the template language stands in is filled with as many letters, or blanked where it is all of a line. */
function maskTemplates(text: string): { masked: string; ranges: Range[] } {
  const ranges: Range[] = [];
  if (!text.includes('{{')) return { masked: text, ranges };
  const masked = text.replace(/\{\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}\}/g, (whole, offset: number) => {
    ranges.push({ start: offset, end: offset + whole.length });
    const lineStart = text.lastIndexOf('\n', offset) + 1;
    const after = text.slice(offset + whole.length);
    const alone = text.slice(lineStart, offset).trim() === '' && /^[ \t]*(\r?\n|$)/.test(after);
    return whole.replace(/[^\n]/g, alone ? ' ' : 'x');
  });
  return { masked, ranges };
}

/** A node behind an alias; hops are bounded. */
function followed(node: unknown, root: YAMLMap): { node: Node | undefined; shared: boolean } {
  let at = node as Node | Alias | null | undefined;
  let shared = false;
  for (let hops = 0; isAlias(at) && hops < 8; hops++) {
    const document = documentOf.get(root);
    if (document === undefined) return { node: undefined, shared: true };
    at = at.resolve(document) as Node | undefined;
    shared = true;
  }
  return { node: isAlias(at) || at === null ? undefined : at, shared };
}

/** The value of a key: its own, or what `<<` merges in. `root` is the document's mapping. */
export function find(map: YAMLMap, key: string, root: YAMLMap): Found | undefined {
  for (const [index, from] of withMerged(map, root).entries()) {
    const pair = from.items.find((each) => isScalar(each.key) && each.key.value === key);
    if (pair !== undefined) return found(pair, root, index > 0);
  }
  return undefined;
}

/** as many mappings as one is looked for in */
const mostMerged = 64;

/** A mapping and all that `<<` merges into it, each once; what comes first goes before the others. */
function withMerged(map: YAMLMap, root: YAMLMap): YAMLMap[] {
  const all = new Set<YAMLMap>();
  const add = (each: YAMLMap) => {
    if (all.has(each) || all.size >= mostMerged) return;
    all.add(each);
    const merge = each.items.find(isMerge);
    const sources = merge === undefined ? [] : isSeq(merge.value) ? merge.value.items : [merge.value];
    for (const source of sources.slice(0, mostMerged)) {
      const { node } = followed(source, root);
      if (isMap(node)) add(node);
    }
  };
  add(map);
  return [...all];
}

function isMerge({ key }: Pair): boolean {
  return isScalar(key) && String(key.source ?? key.value) === '<<';
}

function found(pair: Pair, root: YAMLMap, shared: boolean): Found | undefined {
  const { node, shared: aliased } = followed(pair.value, root);
  return node === undefined || !isScalar(pair.key)
    ? undefined
    : { key: pair.key, value: node, shared: shared || aliased };
}

/** A mapping below a key. */
export function findMap(map: YAMLMap, key: string, root: YAMLMap): Found<YAMLMap> | undefined {
  const value = find(map, key, root);
  return value !== undefined && isMap(value.value) ? (value as Found<YAMLMap>) : undefined;
}

/** A list below a key. */
export function findList(map: YAMLMap, key: string, root: YAMLMap): Found<YAMLSeq> | undefined {
  const value = find(map, key, root);
  return value !== undefined && isSeq(value.value) ? (value as Found<YAMLSeq>) : undefined;
}

/** A single value below a key. */
export function findScalar(map: YAMLMap, key: string, root: YAMLMap): Found<Scalar> | undefined {
  const value = find(map, key, root);
  return value !== undefined && isScalar(value.value) ? (value as Found<Scalar>) : undefined;
}

/** The entries of a mapping with plain names, in their order; what `<<` merges in comes behind them. */
export function entries(map: YAMLMap, root: YAMLMap): Found[] {
  const byName = new Map<unknown, Found>();
  for (const [index, from] of withMerged(map, root).entries())
    for (const pair of from.items) {
      const each = isMerge(pair) ? undefined : found(pair, root, index > 0);
      if (each !== undefined && !byName.has(each.key.value)) byName.set(each.key.value, each);
    }
  return [...byName.values()];
}

/** The mappings of a list. */
export function mapsOf(list: YAMLSeq, root: YAMLMap): YAMLMap[] {
  return list.items.map((item) => followed(item, root).node).filter((node): node is YAMLMap => isMap(node));
}

/** The single values of a list. */
export function scalarsOf(list: YAMLSeq, root: YAMLMap): Scalar[] {
  return list.items.map((item) => followed(item, root).node).filter((node): node is Scalar => isScalar(node));
}

/** A value as the text that a program gets; undefined for null and for what is more than one value. */
export function textOf(node: unknown): string | undefined {
  if (!isScalar(node) || node.value === null || node.value === undefined) return undefined;
  return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
}

/** A value as it is written where a template makes a part of it, without quotes; else as `textOf` gives it. */
export function writtenText(yaml: YamlText, node: Node): string | undefined {
  const { start, end } = rangeOf(node);
  if (!isTemplated(yaml, { start, end })) return textOf(node);
  return yaml.text.slice(start, end).replace(/^(["'])([\s\S]*)\1$/, '$2');
}

/** Where a value stands, without the comment behind it. */
export function rangeOf(node: Node): Range {
  const [start, end] = node.range ?? [0, 0];
  return { start, end };
}

/** Whether a template makes a part of it. */
export function isTemplated({ templated }: YamlText, range: Range): boolean {
  return templated.some(({ start, end }) => start < range.end && range.start < end);
}
