import { parse } from '../syntax/parse.ts';

/** Whether a stage is named for those who work on the program. */
export function isForWork(stage: string): boolean {
  return forWork.test(stage);
}

const forWork =
  /^(dev|develop|development|debug|test|tests|testing|lint|ci|local|e2e|build|builder|deps|dependencies)$/i;

/**
 * The stage of a Dockerfile that its project ships, where that is not the last one: `asked` are the targets of the builds
 * that its files ask for, undefined for one of the last stage. Of several the last in the file: one can be the final one.
 */
export function shippedTarget(text: string, asked: readonly (string | undefined)[]): string | undefined {
  if (asked.length === 0 || asked.includes(undefined)) return undefined;
  const wanted = new Set(asked.map((each) => each!.toLowerCase()));
  const stages = parse(text)
    .instructions.filter(({ keyword }) => keyword === 'from')
    .map(({ args }) => (args[1]?.toLowerCase() === 'as' ? args[2] : undefined));
  const last = stages.at(-1);
  if (last !== undefined && wanted.has(last.toLowerCase())) return undefined;
  const found = stages.filter((name) => name !== undefined && wanted.has(name.toLowerCase()));
  return found.findLast((name) => !isForWork(name!));
}
