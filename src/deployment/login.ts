import type { Builds } from './builds.ts';
import type { Surroundings } from './deployment.ts';
import type { BuildCommand } from './docker-build.ts';

/** Host that hardened images are pulled from. */
export const hardenedHost = 'dhi.io';

/** What is wrong with a build that is not logged in. */
export const noLogin = `the build pulls from ${hardenedHost} without a login`;

/** Why a build needs one. */
export const whyLogin = `${hardenedHost} takes the name and a token of a Docker account, and answers 401 without`;

/** Whether images come from dhi.io itself: an organisation's namespace or a mirror has a login of its own. */
export function takesLogin({ home }: Surroundings): boolean {
  return home.org === undefined && home.registry === undefined;
}

/** Whether a text's FROM or COPY --from names an image of dhi.io. */
function pulls(text: string): boolean {
  return /^[ \t]*(FROM|COPY)\b[^\n]*\bdhi\.io\//im.test(text);
}

/** Whether any build of the project pulls from dhi.io. */
export function anyPulls(builds: Builds): boolean {
  return builds.dockerfiles.some(({ result }) => pulls(result.after));
}

/** Whether builds pull from dhi.io: those of them that are known, else any of the project's. */
export function buildsPull(asked: readonly Omit<BuildCommand, 'tags'>[], builds: Builds): boolean {
  const found = asked
    .map(({ context, dockerfile, target }) => builds.at(context, dockerfile, target))
    .filter((build) => build !== undefined);
  return found.length > 0 ? found.some(({ dockerfile }) => pulls(dockerfile.result.after)) : anyPulls(builds);
}

/** Whether a script builds what other files list: Compose services or Bake targets. */
export function buildsAll(script: string): boolean {
  return /\bdocker[ -]compose\b[^\n]*\b(build|up)\b|\bdocker buildx bake\b/.test(script);
}

/** Whether a script logs in to dhi.io. */
export function scriptLogsIn(script: string): boolean {
  return /\b(docker|podman|buildah|crane|skopeo)\s+(auth\s+)?login\b[^\n]*\bdhi\.io\b/.test(script);
}
