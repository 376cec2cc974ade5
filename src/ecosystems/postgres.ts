import { serviceOf } from '../sources/services.ts';
import type { Adaptation, BuildView, Ecosystem } from './ecosystem.ts';
import { finalStage, instructionsOf, usesImage } from './recognise.ts';
import { serviceImage } from './service-image.ts';

const images = ['postgres', 'pgvector'];

/** PostgreSQL, with settings and init scripts. */
export const ecosystem: Ecosystem = {
  ...serviceImage,
  name: 'postgres',
  title: 'PostgreSQL',
  images,
  programs: serviceOf('postgres')!.programs,
  runtime: (view) => {
    const { source } = finalStage(view);
    // without it the newest would be taken, whose data is of another major version
    if (source?.hardened === 'pgvector' && !source.words.some((word) => /^pg\d+$/.test(word)))
      return { refusal: `which PostgreSQL ${source.reference.raw} holds is not said by its tag` };
    return serviceImage.runtime(view);
  },
  recognise: (view) => usesImage(view, images),
  adapt: (view, runtime) => {
    const adaptation = serviceImage.adapt(view, runtime);
    if (runtime === undefined || finalStage(view).hardened !== undefined) return adaptation;
    return { ...adaptation, problems: [...adaptation.problems, ...extensions(view, runtime.environment.PG_MAJOR)] };
  },
};

/** Extensions from packages: those are for the PostgreSQL of their own distribution. */
function extensions(view: BuildView, major: string | undefined): Adaptation['problems'] {
  for (const { instruction, commands } of instructionsOf(view, view.chain))
    for (const { invocation } of commands) {
      const found =
        invocation?.scope === 'system' && invocation.action === 'install'
          ? invocation.packages.find(({ name }) => /^postgresql-(?!client|common|server-dev)/.test(name))
          : undefined;
      if (found === undefined) continue;
      return [
        {
          instruction,
          message: `${found.name} is an extension for the distribution's own PostgreSQL`,
          why: `the hardened image has PostgreSQL in /opt/postgresql/${major ?? 'MAJOR'}, where such packages put nothing${/pgvector/.test(found.name) ? '; dhi.io/pgvector holds this one' : ''}`,
        },
      ];
    }
  return [];
}
