import type { Scalar } from 'yaml';
import type { Listening } from './addresses.ts';
import type { Changes } from './changes.ts';
import { environmentOf, type Service } from './compose-services.ts';
import { hostOf, mayBeOwnPort, movedValue } from './port-variables.ts';
import { replaceScalar } from './yaml-edits.ts';
import { findList, findMap, findScalar, mapsOf, rangeOf, scalarsOf, textOf } from './yaml-text.ts';

type ServiceMap = Pick<Service, 'map' | 'root'>;

/** The ports of a container below 1024 that a service publishes or exposes. */
export function lowPorts({ map, root }: Service): number[] {
  return ['ports', 'expose'].flatMap((key) => {
    const list = findList(map, key, root)?.value;
    if (list === undefined) return [];
    const short = scalarsOf(list, root).map((item) => /(?:^|:)(\d+)(?:-\d+)?(?:\/\w+)?$/.exec(textOf(item) ?? '')?.[1]);
    const long = mapsOf(list, root).map((item) => textOf(findScalar(item, 'target', root)?.value));
    return [...short, ...long].map(Number).filter((port) => port > 0 && port < 1024);
  });
}

/** Published ports, and variables that name a port. */
export function changePorts({ map, root }: Service, { movedPorts, image }: Listening, changes: Changes): void {
  if (movedPorts.length === 0) return;
  const { yaml } = changes;
  const why = `the program in ${image} listens above 1024`;
  for (const key of ['ports', 'expose'] as const) {
    const list = findList(map, key, root);
    if (list === undefined) continue;
    for (const item of scalarsOf(list.value, root)) {
      const text = textOf(item) ?? '';
      const next = movePublishedPort(text, movedPorts, key === 'expose');
      const variable = next === undefined ? variablePort(text) : undefined;
      if (variable !== undefined)
        changes.say(
          'review',
          rangeOf(item),
          `${variable} decides which port of the container ${text} leads to`,
          `${image} listens on ${movedPorts.map(({ from, to }) => `${to} instead of ${from}`).join(', ')}`,
          'name the new port where the variable is set, and in its default',
        );
      if (next === undefined) continue;
      const edit = next === 'range' ? undefined : replaceScalar(yaml, item, next);
      changes.change(
        edit,
        { range: rangeOf(item), shared: list.shared },
        `${key} ${text} leads to a port that nothing listens on`,
        why,
        next === 'range' ? 'name the new port in the range' : `becomes ${next}`,
      );
    }
    for (const item of key === 'ports' ? mapsOf(list.value, root) : []) {
      const target = findScalar(item, 'target', root);
      const to = movedPorts.find(({ from }) => String(from) === textOf(target?.value))?.to;
      if (target === undefined || to === undefined) continue;
      changes.change(
        replaceScalar(yaml, target.value, String(to)),
        { range: rangeOf(target.value), shared: list.shared || target.shared },
        `port ${textOf(target.value)} is one that nothing listens on`,
        why,
        `becomes ${to}`,
      );
    }
  }
  changeVariables({ map, root }, { movedPorts, image }, changes);
  changeLabels({ map, root }, { movedPorts, image }, changes);
}

/** Variables that say where the program listens. */
function changeVariables({ map, root }: ServiceMap, { movedPorts, image }: Listening, changes: Changes): void {
  const all = environmentOf(map, root);
  for (const { scalar, variable, value, shared } of all) {
    const next = movedValue(variable, value, movedPorts);
    if (next !== undefined)
      changes.change(
        replaceScalar(changes.yaml, scalar, isPairText(scalar, variable) ? `${variable}=${next}` : next),
        { range: rangeOf(scalar), shared },
        `${variable} is a port below 1024`,
        `the program in ${image} listens above 1024`,
        `becomes ${next}`,
      );
    else if (mayBeOwnPort(variable, value, movedPorts) && hostOf(variable, all) === undefined)
      changes.say(
        'review',
        rangeOf(scalar),
        `${variable} may be the port that the program listens on`,
        `the program in ${image} listens above 1024`,
        `write ${movedPorts.find(({ from }) => String(from) === value)?.to} if it is`,
      );
  }
}

/** Labels that tell a proxy which port of the container to ask: `traefik.http.services.web.loadbalancer.server.port`. */
function changeLabels({ map, root }: ServiceMap, { movedPorts, image }: Listening, changes: Changes): void {
  const deploy = findMap(map, 'deploy', root);
  for (const { scalar, variable, value, shared } of [
    ...environmentOf(map, root, 'labels'),
    ...(deploy === undefined ? [] : environmentOf(deploy.value, root, 'labels')),
  ]) {
    const to = /\.port$/i.test(variable) ? movedPorts.find(({ from }) => String(from) === value)?.to : undefined;
    if (to === undefined) continue;
    changes.change(
      replaceScalar(changes.yaml, scalar, isPairText(scalar, variable) ? `${variable}=${to}` : String(to)),
      { range: rangeOf(scalar), shared },
      `the label ${variable} names a port that nothing listens on`,
      `the program in ${image} listens above 1024`,
      `becomes ${to}`,
    );
  }
}

/** On the host's own network nothing stands between the program's port and its clients. */
export function tellOfHostNetwork(
  { name, map, root }: Service,
  { movedPorts, image }: Listening,
  changes: Changes,
): void {
  const mode = findScalar(map, 'network_mode', root);
  if (textOf(mode?.value) !== 'host' || mode === undefined) return;
  for (const { from, to } of movedPorts)
    changes.say(
      'review',
      rangeOf(mode.value),
      `${name} listens on port ${to} of the host, and no longer on ${from}`,
      `the program in ${image} listens above 1024, and the host's network maps no ports`,
      'tell its clients, or publish the port on a network of its own',
    );
}

function isPairText(scalar: Scalar, variable: string): boolean {
  return (textOf(scalar) ?? '').startsWith(`${variable}=`);
}

/** The variable that is the container's port of a short entry. */
function variablePort(entry: string): string | undefined {
  return /(?:^|:)\$\{?(\w+)(?::?[-?+][^{}]*)?\}?(?:\/\w+)?$/.exec(entry)?.[1];
}

/**
 * A short `ports` or `expose` entry of Compose after ports in the container moved: `80:80` becomes `80:8080`. Undefined
 * where it stays as it is, 'range' where a range holds a moved port.
 */
export function movePublishedPort(
  entry: string,
  moved: readonly { readonly from: number; readonly to: number }[],
  inside: boolean,
): string | 'range' | undefined {
  const read = /^(?:(.*):)?(\d+)(?:-(\d+))?(\/\w+)?$/.exec(entry);
  if (read === null) return undefined;
  const [, host, first, last, protocol = ''] = read;
  if (last !== undefined)
    return moved.some(({ from }) => from >= Number(first) && from <= Number(last)) ? 'range' : undefined;
  const to = moved.find(({ from }) => from === Number(first))?.to;
  if (to === undefined) return undefined;
  // a port alone is published under a number that the engine chooses
  return host === undefined || inside ? `${to}${protocol}` : `${host}:${to}${protocol}`;
}
