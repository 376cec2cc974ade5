import type { Flag } from '../tree.ts';

/** `--mount=type=cache,target=/root/.cache`; variables unexpanded. */
export interface Mount {
  readonly flag: Flag;
  /** `bind` where none is given */
  readonly type: string;
  /** `target`, `dst` or `destination` */
  readonly target: string | undefined;
  /** `source` or `src` */
  readonly source: string | undefined;
  readonly from: string | undefined;
  readonly id: string | undefined;
  /** all options by their name in lower case; the value of one without `=` is empty */
  readonly options: ReadonlyMap<string, string>;
}

/** Takes the value of a mount flag apart: a record of comma-separated values, quoted as in CSV where needed. */
export function readMount(flag: Flag): Mount {
  const options = new Map<string, string>();
  for (const field of splitRecord(flag.value ?? '')) {
    const equals = field.indexOf('=');
    const name = (equals === -1 ? field : field.slice(0, equals)).toLowerCase();
    if (name !== '') options.set(name, equals === -1 ? '' : field.slice(equals + 1));
  }
  return {
    flag,
    type: options.get('type')?.toLowerCase() ?? 'bind',
    target: options.get('target') ?? options.get('dst') ?? options.get('destination'),
    source: options.get('source') ?? options.get('src'),
    from: options.get('from'),
    id: options.get('id'),
    options,
  };
}

/** The fields of one CSV record. */
function splitRecord(record: string): string[] {
  const fields: string[] = [];
  for (let at = 0; at <= record.length; ) {
    let field = '';
    if (record[at] === '"') {
      for (at++; at < record.length; at++) {
        if (record[at] !== '"') field += record[at];
        else if (record[at + 1] === '"') field += record[at++];
        else break;
      }
    }
    const comma = record.indexOf(',', at);
    const end = comma === -1 ? record.length : comma;
    field += record.slice(record[at] === '"' ? at + 1 : at, end);
    fields.push(field);
    at = end + 1;
  }
  return fields;
}
