import { type Action, type Argument, type Condition, constantOf, type Value } from './program.ts';

/** What a script does for certain arguments: conditions on these are answered, all others stay. */
export function specialise(actions: readonly Action[], args: readonly string[]): readonly Action[] {
  return inTurn(actions, args).actions;
}

function inTurn(
  actions: readonly Action[],
  given: readonly string[],
): { readonly actions: readonly Action[]; readonly args: readonly string[] } {
  const out: Action[] = [];
  let args = given;
  for (const [index, action] of actions.entries()) {
    if (action.kind === 'arguments') {
      const words = action.words.flatMap((word) => wordsOf(word, args));
      if (words.some((word) => word === undefined)) return { actions: [...out, ...actions.slice(index)], args };
      args = words as string[];
      continue;
    }
    if (action.kind === 'exec') {
      out.push({
        ...action,
        call: { ...action.call, words: action.call.words.flatMap((word) => filledIn(word, args)) },
      });
      break;
    }
    if (action.kind !== 'if') {
      out.push(action);
      if (action.kind === 'exit') break;
      continue;
    }
    const taken = branchOf(action, args);
    if (taken === undefined) {
      out.push(action);
      continue;
    }
    const inner = inTurn(taken, args);
    out.push(...inner.actions);
    args = inner.args;
    if (out.at(-1)?.kind === 'exec' || out.at(-1)?.kind === 'exit') break;
  }
  return { actions: out, args };
}

/** The branch of an `if` that these arguments lead to; undefined where something else decides. */
function branchOf(
  { branches, otherwise }: Extract<Action, { kind: 'if' }>,
  args: readonly string[],
): readonly Action[] | undefined {
  for (const { condition, actions } of branches) {
    const holds = answer(condition, args);
    if (holds === undefined) return undefined;
    if (holds) return actions;
  }
  return otherwise;
}

function answer(condition: Condition, args: readonly string[]): boolean | undefined {
  switch (condition.kind) {
    case 'constant':
      return condition.holds;
    case 'not': {
      const inner = answer(condition.condition, args);
      return inner === undefined ? undefined : !inner;
    }
    case 'all':
    case 'any': {
      const answers = condition.conditions.map((each) => answer(each, args));
      const decisive = condition.kind === 'any';
      if (answers.includes(decisive)) return decisive;
      return answers.includes(undefined) ? undefined : !decisive;
    }
    case 'empty': {
      const text = textOf(condition.value, args);
      return text === undefined ? undefined : text === '';
    }
    case 'same': {
      const [left, right] = [textOf(condition.left, args), textOf(condition.right, args)];
      return left === undefined || right === undefined ? undefined : left === right;
    }
    case 'begins':
      return textOf(condition.value, args)?.startsWith(condition.text);
    case 'number': {
      const [left, right] = [Number(textOf(condition.left, args)), Number(textOf(condition.right, args))];
      if (Number.isNaN(left) || Number.isNaN(right)) return undefined;
      switch (condition.operator) {
        case '==':
          return left === right;
        case '!=':
          return left !== right;
        case '<':
          return left < right;
        case '<=':
          return left <= right;
        case '>':
          return left > right;
        case '>=':
          return left >= right;
      }
      return undefined;
    }
    default:
      return undefined;
  }
}

function textOf(value: Value, args: readonly string[]): string | undefined {
  let text = '';
  for (const piece of value) {
    if (piece.kind === 'text') text += piece.text;
    else if (piece.kind === 'argument') text += args[piece.index - 1] ?? '';
    else if (piece.kind === 'argument-count') text += args.length;
    else if (piece.kind === 'all-arguments') text += args.join(' ');
    else return undefined;
  }
  return text;
}

function wordsOf(word: Argument, args: readonly string[]): (string | undefined)[] {
  if (word.kind === 'rest') return args.slice(word.from);
  if (word.kind === 'value') return [textOf(word.value, args)];
  return [constantOf(word.value)];
}

/** A word of a call with the arguments in their places. */
function filledIn(word: Argument, args: readonly string[]): Argument[] {
  if (word.kind === 'rest')
    return args.slice(word.from).map((text) => ({ kind: 'value', value: [{ kind: 'text', text }] }));
  return [
    {
      ...word,
      value: word.value.map((piece) =>
        piece.kind === 'argument' ? { kind: 'text' as const, text: args[piece.index - 1] ?? '' } : piece,
      ),
    },
  ];
}
