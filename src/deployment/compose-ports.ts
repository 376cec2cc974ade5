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
