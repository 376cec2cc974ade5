import { type BuildFacts, finalItems } from './build-facts.ts';

/** The folder that a program gets which a file puts into the root folder. */
const folder = '/app';

const systemFolders =
  /^(bin|boot|dev|etc|home|lib|lib32|lib64|libx32|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)$/;

/**
 * A folder that the program of a file without a WORKDIR can live in instead of the root folder: where all that the file
 * says of its files is relative. Undefined where a path of the file names the root folder, or something that may lie in it.
 */
export function freeFolder(facts: BuildFacts): string | undefined {
  const { graph, file, contract } = facts;
  if (contract.workdir !== '/' || graph.stages[graph.roots[graph.final]!]!.base.kind !== 'source') return undefined;
  const isCopiedFrom = facts.items.some((items) =>
    items.some(({ copy }) => typeof copy?.from === 'number' && graph.chain.includes(copy.from)),
  );
  if (isCopiedFrom) return undefined;
  const items = finalItems(facts);
  const namesRoot = items.some(({ instruction, copy }) => {
    if (instruction.keyword === 'workdir') return true;
    if (/^(label|maintainer|expose)$/.test(instruction.keyword)) return false;
    const text =
      copy === undefined
        ? file.text.slice(instruction.bodyRange.start, instruction.bodyRange.end)
        : (instruction.args.at(-1) ?? '/');
    return namesRootFolder(text);
  });
  return namesRoot ? undefined : folder;
}

/** Whether a text names `/`, or a path in it that is none of the system's; addresses with a scheme are none. */
function namesRootFolder(text: string): boolean {
  for (const [, first] of text.replace(/\b[a-z][\w+.-]*:\/\/[^\s'"]*/gi, '').matchAll(/(?<![\w.}*)/-])\/([\w.-]*)/g))
    if (!systemFolders.test(first!)) return true;
  return false;
}
