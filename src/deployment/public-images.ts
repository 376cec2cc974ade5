import { choosePair } from '../catalog/choose.ts';
import type { Account } from '../catalog/definition.ts';
import { formatHardened, hardenedName, parseReference } from '../catalog/reference.ts';
import { movedPort } from '../decisions/ports.ts';
import { describeSource } from '../sources/describe-source.ts';
import { wishForSource } from '../sources/wish-for-source.ts';
import type { Surroundings } from './deployment.ts';

/** The hardened image for a public one that a service runs as it is. */
export interface StandIn {
  readonly text: string;
  readonly user: Account;
  /** ports that the software listens on no longer, and what stands for them */
  readonly movedPorts: readonly { readonly from: number; readonly to: number }[];
  /** why a person has to look first; undefined where one may stand for the other as it is */
  readonly caution: string | undefined;
}

/**
 * What stands for a public image. Undefined where it is hardened already, unknown, or has no twin. `plain`: whoever runs
 * it sets neither command, entrypoint, user nor volumes.
 */
export function standInFor(image: string, plain: boolean, around: Surroundings): StandIn | undefined {
  if (image.includes('$')) return undefined;
  const reference = parseReference(image);
  if ('problem' in reference || hardenedName(reference, around.home) !== undefined) return undefined;
  const source = describeSource(reference);
  if (source.hardened === undefined || source.isDistribution || source.family === 'windows') return undefined;
  const family = around.distro ?? source.hardenedFamily ?? 'debian';
  const pair = choosePair(around.catalog, wishForSource(source, source.hardened, family, around.today));
  if ('code' in pair || pair.runtime === undefined) return undefined;
  const { tag, definition, versionChange } = pair.runtime;
  const { user } = definition;
  const before = source.brings.users[source.name ?? '']?.split(':')[0];
  const caution = source.isDatabase
    ? `its data directory, user (${user.name}, ${user.uid}) and variables differ from those of ${image}`
    : source.equivalence === 'substitute'
      ? (source.reason ?? `it is not the same software as ${image}`)
      : versionChange !== undefined
        ? `version ${versionChange.from} becomes ${versionChange.to}`
        : plain
          ? undefined
          : `it runs as ${user.name} (${user.uid}${before === undefined ? '' : `, before ${before}`}), and its entrypoint is ${definition.entrypoint === undefined ? 'none' : JSON.stringify(definition.entrypoint)}`;
  const movedPorts = [80, 443]
    .map((from) => ({ from, to: movedPort(from) }))
    .filter(({ from, to }) => definition.ports.includes(`${to}/tcp`) && !definition.ports.includes(`${from}/tcp`));
  return { text: formatHardened(source.hardened, tag, around.home), user, movedPorts, caution };
}
