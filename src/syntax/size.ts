import type { Dockerfile } from './tree.ts';

/** The most instructions and commands in RUN that a file may have, so that memory stays bounded: about 2 kB for each. */
export const maximumCommands = 200_000;

/** Instructions and, as far as their separators tell, commands of a file. */
export function countCommands(file: Dockerfile): number {
  let count = file.instructions.length;
  for (const { keyword, range } of file.instructions) {
    if (keyword !== 'run') continue;
    for (let at = range.start; at < range.end; at++) {
      const code = file.text.charCodeAt(at);
      // ; & | ( and line ends, which separate commands of heredocs
      if (code === 0x3b || code === 0x26 || code === 0x7c || code === 0x28 || code === 0x0a) count++;
    }
  }
  return count;
}
