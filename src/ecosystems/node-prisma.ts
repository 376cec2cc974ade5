import type { Adaptation, BuildView, InstructionView } from './ecosystem.ts';
import { manifestAt } from './node-manifest.ts';
import { chainOf, finalStage, instructionsOf } from './recognise.ts';

/*
 * Prisma's engines are programs of machine code that link to OpenSSL, which Node.js itself has built in. Prisma looks
 * for `libssl.so.*` with a shell first, and without one in /lib and /usr/lib (getSSLVersion of @prisma/get-platform
 * 6.19): the libraries have to lie there, and not in Debian's folder of the architecture.
 */

/** System packages that Prisma is the reason for, which the libraries of its engines take the place of. */
export const opensslPackages = ['openssl', 'libssl3', 'libssl3t64', 'libssl1.1', 'libssl-dev', 'openssl-dev'] as const;

/** Where the build puts Prisma's engines: folders of stages; nothing where Prisma is not used, or all is done already. */
export function prismaEngines(view: BuildView): Adaptation['linked'] {
  if (finalStage(view).hardened !== undefined || !usesPrisma(view)) return [];
  const copied = instructionsOf(view, view.chain).flatMap(({ copy }) =>
    typeof copy?.from === 'number' ? [copy.from] : [],
  );
  const found = new Map<number, string>();
  for (const index of [...view.chain, ...new Set(copied)])
    for (const part of chainOf(view, index))
      for (const item of view.stages[part]!.instructions) {
        const folder = folderOfPackages(item);
        // what an earlier stage of a chain holds is in the last one, too
        if (folder !== undefined) found.set(view.chain.includes(index) ? part : index, folder);
      }
  const generates = [...found.keys()].filter((index) =>
    instructionsOf(view, chainOf(view, index)).some(({ commands }) => commands.some(({ argv }) => isGenerate(argv))),
  );
  return [...found]
    .filter(([stage]) => generates.length === 0 || generates.includes(stage))
    .map(([stage, path]) => ({ stage, path }));
}

function usesPrisma(view: BuildView): boolean {
  const dependencies = manifestAt(view, view.workdir)?.dependencies;
  if (dependencies?.has('prisma') === true || dependencies?.has('@prisma/client') === true) return true;
  return view.stages.some(({ instructions }) =>
    instructions.some(({ commands }) => commands.some(({ argv }) => isGenerate(argv))),
  );
}

/** `npx prisma generate`, `pnpm exec prisma generate` */
function isGenerate(argv: readonly (string | undefined)[]): boolean {
  const at = argv.findIndex((word) => word === 'prisma' || word?.startsWith('prisma@') === true);
  return at !== -1 && argv[at + 1] === 'generate';
}

/** The folder in which an instruction installs the packages of the project, or generates Prisma's client. */
function folderOfPackages({ commands }: InstructionView): string | undefined {
  return commands.findLast(
    ({ argv, invocation }) =>
      isGenerate(argv) ||
      (invocation?.scope === 'language' &&
        invocation.where !== 'global' &&
        /^(npm|yarn|pnpm|bun)$/.test(invocation.manager) &&
        /^(install|restore)$/.test(invocation.action)),
  )?.workdir;
}
