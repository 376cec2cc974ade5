import type { Range } from '../../text/range.ts';
import { argument, sourceRange } from '../logical-text.ts';
import type { Argument, Instruction } from '../tree.ts';
import { splitAtSeparators } from '../words.ts';

/** The ports of one word of EXPOSE. */
export interface PortRange {
  readonly first: number;
  /** equals `first` for a single port */
  readonly last: number;
  /** in lower case; `tcp` where none is given */
  readonly protocol: string;
}

export interface ExposedPort {
  readonly word: Argument;
  /** the word without its protocol */
  readonly numberRange: Range;
  /** undefined where variables decide or the word is no port */
  readonly ports: PortRange | undefined;
}

/** `EXPOSE 80 443/tcp 8000-8010/udp $PORT` */
export function readExpose({ body }: Instruction): ExposedPort[] {
  return splitAtSeparators(body.text).map(({ text, start, end }) => {
    const slash = text.lastIndexOf('/');
    return {
      word: argument(body, start, end),
      numberRange: sourceRange(body, start, slash === -1 ? end : start + slash),
      ports: parsePorts(text),
    };
  });
}

/** A port or a range of ports, with or without protocol; undefined if the text is neither. */
export function parsePorts(text: string): PortRange | undefined {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?(?:\/([a-zA-Z]+))?$/.exec(text);
  if (match === null) return undefined;
  const first = Number(match[1]);
  const last = match[2] === undefined ? first : Number(match[2]);
  if (first > last || last > 65_535) return undefined;
  return { first, last, protocol: match[3]?.toLowerCase() ?? 'tcp' };
}
