/** What a registry asks for before it answers (RFC 9110, 11.6.1; the token authentication of the distribution project). */
export type Challenge =
  | { readonly scheme: 'basic' }
  | {
      readonly scheme: 'bearer';
      readonly realm: string;
      readonly service: string | undefined;
      readonly scope: string | undefined;
    };

const longest = 8192;

/** Reads `Www-Authenticate`: the first scheme that can be answered; undefined where there is none. */
export function readChallenge(header: string | null): Challenge | undefined {
  for (const { scheme, parameters } of challenges((header ?? '').slice(0, longest))) {
    if (scheme === 'basic') return { scheme };
    const realm = parameters.get('realm');
    if (scheme !== 'bearer' || realm === undefined) continue;
    return { scheme, realm, service: parameters.get('service'), scope: parameters.get('scope') };
  }
  return undefined;
}

const parameter = /([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))|([\w-]+)/gy;

function challenges(header: string): { scheme: string; parameters: Map<string, string> }[] {
  const found: { scheme: string; parameters: Map<string, string> }[] = [];
  for (let at = 0; at < header.length; ) {
    parameter.lastIndex = at;
    const match = parameter.exec(header);
    if (match === null) {
      at++;
      continue;
    }
    at = parameter.lastIndex;
    const [, name, quoted, token, scheme] = match;
    if (scheme !== undefined) found.push({ scheme: scheme.toLowerCase(), parameters: new Map() });
    else found.at(-1)?.parameters.set(name!.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? token!);
  }
  return found;
}
