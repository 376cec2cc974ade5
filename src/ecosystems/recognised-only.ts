import { type BuildView, type Ecosystem, nothingToAdapt } from './ecosystem.ts';
import { chainOf, originOf, usesImage, usesProgram } from './recognise.ts';

/** An ecosystem that is recognised, and answered with the reason why it is not migrated yet. */
export function recognisedOnly(spec: { name: string; title: string; images: readonly string[]; programs: RegExp; why?: string }): Ecosystem {
  return {
    name: spec.name,
    title: spec.title,
    images: spec.images,
    blocked: spec.why ?? `${spec.title} is recognised, and its migration is not built yet`,
    programs: [],
    recognise: (view) => usesImage(view, spec.images) || usesProgram(view, spec.programs) || builtBy(view, spec.images),
    runtime: () => ({ refusal: spec.why ?? `${spec.title} is not migrated yet` }),
    adapt: () => nothingToAdapt,
    launch: () => undefined,
    probe: () => undefined,
  };
}

/** Whether the program that the container starts comes from a stage on one of these images. */
function builtBy(view: BuildView, images: readonly string[]): boolean {
  const program = view.start?.[0];
  if (program === undefined) return false;
  const path = program.startsWith('/') ? program : `${view.workdir === '/' ? '' : view.workdir}/${program.replace(/^\.\//, '')}`;
  const origin = originOf(view, path);
  if (origin === undefined) return false;
  return chainOf(view, origin.stage.index).some((index) => {
    const { hardened, source } = view.stages[index]!;
    const image = hardened ?? source?.hardened;
    return image !== undefined && images.includes(image);
  });
}
