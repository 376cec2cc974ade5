import type { Edit } from '../text/edit.ts';
import type { Range } from '../text/range.ts';

/** What is known of the ports that a container listens on. */
export interface Listening {
  /** ports that it listens on no longer, and what stands for them */
  readonly movedPorts: readonly { readonly from: number; readonly to: number }[];
  /** the image that it runs */
  readonly image: string;
}

/** An address of a container whose port moved. */
export interface MovedAddress {
  readonly range: Range;
  /** as it is written: `http://web`, `web:80` */
  readonly before: string;
  readonly after: string;
  readonly host: string;
  readonly port: number;
  readonly edit: Edit;
}

const usualPorts: Readonly<Record<string, number>> = { http: 80, ws: 80, https: 443, wss: 443 };

/**
 * Addresses in a text of hosts whose port moved, `hosts` by name: `http://web/api`, `web:80`. A name alone is none, but
 * where `bare` says which port it means.
 */
export function movedAddresses(text: string, hosts: ReadonlyMap<string, Listening>, bare?: number): MovedAddress[] {
  const found: MovedAddress[] = [];
  if (hosts.size === 0) return found;
  const address =
    /(?<![\w.-])(?:(https?|wss?):\/\/(?:[^\s/@"'`]{1,100}@)?)?([A-Za-z0-9_][\w.-]*)(?::(\d{1,5}))?(?![\w:-])/g;
  for (const match of text.matchAll(address)) {
    const [whole, scheme, host, given] = match as unknown as [string, string | undefined, string, string | undefined];
    const port = given === undefined ? (scheme === undefined ? bare : usualPorts[scheme]) : Number(given);
    const to = hosts.get(host)?.movedPorts.find(({ from }) => from === port)?.to;
    if (to === undefined) continue;
    const range = { start: match.index, end: match.index + whole.length };
    const kept = given === undefined ? whole.length : whole.length - given.length;
    const lead = given === undefined ? ':' : '';
    const edit = { range: { start: range.start + kept, end: range.end }, text: `${lead}${to}` };
    found.push({ range, before: whole, after: `${whole.slice(0, kept)}${edit.text}`, host, port: to, edit });
  }
  return found;
}
