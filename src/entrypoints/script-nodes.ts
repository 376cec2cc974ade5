import type { Node, Script, Word } from '../shell/tree.ts';
import type { Call, Condition } from './program.ts';
import { not } from './read-condition.ts';

/** `[ $? -eq 0 ]` behind a call asks whether the call succeeded. */
export function askedStatus(
  script: Script,
  status: { readonly call: Call; asked: boolean } | undefined,
): Condition | undefined {
  const [statement] = script.statements;
  const node = statement?.node;
  if (status === undefined || script.statements.length !== 1 || node === undefined) return undefined;
  const operands = operandsOfTest(node);
  if (operands === undefined) return undefined;
  const [left, operator, right] = operands;
  if (!/^"?\$(\?|\{\?\})"?$/.test(left) || !/^"?0"?$/.test(right)) return undefined;
  const succeeds: Condition = { kind: 'succeeds', call: status.call };
  const isEqual = operator === '=' || operator === '==' || operator === '-eq';
  if (!isEqual && operator !== '!=' && operator !== '-ne' && operator !== '-gt') return undefined;
  status.asked = true;
  return isEqual ? succeeds : not(succeeds);
}

function operandsOfTest(node: Node): readonly [string, string, string] | undefined {
  if (node.kind === 'command' && node.words[0]?.value === '[' && node.words.length === 5)
    return [node.words[1]!.raw, node.words[2]!.raw, node.words[3]!.raw];
  if (node.kind !== 'compound' || node.test?.kind !== 'binary') return undefined;
  return [node.test.left.raw, node.test.operator, node.test.right.raw];
}

const mostTurns = 1000;

/** The numbers of `$(seq 1 30)` and, for bash, of `{1..30}`. */
export function countedWords(word: Word, bash: boolean): readonly string[] | undefined {
  const [, first = '1', last] =
    /^(?:\$\(|`)\s*seq\s+(?:(\d{1,4})\s+)?(\d{1,4})\s*[)`]$/.exec(word.raw) ??
    (bash ? /^\{(\d{1,4})\.\.(\d{1,4})\}$/.exec(word.raw) : null) ??
    [];
  if (last === undefined || Number(last) < Number(first) || Number(last) - Number(first) >= mostTurns) return undefined;
  return Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => String(Number(first) + index));
}

export function isTest(node: Node): boolean {
  if (node.kind === 'compound') return node.form === 'test';
  if (node.kind === 'pipeline') return node.negated && node.nodes.length === 1 && isTest(node.nodes[0]!);
  return node.kind === 'command' && /^(\[|test)$/.test(node.words[0]?.value ?? '');
}

export function isNothing(node: Node): boolean {
  return node.kind === 'command' && node.words.length === 1 && /^(true|:)$/.test(node.words[0]!.value ?? '');
}
