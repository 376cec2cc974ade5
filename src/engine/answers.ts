import type { Header, HttpAnswer } from './http.ts';

/** Two answers that are not the same: what of them, and how each was. */
export interface Unlike {
  readonly what: string;
  readonly before: string;
  readonly after: string;
}

type Answered = Extract<HttpAnswer, { readonly kind: 'answer' }>;

/** Headers that say when, by which connection or by which release of a server, and nothing of the answer. */
const passingHeaders: ReadonlySet<string> = new Set([
  'age',
  'alt-svc',
  'connection',
  'content-length',
  'date',
  'etag',
  'expires',
  'keep-alive',
  'last-modified',
  'server',
  'transfer-encoding',
  'via',
  'x-powered-by',
]);

/** What differs between two answers, apart from what two answers of the original do not agree on themselves. */
export function compareAnswers(
  before: HttpAnswer,
  again: HttpAnswer,
  after: HttpAnswer,
  ignore: readonly string[],
): Unlike[] {
  if (before.kind !== 'answer' || after.kind !== 'answer') {
    if (before.kind === after.kind) return [];
    return [{ what: 'answer', before: kindText(before), after: kindText(after) }];
  }
  if (before.status !== after.status) return [{ what: 'status', before: statusText(before), after: statusText(after) }];
  const second = again.kind === 'answer' ? again : before;
  return [...compareHeaders(before, second, after), ...compareBodies(before, second, after, ignore)];
}

function kindText(answer: HttpAnswer): string {
  if (answer.kind === 'answer') return statusText(answer);
  return answer.kind === 'open' ? 'a connection that speaks no HTTP' : 'no answer';
}

const shownBody = 200;

function statusText({ status, body }: Answered): string {
  const text = body
    .subarray(0, shownBody * 4)
    .toString('utf8')
    .replace(/\s+/g, ' ')
    .trim();
  return `${status}${text === '' ? '' : `: ${text.slice(0, shownBody)}`}`;
}

function compareHeaders(before: Answered, again: Answered, after: Answered): Unlike[] {
  const names = new Set([...before.headers, ...after.headers].map(([name]) => name));
  return [...names].flatMap((name) => {
    if (passingHeaders.has(name)) return [];
    const [was, varies, is] = [before, again, after].map(({ headers }) => headerValue(headers, name));
    if (was === is || was !== varies) return [];
    return [{ what: `header ${name}`, before: was ?? 'none', after: is ?? 'none' }];
  });
}

/** Of cookies the names alone: their values are made for each visitor. */
function headerValue(headers: readonly Header[], wanted: string): string | undefined {
  const values = headers.flatMap(([name, value]) => (name === wanted ? [value] : []));
  if (values.length === 0) return undefined;
  return (wanted === 'set-cookie' ? values.map((value) => value.split('=', 1)[0]!) : values).join(', ');
}

function compareBodies(before: Answered, again: Answered, after: Answered, ignore: readonly string[]): Unlike[] {
  if (before.body.equals(after.body)) return [];
  const [was, varies, is] = [before, again, after].map(({ body }) => json(body));
  if (was !== undefined && is !== undefined)
    return compareValues({ was: was.value, varies: varies?.value, is: is.value }, new Set(ignore));
  const [lines, variants, others] = [before, again, after].map(({ body }) => body.toString('utf8').split('\n'));
  if (lines!.length !== others!.length) {
    if (lines!.length !== variants!.length) return [];
    return [{ what: 'length of the body', before: `${lines!.length} lines`, after: `${others!.length} lines` }];
  }
  const at = lines!.findIndex((line, index) => line !== others![index] && line === variants![index]);
  return at === -1
    ? []
    : [{ what: `line ${at + 1} of the body`, before: short(lines![at]!), after: short(others![at]!) }];
}

function json(body: Buffer): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(body.toString('utf8')) };
  } catch {
    return undefined;
  }
}

interface Values {
  readonly was: unknown;
  readonly varies: unknown;
  readonly is: unknown;
}

const mostUnlike = 5;

/** The values of a JSON answer that are not the same; without recursion, since nobody vouches for its depth. */
function compareValues(values: Values, ignore: ReadonlySet<string>): Unlike[] {
  const unlike: Unlike[] = [];
  const pending: (Values & { readonly at: string })[] = [{ ...values, at: '' }];
  while (pending.length > 0 && unlike.length < mostUnlike) {
    const { was, varies, is, at } = pending.pop()!;
    if (isObject(was) && isObject(is) && Array.isArray(was) === Array.isArray(is)) {
      const other = isObject(varies) ? varies : {};
      for (const key of new Set([...Object.keys(was), ...Object.keys(is)]))
        if (!ignore.has(key)) pending.push({ was: was[key], varies: other[key], is: is[key], at: `${at}.${key}` });
    } else if (!same(was, is) && same(was, varies)) {
      unlike.push({ what: `value of ${at.slice(1) || 'the body'}`, before: valueText(was), after: valueText(is) });
    }
  }
  return unlike;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function same(one: unknown, other: unknown): boolean {
  return (
    one === other ||
    (isObject(one) &&
      isObject(other) &&
      Array.isArray(one) === Array.isArray(other) &&
      Object.keys(one).length + Object.keys(other).length === 0)
  );
}

function valueText(value: unknown): string {
  if (value === undefined) return 'none';
  if (isObject(value)) return Array.isArray(value) ? 'a list' : 'an object';
  return short(JSON.stringify(value));
}

function short(text: string): string {
  return text.length > shownBody ? `${text.slice(0, shownBody)} …` : text;
}
