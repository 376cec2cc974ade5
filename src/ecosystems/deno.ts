import type { Ecosystem } from './ecosystem.ts';
import { recognisedOnly } from './recognised-only.ts';

/** Deno. */
export const ecosystem: Ecosystem = recognisedOnly({
  name: 'deno',
  title: 'Deno',
  images: ['deno'],
  programs: /^(deno)$/,
});
