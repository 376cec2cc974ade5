import { isMap, type Node, type Scalar, type YAMLMap } from 'yaml';
import { type Listening, movedAddresses } from './addresses.ts';
import type { Changes } from './changes.ts';
import { environmentOf, type Service } from './compose-services.ts';
import { hostOf } from './port-variables.ts';
import { replaceScalar } from './yaml-edits.ts';
import { find, findMap, isTemplated, rangeOf, scalarsOf, textOf } from './yaml-text.ts';

/** Addresses of services whose port moved, in what a service is told: its environment, its command, its build. */
export function changeAddresses({ map, root }: Service, hosts: ReadonlyMap<string, Listening>, changes: Changes): void {
  if (hosts.size === 0) return;
  const build = findMap(map, 'build', root);
  const variables = environmentOf(map, root);
  const places: readonly { scalar: Scalar; shared: boolean }[] = [
    ...variables,
    ...(build === undefined ? [] : environmentOf(build.value, root, 'args')),
    ...['command', 'entrypoint'].flatMap((key) => wordsBelow(map, key, root)),
  ];
  for (const { scalar, shared } of places) changeScalar(scalar, shared, hosts, changes);
  for (const { scalar, variable, value, shared } of variables) {
    const host = hostOf(variable, variables)?.value ?? '';
    const listening = hosts.get(host);
    const to = listening?.movedPorts.find(({ from }) => String(from) === value)?.to;
    if (listening === undefined || to === undefined) continue;
    const isPair = (textOf(scalar) ?? '').startsWith(`${variable}=`);
    changes.change(
      replaceScalar(changes.yaml, scalar, isPair ? `${variable}=${to}` : String(to)),
      { range: rangeOf(scalar), shared },
      `${variable} is a port of ${host} that nothing listens on`,
      `${host} in ${listening.image} listens on ${to}`,
      `becomes ${to}`,
    );
  }
}

function wordsBelow(map: YAMLMap, key: string, root: YAMLMap): { scalar: Scalar; shared: boolean }[] {
  const found = find(map, key, root);
  if (found === undefined || isMap(found.value)) return [];
  const { value, shared } = found;
  return ('items' in value ? scalarsOf(value as never, root) : [value as Node as Scalar]).map((scalar) => ({
    scalar,
    shared,
  }));
}

function changeScalar(scalar: Scalar, shared: boolean, hosts: ReadonlyMap<string, Listening>, changes: Changes): void {
  const { start, end } = rangeOf(scalar);
  for (const { range, before, after, host, port, edit } of movedAddresses(changes.yaml.text.slice(start, end), hosts)) {
    const place = { start: start + range.start, end: start + range.end };
    const moved = { start: start + edit.range.start, end: start + edit.range.end };
    changes.change(
      isTemplated(changes.yaml, place) ? undefined : { range: moved, text: edit.text },
      { range: place, shared },
      `${before} leads to a port that nothing listens on`,
      `${host} in ${hosts.get(host)!.image} listens on ${port}`,
      `becomes ${after}`,
    );
  }
}
