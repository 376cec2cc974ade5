import type { BakeWord } from './bake.ts';
import type { HclBlock, HclValue } from './hcl.ts';

/** Texts of a Bake file with the defaults of its variables in them. */
export class HclWords {
  readonly #source: string;
  readonly #defaults = new Map<string, string>();

  constructor(source: string, blocks: readonly HclBlock[]) {
    this.#source = source;
    for (const { type, labels, attributes } of blocks) {
      const value = attributes.find(({ name }) => name === 'default')?.value;
      if (type === 'variable' && value?.kind === 'text' && value.text !== undefined && labels[0] !== undefined)
        this.#defaults.set(labels[0], value.text);
    }
  }

  /** A text all of which is known: literal, or from variables that have a default. */
  known(value: HclValue | undefined): BakeWord | undefined {
    const text = value === undefined ? undefined : this.written(value);
    return value === undefined || text === undefined || text.includes('${') ? undefined : { text, range: value.range };
  }

  /** A text in which what is not known stays as it is written: `shop/api:${TAG}`. */
  written(value: HclValue): string | undefined {
    const source = this.#source.slice(value.range.start, value.range.end).trim();
    if (value.kind === 'expression') return this.#defaults.get(source);
    if (value.kind !== 'text') return undefined;
    return (value.text ?? source.slice(1, -1)).replace(
      /\$\{\s*(\w+)\s*\}/g,
      (whole, name: string) => this.#defaults.get(name) ?? whole,
    );
  }
}
