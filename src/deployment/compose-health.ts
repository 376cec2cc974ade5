import { isMap } from 'yaml';
import type { Changes } from './changes.ts';
import type { Service } from './compose-services.ts';
import { type ComposeFile, contractOfService } from './compose-stack.ts';
import type { Surroundings } from './deployment.ts';
import { entries, find, findMap, findScalar, rangeOf, textOf } from './yaml-text.ts';

/** A service that waits for another to be healthy, which nothing asks any more. */
export function tellOfHealth(
  { name, map, root }: Service,
  stack: readonly ComposeFile[],
  changes: Changes,
  around: Surroundings,
): void {
  const needs = findMap(map, 'depends_on', root);
  for (const { key, value } of needs === undefined ? [] : entries(needs.value, root)) {
    const condition = isMap(value) ? findScalar(value, 'condition', root) : undefined;
    if (condition === undefined || textOf(condition.value) !== 'service_healthy') continue;
    const other = String(key.value);
    const asked = stack.flatMap(({ services, folder }) =>
      services.filter((service) => service.name === other).map((service) => ({ service, folder })),
    );
    if (asked.some(({ service }) => find(service.map, 'healthcheck', service.root) !== undefined)) continue;
    const contract = asked
      .map(({ service, folder }) => contractOfService(service, folder, around))
      .find((each) => each !== undefined);
    if (contract?.healthCheckGoes === true)
      changes.say(
        'review',
        rangeOf(condition.value),
        `${name} waits until ${other} is healthy, and nothing asks that any more`,
        `the health check of its Dockerfile does not run in ${contract.image}, and was taken out`,
        `give ${other} a \`healthcheck:\` of its own, or wait for service_started`,
      );
  }
}
