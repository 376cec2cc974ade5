import type { Ecosystem } from './ecosystem.ts';
import { recognisedOnly } from './recognised-only.ts';

/** Erlang and Elixir. */
export const ecosystem: Ecosystem = recognisedOnly({
  name: 'beam',
  title: 'Erlang and Elixir',
  images: ['erlang-otp', 'elixir'],
  programs: /^(elixir|mix|erl|iex)$/,
});
