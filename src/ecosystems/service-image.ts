import type { Definition } from '../catalog/definition.ts';
import { serviceFrom, serviceOf } from '../sources/services.ts';
import { type Adaptation, type BuildView, type Ecosystem, nothingToAdapt, type RuntimeWish } from './ecosystem.ts';
import { finalStage } from './recognise.ts';
import { differences } from './service-differences.ts';

/** What servers that are used as they are have in common: the image's own program, started by the image. */
export const serviceImage: Pick<Ecosystem, 'blocked' | 'runtime' | 'adapt' | 'launch' | 'probe' | 'startsByItself'> = {
  blocked: undefined,
  runtime,
  adapt,
  launch: () => undefined,
  probe: () => undefined,
  startsByItself: true,
};

function runtime(view: BuildView): RuntimeWish | { refusal: string } {
  const { source, hardened } = finalStage(view);
  const image = hardened ?? source!.hardened!;
  const service = serviceOf(image);
  if (source?.equivalence === 'substitute')
    return {
      refusal: `${source.reference.raw} is set up in its publisher's own way${source.reason === undefined ? '' : ` (${source.reason})`}, which dhi.io/${image} does not follow`,
    };
  return {
    image,
    version: undefined,
    flavor: undefined,
    ...(service?.shellFlavor === undefined ? {} : { shellFlavor: service.shellFlavor }),
    why: `${service?.title ?? image} is what the image is for`,
  };
}

function adapt(view: BuildView, runtime?: Definition): Adaptation {
  const { hardened, source } = finalStage(view);
  if (hardened !== undefined || runtime === undefined || source === undefined) return nothingToAdapt;
  return { ...nothingToAdapt, ...differences(view, source, serviceFrom(source), runtime) };
}
