import type { Scalar } from 'yaml';
import type { ImageContract } from '../compile-result.ts';
import type { Changes } from './changes.ts';
import { environmentOf, type Service } from './compose-services.ts';
import { isPortVariable } from './port-variables.ts';
import { replaceInside, replaceScalar } from './yaml-edits.ts';
import { findList, findScalar, isTemplated, mapsOf, rangeOf, scalarsOf, textOf } from './yaml-text.ts';

/** What is known of the ports of an image. */
export type Listening = Pick<ImageContract, 'movedPorts' | 'image'>;

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
  for (const { scalar, variable, value, shared } of environmentOf(map, root)) {
    const to = movedPorts.find(({ from }) => String(from) === value)?.to;
    if (to === undefined || !isPortVariable(variable)) continue;
    const edit = isPairText(scalar, variable)
      ? replaceScalar(yaml, scalar, `${variable}=${to}`)
      : replaceScalar(yaml, scalar, String(to));
    changes.change(edit, { range: rangeOf(scalar), shared }, `${variable} is a port below 1024`, why, `becomes ${to}`);
  }
}

function isPairText(scalar: Scalar, variable: string): boolean {
  return (textOf(scalar) ?? '').startsWith(`${variable}=`);
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

/** Addresses of a service whose port moved, in what other services are told: `http://web`, `web:80`. */
export function changeAddresses({ map, root }: Service, moved: ReadonlyMap<string, Listening>, changes: Changes): void {
  const places = [
    ...environmentOf(map, root),
    ...['command', 'entrypoint'].flatMap((key) => {
      const list = findList(map, key, root);
      return list === undefined
        ? []
        : scalarsOf(list.value, root).map((scalar) => ({ scalar, value: textOf(scalar) ?? '', shared: list.shared }));
    }),
  ];
  for (const { scalar, value, shared } of places) {
    for (const [service, { movedPorts, image }] of moved) {
      const address = addressOf(value, service, movedPorts);
      if (address === undefined) continue;
      const range = rangeOf(scalar);
      const edit = isTemplated(changes.yaml, range)
        ? undefined
        : replaceInside(changes.yaml, scalar, address.before, address.after);
      changes.change(
        edit,
        { range, shared },
        `${address.before} leads to a port that nothing listens on`,
        `${service} in ${image} listens on ${address.port}`,
        `becomes ${address.after}`,
      );
    }
  }
}

function addressOf(
  text: string,
  service: string,
  moved: ImageContract['movedPorts'],
): { before: string; after: string; port: number } | undefined {
  for (const { from, to } of moved) {
    const host = service.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const found = new RegExp(`(?<![\\w.-])(https?://)?${host}(?::(\\d+))?(?![\\w.:-])`).exec(text);
    if (found === null) continue;
    const [before, scheme, port] = found;
    const usual = scheme === 'https://' ? 443 : scheme === 'http://' ? 80 : undefined;
    if ((port === undefined ? usual : Number(port)) !== from) continue;
    return { before, after: `${scheme ?? ''}${service}:${to}`, port: to };
  }
  return undefined;
}
