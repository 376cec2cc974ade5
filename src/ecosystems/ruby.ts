import type { Ecosystem } from './ecosystem.ts';
import { recognisedOnly } from './recognised-only.ts';

/** Ruby. */
export const ecosystem: Ecosystem = recognisedOnly({
  name: 'ruby',
  title: 'Ruby',
  images: ['ruby', 'jruby'],
  programs: /^(ruby|bundle|rails|rackup|puma|unicorn|jekyll|rake|irb)$/,
});
