import { askedForLibraries, builtIn, imageWithLibc } from './compiled-programs.ts';
import {
  type Adaptation,
  type BuildView,
  type Ecosystem,
  type Launch,
  type LaunchRefusal,
  nothingToAdapt,
  type Probe,
  type RuntimeWish,
} from './ecosystem.ts';
import { fetchProbe } from './fetch-probe.ts';
import { commandsOf, finalStage, programOf, usesImage, usesProgram } from './recognise.ts';

const images = ['deno'];

/** Deno: what it fetched while building lies in DENO_DIR, and comes along. */
export const ecosystem: Ecosystem = {
  name: 'deno',
  title: 'Deno',
  images,
  blocked: undefined,
  programs: images,
  recognise: (view) => isOnDeno(view) || builtIn(view, images) !== undefined,
  runtime,
  adapt,
  launch,
  probe,
  imageStartsProgram: true,
};

/** subcommands that start a program or wait for one */
const starts = /^(run|serve|task|eval|repl|test|bench|jupyter|lsp|x)$/;

function isOnDeno(view: BuildView): boolean {
  return usesImage(view, images) || usesProgram(view, /^deno$/);
}

function runtime(view: BuildView): RuntimeWish {
  const program = isOnDeno(view) ? undefined : builtIn(view, images);
  // there is no Deno for musl: images on Alpine lay glibc beside it
  return program === undefined
    ? { image: 'deno', version: undefined, family: 'debian', flavor: undefined, why: 'the program runs on Deno' }
    : { ...imageWithLibc(view, program.stage, 'Deno compiles the program together with itself'), family: 'debian' };
}

function adapt(view: BuildView): Adaptation {
  if (!isOnDeno(view)) {
    const program = builtIn(view, images);
    return program === undefined || finalStage(view).hardened !== undefined
      ? nothingToAdapt
      : askedForLibraries(view, program);
  }
  const folder = (view.environment.get('DENO_DIR') ?? '/deno-dir').replace(/(?<=.)\/+$/, '');
  const stage = finalStage(view);
  const fetches = commandsOf(view, view.chain).some(({ program }) => program === 'deno');
  if (!fetches || stage.variant === 'runtime') return nothingToAdapt;
  return {
    ...nothingToAdapt,
    artifacts: [{ stage: stage.index, path: folder, why: 'what Deno fetched and compiled while building' }],
    writes: [folder],
  };
}

function launch(argv: readonly string[], view: BuildView): Launch | LaunchRefusal | undefined {
  const [word] = argv;
  const program = programOf(argv);
  if (program === 'deno') {
    const verb = argv.slice(1).find((each) => !each.startsWith('-'));
    return verb === undefined || starts.test(verb) || /[./:]/.test(verb)
      ? undefined
      : { refusal: `CMD starts \`${argv.join(' ')}\`, which belongs into the build` };
  }
  // the entrypoint of the source image takes options and Deno's own words for Deno
  const isDenos = word !== undefined && (word.startsWith('-') || starts.test(word));
  if (!isDenos || !usesImage(view, images) || finalStage(view).hardened !== undefined) return undefined;
  return { argv: ['deno', ...argv], environment: [], why: 'the image starts Deno itself' };
}

function probe(wanted: Probe): readonly string[] | undefined {
  const script = wanted.insecure || wanted.request !== undefined ? undefined : fetchProbe(wanted, 'Deno.exit');
  return script === undefined ? undefined : ['deno', 'eval', script];
}
