import type { Ecosystem } from './ecosystem.ts';
import { recognisedOnly } from './recognised-only.ts';

/** Perl. */
export const ecosystem: Ecosystem = recognisedOnly({
  name: 'perl',
  title: 'Perl',
  images: ['perl'],
  programs: /^(perl|plackup|cpanm|starman)$/,
});
