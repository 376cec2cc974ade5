import { needsRoot } from '../sources/root-programs.ts';
import type { SourceImage } from '../sources/source-image.ts';
import { type BuildView, type Ecosystem, type LaunchRefusal, nothingToAdapt, type RuntimeWish } from './ecosystem.ts';
import { finalStage, instructionsOf, programOf } from './recognise.ts';

/** A program of no known language: what every other ecosystem leaves. */
export const ecosystem: Ecosystem = {
  name: 'native',
  title: 'a native program',
  images: [],
  blocked: undefined,
  programs: [],
  // the fallback: decisions ask for it by name
  recognise: () => false,
  runtime,
  adapt: () => nothingToAdapt,
  launch,
  stays,
  probe: () => undefined,
};

/** Whether a native program on such an image has a hardened image to run on. */
export function isNativeBase(source: SourceImage | undefined): boolean {
  return source === undefined || source.isDistribution || /^(static|debian-base|busybox)$/.test(source.hardened ?? '');
}

function runtime(view: BuildView): RuntimeWish | { refusal: string } {
  const { source } = finalStage(view);
  if (source === undefined || source.family === 'scratch') {
    const whole = instructionsOf(view, view.chain).some(
      ({ copy }) => typeof copy?.from === 'number' && copy.destination === '/' && copy.sources.includes('/'),
    );
    if (whole)
      return {
        refusal:
          'a whole file system is copied onto scratch, and what the program needs of it cannot be told: copy the program alone, or start from the image that the file system was made of',
      };
    return {
      image: 'static',
      version: undefined,
      flavor: undefined,
      why: 'the program runs today on an image without a libc, so it is one static binary',
    };
  }
  if (source.hardened === 'static')
    return {
      image: 'static',
      version: undefined,
      flavor: source.hardenedWords[0],
      why: 'the program runs today on an image that holds no more',
    };
  if (source.hardened === 'busybox')
    return {
      image: 'busybox',
      version: undefined,
      flavor: undefined,
      why: 'the program runs today with the tools of BusyBox alone',
    };
  const family = holdsGlibc(source) ? 'debian' : (source.hardenedFamily ?? 'debian');
  return {
    image: family === 'alpine' ? 'alpine-base' : 'debian-base',
    version: undefined,
    family,
    flavor: undefined,
    why: 'the program runs on a bare distribution',
  };
}

/** Alpine with glibc laid beside musl: what runs there is built for glibc. */
function holdsGlibc({ name }: SourceImage): boolean {
  return name?.endsWith('alpine-glibc') === true;
}

/** A stage that compiles with another GCC than the distribution's; only what it makes is copied. */
function stays(view: BuildView): { stage: number; why: string }[] {
  return view.stages.flatMap(({ index, source }) =>
    source?.name === 'gcc' && !view.chain.includes(index)
      ? [{ stage: index, why: 'it compiles with the GCC of that image, and Debian has one of another version' }]
      : [],
  );
}

function launch(argv: readonly string[]): LaunchRefusal | undefined {
  const program = programOf(argv);
  const reason = needsRoot(program);
  return reason === undefined
    ? undefined
    : { refusal: `${program} has to run as root: it ${reason}; a hardened image runs as a user of its own` };
}
