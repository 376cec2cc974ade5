import type { Instruction } from '../syntax/tree.ts';
import type { Range } from '../text/range.ts';
import type { RunFacts } from './run-facts.ts';
import type { Variables } from './words.ts';

/** A COPY or ADD, interpreted. */
export interface CopyFacts {
  /** stage index, `image` for another image, undefined for the build context */
  readonly from: number | 'image' | undefined;
  /** absolute for `from`; relative to the context otherwise, as written */
  readonly sources: readonly string[];
  readonly destination: string;
  /** paths in the image that it writes, as far as names tell; a folder stands for all below it */
  readonly targets: readonly string[];
  readonly chown: { readonly text: string; readonly range: Range } | undefined;
  /** ADD of a URL or an archive, which COPY would not do */
  readonly fetches: boolean;
}

/** One instruction in its place: what holds when it runs. */
export interface Item {
  readonly stage: number;
  readonly instruction: Instruction;
  readonly workdir: string;
  readonly workdirAfter: string;
  readonly variables: Variables;
  /** undefined where only the build knows it */
  readonly user: string | undefined;
  readonly userAfter: string | undefined;
  readonly run: RunFacts | undefined;
  readonly copy: CopyFacts | undefined;
}
