import { type Options, readOptions } from '../shell/options.ts';
import { parseShell } from '../shell/parse.ts';
import type { Word } from '../shell/tree.ts';
import type { Range } from '../text/range.ts';

/** A call of a container engine in a text that a person reads or runs. */
export interface EngineCall {
  readonly kind: 'build' | 'run' | 'compose';
  /** words after the subcommand, options apart; ranges point into the whole text */
  readonly options: Options['options'];
  readonly operands: readonly Word[];
  /** where the call begins */
  readonly start: number;
}

const runValues: ReadonlySet<string> = new Set(
  `-p --publish -v --volume --mount -e --env --env-file -u --user --name -w --workdir --entrypoint --network --net
  --restart -h --hostname -l --label --label-file -m --memory --memory-swap --cpus --cpuset-cpus -c --cpu-shares
  --add-host --cap-add --cap-drop --device --dns --expose --gpus --health-cmd --health-interval --health-retries
  --health-timeout --init-path --ip --ipc --link --log-driver --log-opt --network-alias --pid --pids-limit --platform
  --pull --runtime --security-opt --shm-size --stop-signal --stop-timeout --sysctl --tmpfs --ulimit --userns --uts
  --volumes-from --cidfile --cgroup-parent --group-add -a --attach --secret`.split(/\s+/),
);
const buildValues: ReadonlySet<string> = new Set(
  `-t --tag -f --file --target --build-arg --build-context --platform --label --cache-from --cache-to --secret --ssh
  --network --progress -o --output --builder --iidfile --add-host -m --memory --shm-size --ulimit`.split(/\s+/),
);
const composeValues: ReadonlySet<string> = new Set(
  '-e --env -u --user -w --workdir --entrypoint --name -p --publish -v --volume -l --label --index'.split(' '),
);

const mostCalls = 200;

/** The calls in a text: a README, a Makefile, a script. A call goes on over lines that end in a backslash. */
export function engineCalls(text: string): EngineCall[] {
  const calls: EngineCall[] = [];
  const heads =
    /\b(?:docker|podman)(?:\s+(?:container|image|buildx|compose(?:\s+-\S+\s+\S+)*)|-compose(?:\s+-\S+\s+\S+)*)?[ \t]+(run|create|build|exec)\b/g;
  for (let head = heads.exec(text); head !== null && calls.length < mostCalls; head = heads.exec(text)) {
    const from = head.index + head[0].length;
    const rest = text.slice(from, endOfCall(text, from));
    const script = parseShell(`x${rest}`);
    const [statement] = script.statements;
    if (script.problem !== undefined || statement?.node.kind !== 'command') continue;
    const words = statement.node.words.slice(1).map((word) => moved(word, from - 1));
    const isCompose = /compose/.test(head[0]);
    const kind = isCompose ? 'compose' : head[1] === 'build' ? 'build' : 'run';
    if ((isCompose && head[1] === 'build') || (!isCompose && head[1] === 'exec')) continue;
    const values = isCompose ? composeValues : kind === 'build' ? buildValues : runValues;
    calls.push({ kind, ...readOptions(words, { values, stopAtOperand: kind !== 'build' }), start: head.index });
  }
  return calls;
}

/** Where a call ends: at its line's end, a backtick of Markdown, a tag of HTML or a comment. */
function endOfCall(text: string, from: number): number {
  const found = /(?<!\\)\r?\n|`|<\/|\s#\s/g;
  found.lastIndex = from;
  return Math.min(found.exec(text)?.index ?? text.length, from + 4000);
}

function moved(word: Word, by: number): Word {
  const range: Range = { start: word.range.start + by, end: word.range.end + by };
  return { ...word, range };
}
