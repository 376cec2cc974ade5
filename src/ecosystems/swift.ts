import { askedForLibraries, imageWithLibc, libraryInstalls, programPath } from './compiled-programs.ts';
import {
  type Adaptation,
  type BuildView,
  type Ecosystem,
  type LaunchRefusal,
  nothingToAdapt,
  type RuntimeWish,
  type StageView,
} from './ecosystem.ts';
import { chainOf, finalStage, instructionsOf, originOf, programOf } from './recognise.ts';

/** Swift: a program and the libraries of Swift that it loads, on an image with glibc. */
export const ecosystem: Ecosystem = {
  name: 'swift',
  title: 'Swift',
  images: [],
  blocked: undefined,
  programs: ['swift'],
  recognise: (view) => builder(view) !== undefined,
  runtime,
  adapt,
  launch,
  probe: () => undefined,
};

/** The stage on an image of Swift that compiles the program, and the program's path there. */
function builder(view: BuildView): { stage: StageView; path: string } | undefined {
  const program = programPath(view);
  const origin = program === undefined ? undefined : originOf(view, program);
  if (origin === undefined) return undefined;
  return view.stages[chainOf(view, origin.stage.index)[0]!]!.source?.name === 'swift' ? origin : undefined;
}

function runtime(view: BuildView): RuntimeWish | { refusal: string } {
  const program = builder(view);
  if (program === undefined)
    return { refusal: 'Swift is in the image, and what the container starts is no program that a stage compiles' };
  return {
    ...imageWithLibc(view, program.stage, 'what Swift compiles needs glibc and libraries of its own'),
    family: 'debian',
  };
}

/** The toolchain's image is the only one with the libraries of that Swift: those that the program loads come from there. */
function adapt(view: BuildView): Adaptation {
  const program = builder(view);
  if (program === undefined || finalStage(view).hardened !== undefined) return nothingToAdapt;
  const copied = instructionsOf(view, view.chain).flatMap(({ instruction, copy }) =>
    copy?.from === program.stage.index &&
    copy.sources.every((source) => /^\/usr\/lib\/swift(_static)?(\/|$)/.test(source))
      ? [{ instruction, why: 'the libraries of Swift that the program loads come along' }]
      : [],
  );
  const asked = askedForLibraries(view, program);
  return { ...asked, drops: [...copied, ...libraryInstalls(view, /^lib/)] };
}

function launch(argv: readonly string[]): LaunchRefusal | undefined {
  return programOf(argv) === 'swift'
    ? {
        refusal: `CMD starts \`${argv.join(' ')}\`, which compiles at run time; build the program in a stage of its own and start that`,
      }
    : undefined;
}
