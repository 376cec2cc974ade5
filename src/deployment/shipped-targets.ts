import { parse } from '../syntax/parse.ts';

/** Whether a stage is named for those who work on the program. */
export function isForWork(stage: string): boolean {
  return forWork.test(stage);
}

const forWork =
  /(^|[-_.])(dev|develop|development|debug|test|tests|testing|lint|ci|local|e2e|base|build|builder|deps|dependencies)([-_.]|$)/i;

/**
 * The stages of a Dockerfile that its project ships: `asked` are the targets of the builds that its files ask for, undefined
 * for one of the last stage. The first is the final one: the last stage where a build asks for it (then undefined), else the
 * last in the file of those that are named. Stages that are named for work are none.
 */
export function shippedTargets(
  text: string,
  asked: readonly (string | undefined)[],
): readonly [string | undefined, ...string[]] {
  const wanted = new Set(asked.map((each) => each?.toLowerCase()));
  if (wanted.size === 0 || (wanted.size === 1 && wanted.has(undefined))) return [undefined];
  const stages = parse(text)
    .instructions.filter(({ keyword }) => keyword === 'from')
    .map(({ args }) => (args[1]?.toLowerCase() === 'as' ? args[2] : undefined));
  const last = stages.at(-1);
  const found = stages
    .filter((name): name is string => name !== undefined && name !== last && wanted.has(name.toLowerCase()))
    .filter((name) => !isForWork(name))
    .reverse();
  if (wanted.has(undefined) || wanted.has(last?.toLowerCase() ?? '')) return [undefined, ...found];
  return [found[0], ...found.slice(1)];
}
