import type { Ecosystem } from './ecosystem.ts';
import { recognisedOnly } from './recognised-only.ts';

/** Rust. */
export const ecosystem: Ecosystem = recognisedOnly({
  name: 'rust',
  title: 'Rust',
  images: ['rust'],
  programs: /^(cargo|rustc)$/,
});
