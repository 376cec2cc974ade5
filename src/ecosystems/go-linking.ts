import type { BuildView, StageView } from './ecosystem.ts';
import { buildsOf, type GoBuild } from './go-builds.ts';
import { goSources } from './go-sources.ts';
import { chainOf, commandsOf, finalStage, systemPackages } from './recognise.ts';

const compilers =
  /^(gcc|g\+\+|cc|clang.*|build-base|build-essential|musl-dev|alpine-sdk|go|golang|golang-go|golang-\d.*)$/;
/** what lets a program linked with glibc run on musl */
const compatibility = /(^|\/)(gcompat|libc6-compat|glibc\b.*)$/;

/** Whether a C compiler is in the source image or installed: without one, Go builds without cgo. */
export function hasCompiler(view: BuildView, stage: StageView): boolean {
  if (stage.hardened === 'golang' || stage.source?.brings.tools.includes('gcc')) return true;
  return [...systemPackages(view, chainOf(view, stage.index))].some((name) => compilers.test(name));
}

/** The libc that an image holds; undefined for one that has none, or is not known. */
function libcOf({ source, hardened }: StageView): 'glibc' | 'musl' | 'none' | undefined {
  if (hardened !== undefined || source === undefined) return hardened === undefined ? 'none' : undefined;
  switch (source.family) {
    case 'alpine':
      return 'musl';
    case 'scratch':
      return 'none';
    case 'distroless':
      return source.hardened === 'static' && source.hardenedWords.length === 0 ? 'none' : 'glibc';
    case 'debian':
    case 'ubuntu':
    case 'wolfi':
    case 'rpm':
      return source.hardened === 'static' && source.hardenedWords.length === 0 ? 'none' : 'glibc';
    default:
      return undefined;
  }
}

/** How the program is linked: `static`, or with the libc of its builder, certainly or perhaps. */
export function linkingOf(
  view: BuildView,
  stage: StageView,
  path: string | undefined,
): { readonly static: boolean; readonly why: string } {
  const builds = buildsOf(view, stage, path);
  if (builds.length > 0 && builds.every(({ cgo, linksStatically }) => cgo === '0' || linksStatically))
    return { static: true, why: 'the program is one static binary' };
  const here = libcOf(finalStage(view));
  const there = libcOf(stage);
  if (finalStage(view) !== stage && here === 'none')
    return { static: true, why: 'the program runs today on an image without a libc, so it is one static binary' };
  if (here === 'musl' && there === 'glibc' && !holdsGlibc(view))
    return { static: true, why: 'the program is built with glibc and runs on musl today, so it is one static binary' };
  if (here === 'glibc' && there === 'musl')
    return { static: true, why: 'the program is built with musl and runs on glibc today, so it is one static binary' };
  if (!hasCompiler(view, stage) && !builds.some(({ cgo }) => cgo === '1'))
    return { static: true, why: 'the source image has no C compiler, so the program is one static binary' };
  if (builds.length > 0 && builds.every(avoidsLibc) && goSources(view, stage)?.usesC === false)
    return { static: true, why: 'neither the program nor its build tags use C' };
  return { static: false, why: 'the program may be linked with' };
}

/** Whether an image of musl is given glibc, as a package or from a file. */
function holdsGlibc(view: BuildView): boolean {
  return commandsOf(view, view.chain).some(
    ({ invocation, argv }) =>
      invocation?.scope === 'system' && argv.some((word) => word !== undefined && compatibility.test(word)),
  );
}

/** Build tags that keep the standard library off the libc. */
function avoidsLibc({ command }: GoBuild): boolean {
  const words = command.argv.filter((word) => word !== undefined);
  const given = words.flatMap((word, index) => {
    const inline = /^--?tags=(.*)$/.exec(word);
    if (inline !== null) return inline[1]!.split(/[ ,]+/);
    return /^--?tags$/.test(word) ? (words[index + 1] ?? '').split(/[ ,]+/) : [];
  });
  return given.includes('netgo') && given.includes('osusergo');
}
