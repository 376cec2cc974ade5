import {
  type Adaptation,
  type BuildView,
  type Ecosystem,
  type InstructionView,
  nothingToAdapt,
  type RuntimeWish,
  type StageView,
} from './ecosystem.ts';
import { chainOf, finalStage, originOf, usesImage } from './recognise.ts';

const compilers = /^(gcc|g\+\+|build-base|build-essential|musl-dev|clang|alpine-sdk)$/;

/** Go: a binary on an image that holds little else; cgo stays what it was. */
export const ecosystem: Ecosystem = {
  name: 'go',
  title: 'Go',
  images: ['golang'],
  blocked: undefined,
  programs: ['go'],
  recognise: (view) => builderOf(view) !== undefined,
  runtime,
  adapt,
  launch: (argv) =>
    argv[0] === 'go'
      ? {
          refusal: `CMD starts \`${argv.join(' ')}\`, which compiles at run time; build the program in a RUN and start that`,
        }
      : undefined,
  probe: () => undefined,
};

/** The stage that compiles the program, where that is Go. */
function builderOf(view: BuildView): StageView | undefined {
  if (usesImage(view, ['golang'])) return finalStage(view);
  const program = view.start?.[0];
  const origin =
    program === undefined
      ? undefined
      : originOf(
          view,
          program.startsWith('/')
            ? program
            : program.startsWith('.') || program.includes('/')
              ? `${view.workdir === '/' ? '' : view.workdir}/${program.replace(/^\.\//, '')}`
              : program,
        );
  if (origin !== undefined) return isGo(view, origin.stage) ? origin.stage : undefined;
  const named =
    program !== undefined && !program.includes('/')
      ? view.chain
          .flatMap((index) => view.stages[index]!.instructions)
          .find(
            ({ copy }) =>
              copy !== undefined &&
              typeof copy.from === 'number' &&
              copy.sources.some((source) => source.endsWith(`/${program}`) || copy.destination.endsWith(`/${program}`)),
          )
      : undefined;
  if (typeof named?.copy?.from === 'number') {
    const stage = view.stages[named.copy.from]!;
    return isGo(view, stage) ? stage : undefined;
  }
  return undefined;
}

function isGo(view: BuildView, stage: StageView): boolean {
  if ((stage.hardened ?? stage.source?.hardened) === 'golang') return true;
  return chainOf(view, stage.index).some((index) =>
    view.stages[index]!.instructions.some(({ commands }) =>
      commands.some(({ invocation }) => invocation?.manager === 'go' && invocation.action === 'build'),
    ),
  );
}

function builds(view: BuildView, stage: StageView): { item: InstructionView; cgo: string | undefined }[] {
  return chainOf(view, stage.index).flatMap((index) =>
    view.stages[index]!.instructions.flatMap((item) =>
      item.commands
        .filter(
          ({ invocation, program }) =>
            (invocation?.manager === 'go' && (invocation.action === 'build' || invocation.action === 'install')) ||
            program === 'make',
        )
        .map(({ invocation }) => ({ item, cgo: cgoOf(item, invocation?.command.assignments ?? []) })),
    ),
  );
}

function cgoOf(
  item: InstructionView,
  assignments: readonly { name: string; value: { value: string | undefined } | undefined }[],
): string | undefined {
  const own = assignments.find(({ name }) => name === 'CGO_ENABLED');
  if (own !== undefined) return own.value?.value;
  for (const { argv } of item.commands) {
    const exported = argv.find((word) => word?.startsWith('CGO_ENABLED='));
    if (exported !== undefined) return exported.slice('CGO_ENABLED='.length);
  }
  return item.variables.get('CGO_ENABLED') ?? undefined;
}

/** Whether the toolchain of the source image links with C: undefined where neither file nor image says. */
function usesCgo(view: BuildView, stage: StageView): boolean | undefined {
  const all = builds(view, stage);
  if (all.length > 0 && all.every(({ cgo }) => cgo === '0')) return false;
  if (all.some(({ cgo }) => cgo === '1')) return true;
  if (hasCompiler(view, stage)) return undefined;
  return false;
}

/** Whether a C compiler is in the source image or installed: without one, Go builds without cgo. */
function hasCompiler(view: BuildView, stage: StageView): boolean {
  if (stage.hardened === 'golang' || stage.source?.brings.tools.includes('gcc')) return true;
  return chainOf(view, stage.index).some((index) =>
    view.stages[index]!.instructions.some(({ commands }) =>
      commands.some(
        ({ invocation }) =>
          invocation?.scope === 'system' && invocation.packages.some(({ name }) => compilers.test(name)),
      ),
    ),
  );
}

function runtime(view: BuildView): RuntimeWish | { refusal: string } {
  const builder = builderOf(view);
  if (builder === undefined)
    return { refusal: 'the program is started with Go, and rehull cannot tell which stage builds it' };
  if (usesCgo(view, builder) === false)
    return { image: 'static', version: undefined, flavor: undefined, why: 'the program is one static binary' };
  const musl = builder.source?.family === 'alpine' || builder.source?.family === 'wolfi';
  return {
    image: 'static',
    version: undefined,
    flavor: musl ? 'musl' : 'glibc',
    family: musl ? 'alpine' : 'debian',
    why: `the program may be linked with ${musl ? 'musl' : 'glibc'}, which this image holds`,
  };
}

/** The hardened toolchain has a C compiler: where the source image had none, cgo has to stay off for the binary to stay static. */
function adapt(view: BuildView): Adaptation {
  const builder = builderOf(view);
  if (builder === undefined || usesCgo(view, builder) !== false) return nothingToAdapt;
  const open = builds(view, builder).find(({ cgo }) => cgo === undefined);
  if (open === undefined) return nothingToAdapt;
  return {
    ...nothingToAdapt,
    inserts: [
      {
        before: open.item.instruction,
        text: 'ENV CGO_ENABLED=0',
        why: 'the source image has no C compiler and so builds static binaries; the hardened one has gcc',
      },
    ],
  };
}
