import type { BuildFacts } from '../facts/build-facts.ts';
import { readEnv } from '../syntax/instructions/env.ts';
import { readExpose } from '../syntax/instructions/expose.ts';
import type { Instruction } from '../syntax/tree.ts';
import type { Range } from '../text/range.ts';

/** One place in the file that names a port which moves. */
export interface PortPlace {
  readonly instruction: Instruction;
  readonly range: Range;
  readonly text: string;
}

/** A port below 1024 and where it goes. */
export interface MovedPort {
  readonly from: number;
  readonly to: number;
  readonly places: readonly PortPlace[];
  /** whether the start command or the environment names it, so that moving it there moves the listener */
  readonly set: boolean;
}

/** Where a port below 1024 moves (design decision 10). */
export function movedPort(port: number): number {
  if (port === 80) return 8080;
  if (port === 443) return 8443;
  return port + 8000;
}

/** Ports below 1024 that the program is told to listen on, in EXPOSE, ENV and the start command. */
export function decidePorts(facts: BuildFacts, argv: readonly string[] | undefined): MovedPort[] {
  const ports = new Map<number, { places: PortPlace[]; set: boolean }>();
  const note = (port: number, place: PortPlace | undefined, set: boolean) => {
    if (port < 1 || port >= 1024) return;
    const entry = ports.get(port) ?? { places: [], set: false };
    if (place !== undefined) entry.places.push(place);
    entry.set ||= set;
    ports.set(port, entry);
  };
  for (const instruction of facts.contract.exposes) {
    for (const { ports: range, numberRange } of readExpose(instruction)) {
      if (range === undefined || range.first !== range.last) continue;
      note(range.first, { instruction, range: numberRange, text: String(movedPort(range.first)) }, false);
    }
  }
  const named = new Set<number>();
  (argv ?? []).forEach((word, index) => {
    const port = listenPort(word, argv![index - 1]);
    if (port !== undefined) named.add(port);
  });
  for (const port of named) note(port, undefined, true);
  const candidates = new Set(ports.keys());
  for (const { instruction } of facts.contract.environments) {
    for (const { name, value } of readEnv(instruction, facts.file.escape).pairs) {
      const isPort = /(^|_)PORTS?$/i.test(name.text);
      const text = value.text.replace(/^(["'])(.*)\1$/, '$2');
      const port =
        isPort && /^\d+$/.test(text)
          ? Number(text)
          : /(^|_)(URLS?|ADDR(ESS)?|BIND|LISTEN|HOST)$/i.test(name.text)
            ? listenPort(text, '--bind')
            : undefined;
      if (
        port === undefined ||
        !(isPort && /^(\w+_)?(HTTP_|SERVER_|APP_|LISTEN_|NODE_|FLASK_RUN_|WEB_)?PORTS?$/i.test(name.text)
          ? port < 1024 &&
            port > 0 &&
            (candidates.has(port) ||
              /^(PORT|HTTP_PORT|SERVER_PORT|APP_PORT|LISTEN_PORT|NODE_PORT|FLASK_RUN_PORT|WEB_PORT)$/i.test(name.text))
          : candidates.has(port))
      )
        continue;
      note(
        port,
        {
          instruction,
          range: value.range,
          text: value.text.replace(new RegExp(`(?<!\\d)${port}(?!\\d)`), String(movedPort(port))),
        },
        true,
      );
    }
  }
  return [...ports].map(([from, { places, set }]) => ({ from, to: movedPort(from), places, set }));
}

/** The port that an argument tells a program to listen on. */
export function listenPort(word: string, previous: string | undefined): number | undefined {
  const bind =
    /^(?:--?(?:bind|b|listen|l|addr|address|http|server\.address|host|urls|S|web\.listen-address|port|p|server-port|http-port|server\.port|P)[=:]?)?(?:https?:\/\/)?(?:[\w.*+-]+|\[[0-9a-fA-F:]*\])?:(\d{1,5})\/?$/.exec(
      word,
    );
  if (bind !== null) return Number(bind[1]);
  const flag = /^--?(?:[\w.-]*port|p|P)=(\d{1,5})$/.exec(word) ?? /^-p(\d{1,5})$/.exec(word);
  if (flag !== null) return Number(flag[1]);
  if (
    /^\d{1,5}$/.test(word) &&
    previous !== undefined &&
    /^(--?([\w.-]*port|p|P|l|listen)|http\.server|runserver)$/.test(previous)
  )
    return Number(word);
  return undefined;
}

/** An argument with moved ports. */
export function movePort(word: string, previous: string | undefined, moved: readonly MovedPort[]): string {
  const port = listenPort(word, previous);
  const move = moved.find(({ from }) => from === port);
  return move === undefined ? word : word.replace(/(\d{1,5})(\/?)$/, `${move.to}$2`);
}
