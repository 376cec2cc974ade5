import type { BuildView } from './ecosystem.ts';
import { absolutePath, baseNameOf, instructionsOf } from './recognise.ts';

/* What programs of machine code have in common. */

/** packages that a static image has, or that only change accounts */
export const unneeded =
  /^(ca-certificates.*|tzdata|netbase|mailcap|media-types|mime-support|shadow|adduser|passwd|su-exec|gosu|sudo|apt-utils|apt-transport-https|gnupg2?|dirmngr|update-ca-certificates|gcompat|libc6-compat|glibc.*|tini-static)$/;
/** packages that the program links to, or that stand in front of it: they need a libc and no shell */
export const linked =
  /^(lib.+|.+-libs|.+-lib|.+-dev|musl|musl-utils|sqlite|vips|openssl|tini|dumb-init|catatonit|fontconfig|fonts?-.+|ttf-.+)$/;

/** What the container starts, as a path of the final image; undefined where a shell decides or nothing says so. */
export function programPath(view: BuildView): string | undefined {
  const [program] = view.start ?? [];
  if (program === undefined || /^(ba|da|a)?sh$/.test(baseNameOf(program))) return undefined;
  if (program.includes('/')) return absolutePath(view.workdir, program);
  for (const { copy } of instructionsOf(view, view.chain).reverse()) {
    if (copy === undefined) continue;
    const isFile = copy.sources.length === 1 && !/^\.?\/*$/.test(copy.sources[0]!);
    if (isFile && baseNameOf(copy.destination) === program) return copy.destination;
    if (copy.sources.some((source) => baseNameOf(source) === program)) return absolutePath(copy.destination, program);
  }
  return undefined;
}
