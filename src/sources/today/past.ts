/**
 * Debian release of lines that are built no more, as their bare and `slim` tags were left: image and version line as
 * written. Source: the end-of-life days of the lines beside the days on which the official images changed their
 * default Debian release (bullseye 2021-08, bookworm 2023-06, trixie 2025-08). Only lines that were left well away
 * from such a day are listed.
 */
export const PAST: ReadonlyMap<string, string> = new Map([
  ['python 3.6', 'bullseye'],
  ['python 3.7', 'bookworm'],
  ['python 3.8', 'bookworm'],
  ['ruby 2.7', 'bullseye'],
  ['ruby 3.0', 'bookworm'],
  ['ruby 3.1', 'bookworm'],
  ['php 7.3', 'bullseye'],
  ['php 7.4', 'bullseye'],
  ['php 8.0', 'bookworm'],
  ['golang 1.17', 'bullseye'],
  ['golang 1.18', 'bullseye'],
  ['golang 1.19', 'bullseye'],
  ['golang 1.21', 'bookworm'],
  ['golang 1.22', 'bookworm'],
  ['golang 1.25', 'trixie'],
  ['node 18', 'bookworm'],
  ['node 20', 'bookworm'],
  ['postgres 12', 'bookworm'],
  ['postgres 13', 'trixie'],
]);
