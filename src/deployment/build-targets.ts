import type { Finding } from '../findings/finding.ts';
import { type Build, finalStage } from './builds.ts';

/**
 * What is to be said of something that is built from another stage than the one that was migrated to run; `name` is what
 * is built. `isShipped`: the one that runs is built as well, so that this one is for other work.
 */
export function targetRemarks(
  name: string,
  target: string,
  { dockerfile, contract }: Build,
  isShipped: boolean,
): Pick<Finding, 'severity' | 'message' | 'why' | 'fix'>[] {
  const { stages, contract: shipped } = dockerfile.result;
  const stage = stages.find((each) => each.name?.toLowerCase() === target.toLowerCase());
  if (contract !== undefined || stage === undefined || shipped === undefined) return [];
  const final = finalStage(dockerfile.result)?.name ?? 'the last stage';
  return [
    {
      severity: isShipped ? 'info' : 'review',
      message: `${name} is built from the stage ${target}, which stays an image to build in`,
      why: `of ${dockerfile.path}, ${final} is the one that was made to run`,
      fix: isShipped
        ? undefined
        : `if ${target} is shipped too, run \`rehull migrate --write --target ${target} ${dockerfile.path}\` after this, or give it a Dockerfile of its own`,
    },
    ...shipped.movedPorts.map(({ from, to }) => ({
      severity: 'review' as const,
      message: `${final} of ${dockerfile.path} listens on ${to} now, and the stage ${target} perhaps on ${from} still`,
      why: 'they may share their settings, and other files publish the port of the one that was made to run',
      fix: `make ${target} listen on ${to} as well`,
    })),
  ];
}
