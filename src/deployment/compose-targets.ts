import { targetRemarks } from './build-targets.ts';
import type { Build } from './builds.ts';
import type { Changes } from './changes.ts';
import type { Service } from './compose-services.ts';
import { buildOfService, composeFilesOf } from './compose-stack.ts';
import type { Surroundings } from './deployment.ts';
import { findMap, findScalar, rangeOf, textOf } from './yaml-text.ts';

/** A service that is built from another stage than the one that was migrated to run. */
export function tellOfTarget({ name, map, root }: Service, own: Build, changes: Changes, around: Surroundings): void {
  const build = findMap(map, 'build', root);
  const target = build === undefined ? undefined : findScalar(build.value, 'target', root);
  const text = textOf(target?.value);
  if (target === undefined || text === undefined) return;
  const isShipped = composeFilesOf(around).some((file) =>
    file.services.some((service) => {
      const other = service.name === name ? buildOfService(service, file.folder, around) : undefined;
      return other?.dockerfile === own.dockerfile && other.contract !== undefined;
    }),
  );
  for (const { severity, message, why, fix } of targetRemarks(name, text, own, isShipped))
    changes.say(severity, rangeOf(target.value), message, why, fix);
}
