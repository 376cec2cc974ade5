import { isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { InputError } from './input-error.ts';

/** The nodes of a `rehull.yaml`, read strictly: what is not as it must be is thrown as an InputError with its place. */
export class ConfigNodes {
  /** undefined for an empty file */
  readonly root: unknown;
  readonly #path: string;
  readonly #lines = new LineCounter();

  constructor(path: string, text: string) {
    this.#path = path;
    const document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
    const [problem] = [...document.errors, ...document.warnings];
    if (problem !== undefined) this.fail(problem.pos[0], problem.message.split('\n')[0]!);
    const root = document.contents;
    this.root = root === null || (isScalar(root) && root.value === null) ? undefined : root;
  }

  fail(offset: number, message: string): never {
    const { line, col } = this.#lines.linePos(offset);
    throw new InputError(`${this.#path}:${line}:${col}: ${message}`);
  }

  /** `parent`: where the key stands, for a value that is missing. */
  mapOf(node: unknown, where: string, parent: number): YAMLMap {
    return isMap(node)
      ? node
      : this.fail(node === null ? parent : offsetOf(node), `${where} must be a mapping of names to values`);
  }

  listOf(node: unknown, where: string, parent: number): readonly unknown[] {
    return isSeq(node) ? node.items : this.fail(node === null ? parent : offsetOf(node), `${where} must be a list`);
  }

  textOf(node: unknown, where: string, parent: number): string {
    return isScalar(node) && typeof node.value === 'string' && node.value.trim() !== ''
      ? node.value
      : this.fail(node === null ? parent : offsetOf(node), `${where} must be text${quoteAdvice(node)}`);
  }

  switchOf(node: unknown, where: string, parent: number): boolean {
    const value = isScalar(node) ? node.value : undefined;
    return typeof value === 'boolean'
      ? value
      : this.fail(node === null ? parent : offsetOf(node), `${where} must be true or false`);
  }

  /** A whole number within bounds. */
  numberOf(node: unknown, where: string, parent: number, least: number, most: number): number {
    const value = isScalar(node) ? node.value : undefined;
    return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
      ? value
      : this.fail(node === null ? parent : offsetOf(node), `${where} must be a number from ${least} to ${most}`);
  }

  keyOf(pair: Pair, where: string): string {
    return isScalar(pair.key) && typeof pair.key.value === 'string'
      ? pair.key.value
      : this.fail(offsetOf(pair.key), `${where} has a key that is not text; put it in quotes`);
  }

  texts(pair: Pair, where: string): Record<string, string> {
    const found: Record<string, string> = Object.create(null);
    for (const item of this.mapOf(pair.value, where, offsetOf(pair.key)).items) {
      const key = this.keyOf(item, where);
      found[key] = this.textOf(item.value, `${where}.${key}`, offsetOf(item.key));
    }
    return found;
  }

  textList(pair: Pair, where: string): string[] {
    const at = offsetOf(pair.key);
    return this.listOf(pair.value, where, at).map((item) => this.textOf(item, `an entry of ${where}`, at));
  }
}

export function offsetOf(node: unknown): number {
  return (node as Node | null)?.range?.[0] ?? 0;
}

export function unknownKey(key: string, known: readonly string[]): string {
  return `unknown key ${JSON.stringify(key)}; known are ${known.join(', ')}`;
}

function quoteAdvice(node: unknown): string {
  return isScalar(node) && (typeof node.value === 'number' || typeof node.value === 'boolean')
    ? '; put it in quotes'
    : '';
}
