import type { Scalar } from 'yaml';
import type { Changes } from './changes.ts';
import { lowPorts } from './compose-ports.ts';
import { type Service, withDefaults } from './compose-services.ts';
import type { Surroundings } from './deployment.ts';
import { type StandIn, standInFor, whyNoStandIn } from './public-images.ts';
import { replaceScalar } from './yaml-edits.ts';
import { type Found, find, findScalar, rangeOf, textOf } from './yaml-text.ts';

/** The image of a service that the project does not build. */
export interface PublicImage {
  readonly place: Found<Scalar>;
  readonly text: string;
  readonly standIn: StandIn | undefined;
  /** why a person has to look before it is changed; undefined where one may stand for the other as it is */
  readonly caution: string | undefined;
}

/** keys of a service on which it depends how its image starts, runs and stores */
const own = [
  'command',
  'entrypoint',
  'user',
  'volumes',
  'configs',
  'secrets',
  'healthcheck',
  'environment',
  'env_file',
];

/** What a service runs that the project does not build. */
export function publicImageOf(service: Service, around: Surroundings): PublicImage | undefined {
  const { map, root } = service;
  const place = findScalar(map, 'image', root);
  const written = textOf(place?.value);
  const text = written === undefined ? undefined : withDefaults(written);
  if (place === undefined || written === undefined) return undefined;
  if (text === undefined) return { place, text: written, standIn: undefined, caution: undefined };
  const plain = [...own, 'extends'].every((key) => find(map, key, root) === undefined);
  const standIn = standInFor(text, plain, around);
  if (standIn === undefined) return { place, text, standIn, caution: undefined };
  const left = lowPorts(service).find((port) => !standIn.movedPorts.some(({ from }) => from === port));
  const caution =
    standIn.caution ??
    (left !== undefined
      ? `it listens on ${left}, and ${standIn.text} runs as ${standIn.user.name}`
      : written === text
        ? undefined
        : 'a variable names its version');
  return { place, text, standIn, caution };
}

/** A public image becomes its hardened twin where nothing depends on what differs; else it is told, and why it stays. */
export function changePublicImage(
  { name }: Service,
  { place, text, standIn, caution }: PublicImage,
  changes: Changes,
  around: Surroundings,
): void {
  const range = rangeOf(place.value);
  if (standIn === undefined) {
    const why = whyNoStandIn(text, around);
    if (why !== undefined) changes.say('info', range, `${name} stays on ${text}`, why);
  } else if (caution !== undefined)
    changes.say(
      'review',
      range,
      `${text} has a hardened twin: ${standIn.text}`,
      caution,
      'left as it is; change it once that is looked at',
    );
  else
    changes.change(
      replaceScalar(changes.yaml, place.value, standIn.text),
      { range, shared: place.shared },
      `${text} is not a hardened image`,
      `${standIn.text} is the same software`,
      `becomes ${standIn.text}`,
    );
}
