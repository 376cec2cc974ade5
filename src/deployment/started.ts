import type { ImageContract } from '../compile-result.ts';
import { baseName } from './checks.ts';

const shells = /^(ba|da|a)?sh$/;
/** programs that only an image with its package manager has */
const launchers =
  /^(npm|npx|yarn|pnpm|bash|sh|dash|ash|apt-get|apk|pip3?|poetry|pipenv|uv|composer|mvn|gradle|go|nodemon|air|make|sudo|gosu|su-exec|su)$/;

/** Why what a container is told to start does not start in its image; completes "… starts". Undefined where it does. */
export function startTrouble(
  words: readonly string[],
  { shell, start, image, scripts, entrypoint }: ImageContract,
): string | undefined {
  const [program] = words;
  if (program === undefined || start.after?.[0] === program) return undefined;
  const name = baseName(program);
  if (launchers.test(name)) return shell && shells.test(name) ? undefined : `${program}, which ${image} does not have`;
  if (/^bundler?$/.test(name))
    return `${program}, which may start itself anew through /usr/bin/env, and ${image} does not have that`;
  const isOwn = scripts.includes(program) || entrypoint.includes(program);
  if (/^docker-(php-)?entrypoint(\.sh)?$/.test(name) && !isOwn)
    return `${program}, which was the image's own, and ${image} does not have`;
  if ((/\.(ba)?sh$/.test(name) || scripts.includes(program)) && !shell)
    return `${program}, a shell script, and ${image} has no shell`;
  if (/\.(py|rb|pl|php|m?js|cjs|ts)$/.test(name))
    return `${program} itself, and no hardened image has the /usr/bin/env that finds its interpreter`;
  return undefined;
}
