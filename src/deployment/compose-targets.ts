import type { Build } from './builds.ts';
import type { Changes } from './changes.ts';
import type { Service } from './compose-services.ts';
import { buildOfService, composeFilesOf } from './compose-stack.ts';
import type { Surroundings } from './deployment.ts';
import { findMap, findScalar, rangeOf, textOf } from './yaml-text.ts';

/** A service that is built from another stage than the one that was migrated to run. */
export function tellOfTarget(
  { name, map, root }: Service,
  { dockerfile, contract }: Build,
  changes: Changes,
  around: Surroundings,
): void {
  const build = findMap(map, 'build', root);
  const target = build === undefined ? undefined : findScalar(build.value, 'target', root);
  const text = textOf(target?.value);
  if (contract !== undefined || target === undefined || text === undefined) return;
  const { stages, contract: shipped } = dockerfile.result;
  const stage = stages.find((each) => each.name?.toLowerCase() === text.toLowerCase());
  if (stage === undefined || shipped === undefined) return;
  const range = rangeOf(target.value);
  const isShipped = composeFilesOf(around).some((file) =>
    file.services.some((service) => {
      const other = buildOfService(service, file.folder, around);
      return other?.dockerfile === dockerfile && other.contract !== undefined;
    }),
  );
  changes.say(
    isShipped ? 'info' : 'review',
    range,
    `${name} is built from the stage ${text}, which stays an image to build in`,
    `the last stage of ${dockerfile.path} is the one that was made to run`,
    isShipped ? undefined : `if ${text} is what you ship, run \`rehull migrate --target ${text}\``,
  );
  for (const { from, to } of shipped.movedPorts)
    changes.say(
      'review',
      range,
      `the last stage of ${dockerfile.path} listens on ${to} now, and the stage ${text} perhaps on ${from} still`,
      'they may share their settings, and other Compose files publish the port of the last one',
      `make ${text} listen on ${to} as well`,
    );
}
