import { readEnv } from '../syntax/instructions/env.ts';
import { programPath } from './compiled-programs.ts';
import {
  type Adaptation,
  type BuildView,
  type Ecosystem,
  type Launch,
  type LaunchRefusal,
  nothingToAdapt,
  type RuntimeWish,
  type StageView,
} from './ecosystem.ts';
import {
  chainOf,
  commandsOf,
  finalStage,
  instructionsOf,
  originOf,
  programOf,
  usesImage,
  usesProgram,
} from './recognise.ts';

const images = ['elixir', 'erlang-otp'];

/** Erlang and Elixir: a release runs on the image of the language that assembled it, whose tools its scripts call. */
export const ecosystem: Ecosystem = {
  name: 'beam',
  title: 'Erlang and Elixir',
  images,
  blocked: undefined,
  programs: ['erl', 'elixir', 'iex', 'mix', 'rebar3', 'escript'],
  recognise: (view) =>
    usesImage(view, images) || usesProgram(view, /^(elixir|mix|erl|iex|escript)$/) || release(view) !== undefined,
  runtime,
  adapt,
  launch,
  compiles: (view, runtime) =>
    runtime.image === 'erlang-otp' && release(view) !== undefined
      ? { linked: false, gathers: [], carried: scriptTools }
      : undefined,
  probe: () => undefined,
};

/** what relx' start scripts call, and the image of Erlang does not list; that of Elixir lists it for mix' own */
const scriptTools = ['grep', 'mawk', 'sed'];

/** The stage that assembles the release that the container starts. */
function release(view: BuildView): StageView | undefined {
  const program = programPath(view);
  const origin = program === undefined ? undefined : originOf(view, program);
  const stage = origin?.stage ?? finalStage(view);
  const assembles = commandsOf(view, chainOf(view, stage.index)).some(
    ({ program: name, argv, command }) =>
      (name === 'mix' && command.words.some(({ raw }) => raw === 'release' || raw === 'distillery.release')) ||
      (/^rebar3?$/.test(name ?? '') && argv.some((word) => word === 'release' || word === 'tar')),
  );
  return program !== undefined && assembles && imageOf(view, stage) !== undefined ? stage : undefined;
}

function imageOf(view: BuildView, stage: StageView): string | undefined {
  const { hardened, source } = view.stages[chainOf(view, stage.index)[0]!]!;
  const image = hardened ?? source?.hardened;
  return image !== undefined && images.includes(image) ? image : undefined;
}

function runtime(view: BuildView): RuntimeWish | { refusal: string } {
  const stage = release(view);
  const image = stage === undefined ? undefined : imageOf(view, stage);
  if (stage === undefined || image === undefined)
    return {
      image: usesImage(view, ['erlang-otp']) ? 'erlang-otp' : 'elixir',
      version: undefined,
      flavor: undefined,
      why: 'the program runs on the BEAM',
    };
  const { source } = view.stages[chainOf(view, stage.index)[0]!]!;
  const family = source?.hardenedFamily;
  if (image === 'erlang-otp' && family === 'alpine')
    return {
      refusal:
        'the start script of the release needs a shell, and the hardened Erlang image on Alpine has none; build it on Debian',
    };
  const version = source?.version;
  return {
    image,
    version,
    flavor: undefined,
    ...(family === undefined ? {} : { family }),
    why: 'the scripts of a release call what this image holds for them',
  };
}

/** libraries and programs that the image of the language holds for the BEAM */
const held =
  /^(libstdc\+\+6?|libgcc(-s1)?|openssl(-dev)?|libssl\S*|libcrypto\S*|libncurses\S*|ncurses(-libs)?|libtinfo\d|locales|bash|tzdata|ca-certificates)$/;
const locale = /^(en_US|C)\.UTF-?8$/i;

function adapt(view: BuildView): Adaptation {
  const final = finalStage(view);
  if (release(view) === undefined || final.hardened !== undefined || usesImage(view, images)) return nothingToAdapt;
  const drops: Adaptation['drops'][number][] = [];
  const edits: Adaptation['edits'][number][] = [];
  for (const item of instructionsOf(view, view.chain)) {
    const { instruction, commands } = item;
    const names = commands.flatMap(({ invocation }) =>
      invocation?.action === 'install' ? invocation.packages.map(({ name }) => name) : [],
    );
    if (
      names.length > 0 &&
      names.every((name) => held.test(name)) &&
      commands.every(({ program, invocation }) => invocation?.scope === 'system' || program === 'rm')
    )
      drops.push({ instruction, why: 'the image of the language holds what the BEAM loads' });
    else if (
      commands.length > 0 &&
      commands.every(
        ({ program, command }) =>
          program === 'locale-gen' || command.words.some(({ raw }) => raw.includes('locale.gen')),
      )
    )
      drops.push({ instruction, why: 'C.UTF-8 needs no generated locale' });
    const values =
      instruction.keyword !== 'env'
        ? []
        : readEnv(instruction, '\\').pairs.flatMap(({ name, value }) =>
            /^(LANG|LC_ALL|LC_CTYPE)$/.test(name.text) &&
            locale.test(value.text.replace(/["']/g, '')) &&
            !value.text.startsWith('C.')
              ? [{ range: value.range, text: 'C.UTF-8' }]
              : [],
          );
    if (values.length > 0)
      edits.push({ instruction, edits: values, why: 'the hardened image has the locale C.UTF-8 alone' });
  }
  return { ...nothingToAdapt, drops, edits };
}

function launch(argv: readonly string[]): Launch | LaunchRefusal | undefined {
  return /^(mix|rebar3?)$/.test(programOf(argv))
    ? {
        refusal: `CMD starts \`${argv.join(' ')}\`, which builds when the container starts: assemble a release (\`mix release\`) and start that`,
      }
    : undefined;
}
