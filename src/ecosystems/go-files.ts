import { programPath } from './compiled-programs.ts';
import type { BuildView, ProgramFiles } from './ecosystem.ts';
import { builderOf, buildsOf } from './go-builds.ts';
import { goSources } from './go-sources.ts';

/**
 * What the final image needs of what the builder has below the working directory, in absolute paths of the builder:
 * the binary alone where the project's own code shows that it opens no files.
 * Undefined: not known, so all of it.
 */
export function programFiles(view: BuildView): ProgramFiles | undefined {
  const path = programPath(view);
  const builder = builderOf(view);
  if (path === undefined || builder?.path === undefined) return undefined;
  const made = buildsOf(view, builder.stage, builder.path).some(({ output }) => output === builder.path);
  if (!made) return undefined;
  const sources = goSources(view, builder.stage);
  return sources === undefined || sources.readsFiles ? undefined : { paths: [builder.path], owned: false };
}
