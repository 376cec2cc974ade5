import type { Variables } from './shell-word.ts';

/** A value; `null` is set to something that only the build knows. */
export type VariableValue = string | null;

const BITS = 3;
const WIDTH = 1 << BITS;

type Slots = readonly unknown[];

const EMPTY: Slots = new Array<unknown>(WIDTH).fill(undefined);

/** Numbers the names of a file's variables, so that environments can share their parts. */
export class VariableNames {
  readonly #numbers = new Map<string, number>();

  numberOf(name: string): number | undefined {
    return this.#numbers.get(name);
  }

  add(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.#numbers.size);
    return this.#numbers.size - 1;
  }

  [Symbol.iterator](): IterableIterator<[string, number]> {
    return this.#numbers.entries();
  }
}

/**
 * The variables in force at one place. Immutable: setting one gives a new environment that shares nearly everything
 * with the old one (a tree of eight-slot nodes over the numbers of the names), so that a file of a hundred thousand
 * instructions has an environment for each.
 */
export class Environment implements Variables {
  readonly #names: VariableNames;
  readonly #root: Slots;
  /** how many times the number is shifted at the root */
  readonly #shift: number;

  private constructor(names: VariableNames, root: Slots, shift: number) {
    this.#names = names;
    this.#root = root;
    this.#shift = shift;
  }

  static empty(names: VariableNames): Environment {
    return new Environment(names, EMPTY, 0);
  }

  /** `undefined` if the variable is not set, `null` if only the build knows its value. */
  get(name: string): VariableValue | undefined {
    const number = this.#names.numberOf(name);
    return number === undefined ? undefined : this.#at(number);
  }

  with(name: string, value: VariableValue): Environment {
    const number = this.#names.add(name);
    let root = this.#root;
    let shift = this.#shift;
    while (number >> shift >= WIDTH) {
      root = replaced(EMPTY, 0, root);
      shift += BITS;
    }
    return new Environment(this.#names, stored(root, shift, number, value), shift);
  }

  /** All variables that are set. Takes time for every name of the file. */
  *entries(): IterableIterator<[string, VariableValue]> {
    for (const [name, number] of this.#names) {
      const value = this.#at(number);
      if (value !== undefined) yield [name, value];
    }
  }

  #at(number: number): VariableValue | undefined {
    let shift = this.#shift;
    if (number >> shift >= WIDTH) return undefined;
    let node = this.#root;
    for (; shift > 0; shift -= BITS) {
      const next = node[(number >> shift) & (WIDTH - 1)] as Slots | undefined;
      if (next === undefined) return undefined;
      node = next;
    }
    return node[number & (WIDTH - 1)] as VariableValue | undefined;
  }
}

function stored(node: Slots, shift: number, number: number, value: VariableValue): Slots {
  const slot = (number >> shift) & (WIDTH - 1);
  if (shift === 0) return replaced(node, slot, value);
  const child = (node[slot] as Slots | undefined) ?? EMPTY;
  return replaced(node, slot, stored(child, shift - BITS, number, value));
}

function replaced(node: Slots, slot: number, value: unknown): Slots {
  const copy = node.slice();
  copy[slot] = value;
  return copy;
}
