import { builtIn } from './compiled-programs.ts';
import { type BuildView, type Ecosystem, nothingToAdapt } from './ecosystem.ts';
import { usesImage, usesProgram } from './recognise.ts';

/** An ecosystem that is recognised, and answered with the reason why it is not migrated yet. */
export function recognisedOnly(spec: {
  name: string;
  title: string;
  images: readonly string[];
  programs: RegExp;
  why: (view: BuildView) => string;
}): Ecosystem {
  return {
    name: spec.name,
    title: spec.title,
    images: spec.images,
    blocked: `${spec.title} is recognised, and its migration is not built yet`,
    programs: [],
    recognise: (view) =>
      usesImage(view, spec.images) || usesProgram(view, spec.programs) || builtIn(view, spec.images) !== undefined,
    runtime: (view) => ({ refusal: spec.why(view) }),
    adapt: () => nothingToAdapt,
    launch: () => undefined,
    probe: () => undefined,
  };
}
