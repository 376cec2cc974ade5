import type { Ecosystem } from './ecosystem.ts';
import { recognisedOnly } from './recognised-only.ts';

/** Dart. */
export const ecosystem: Ecosystem = recognisedOnly({
  name: 'dart',
  title: 'Dart',
  images: ['dart'],
  programs: /^(dart)$/,
});
