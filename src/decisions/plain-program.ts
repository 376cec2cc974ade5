import { type Ecosystem, nothingToAdapt } from '../ecosystems/ecosystem.ts';

/** A program of no language that is known, on an image that is hardened already: it is only checked. */
export const plainProgram: Ecosystem = {
  name: 'plain',
  title: 'a program',
  images: [],
  blocked: undefined,
  programs: [],
  recognise: () => true,
  runtime: (view) => ({
    image: view.stages[view.chain[0]!]!.hardened!,
    version: undefined,
    flavor: undefined,
    why: 'it is hardened already',
  }),
  adapt: () => nothingToAdapt,
  launch: () => undefined,
  probe: () => undefined,
};
