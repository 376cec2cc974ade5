import type { Ecosystem } from './ecosystem.ts';
import { recognisedOnly } from './recognised-only.ts';

/** Bun. */
export const ecosystem: Ecosystem = recognisedOnly({
  name: 'bun',
  title: 'Bun',
  images: ['bun'],
  programs: /^(bun)$/,
});
