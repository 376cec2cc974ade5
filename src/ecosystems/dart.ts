import { readCopy } from '../syntax/instructions/copy.ts';
import { builtIn, familyOf, imageWithLibc } from './compiled-programs.ts';
import {
  type Adaptation,
  type BuildView,
  type Ecosystem,
  type Launch,
  type LaunchRefusal,
  nothingToAdapt,
  type RuntimeWish,
} from './ecosystem.ts';
import { commandsOf, finalStage, instructionsOf, programOf, usesImage, usesProgram } from './recognise.ts';

const images = ['dart'];
/** where the SDK lies in the source image, and in the hardened one */
const sdk = { source: '/usr/lib/dart', hardened: '/opt/dart-sdk' };
const cache = '/home/nonroot/.pub-cache';

/** Dart: a compiled program on an image with libc, or the SDK where the source is run. */
export const ecosystem: Ecosystem = {
  name: 'dart',
  title: 'Dart',
  images,
  blocked: undefined,
  programs: images,
  recognise: (view) => runsSource(view) || builtIn(view, images) !== undefined,
  runtime,
  adapt,
  launch,
  probe: () => undefined,
};

function runsSource(view: BuildView): boolean {
  return usesImage(view, images) || usesProgram(view, /^dart$/);
}

function runtime(view: BuildView): RuntimeWish {
  const program = builtIn(view, images);
  return program === undefined || runsSource(view)
    ? { image: 'dart', version: undefined, flavor: undefined, why: 'the program runs on the Dart SDK' }
    : imageWithLibc(view, program.stage, 'what Dart compiles needs libc and nothing else');
}

function adapt(view: BuildView): Adaptation {
  const final = finalStage(view);
  if (final.hardened !== undefined) return nothingToAdapt;
  if (!runsSource(view)) return { ...nothingToAdapt, drops: runtimeFolders(view), edits: sdkPaths(view) };
  const fetches = commandsOf(view, view.chain).some(
    ({ program, argv }) => program === 'dart' && /^(pub|run|compile|test)$/.test(argv[1] ?? ''),
  );
  if (!fetches) return nothingToAdapt;
  return {
    ...nothingToAdapt,
    artifacts: [{ stage: final.index, path: cache, why: 'the packages that pub fetched' }],
  };
}

/** `/runtime` of the source image holds libc and certificates for `scratch`; the hardened image for that has both. */
function runtimeFolders(view: BuildView): Adaptation['drops'] {
  return instructionsOf(view, view.chain).flatMap(({ instruction, copy }) =>
    typeof copy?.from === 'number' &&
    copy.destination === '/' &&
    copy.sources.every((source) => /^\/runtime\/*$/.test(source)) &&
    familyOf(view.stages[copy.from]!) === 'debian'
      ? [{ instruction, why: 'the image has libc and certificates, which /runtime of the source image holds' }]
      : [],
  );
}

/** Files of the SDK that are copied lie in another folder of the hardened image. */
function sdkPaths(view: BuildView): Adaptation['edits'] {
  return instructionsOf(view, view.chain).flatMap(({ instruction, copy }) => {
    if (typeof copy?.from !== 'number') return [];
    const edits = readCopy(instruction).sources.flatMap(({ text, range }) =>
      text.startsWith(`${sdk.source}/`) ? [{ range, text: `${sdk.hardened}${text.slice(sdk.source.length)}` }] : [],
    );
    if (edits.length === 0) return [];
    return [
      {
        instruction,
        edits,
        why: `the hardened image has the SDK in ${sdk.hardened}`,
      },
    ];
  });
}

function launch(argv: readonly string[]): Launch | LaunchRefusal | undefined {
  const program = programOf(argv);
  if (program === 'pub') return { argv: ['dart', ...argv], environment: [], why: 'pub is a command of dart' };
  return undefined;
}
