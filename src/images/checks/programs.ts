import { loadClosure, loaderFor } from '../elf/loader.ts';
import { runsOn } from '../elf/machine.ts';
import type { Process } from '../execute.ts';
import type { ImageContext } from '../image-context.ts';
import type { ImageFinding } from '../image-finding.ts';
import { type LibraryPlaces, libraryFindings } from './libraries.ts';

/**
 * Checks the other programs in PATH: the program that a container starts may call them. What they lack is for a person
 * to judge, since nobody knows whether they are called.
 */
export function checkPrograms(
  processes: readonly Process[],
  context: ImageContext,
  places: LibraryPlaces,
): ImageFinding[] {
  const { tree, config, user, path } = context;
  const started = new Set(processes.map(({ program }) => program.path));
  const findings: ImageFinding[] = [];
  for (const folder of path) {
    const directory = tree.directory(folder, config.workdir);
    for (const name of [...(directory?.entry.children.keys() ?? [])].sort()) {
      const found = tree.file(`${directory?.path}/${name}`);
      if (found === undefined || started.has(found.path)) continue;
      started.add(found.path);
      const { elf } = found.entry.facts;
      if (elf?.interpreter === undefined || !runsOn(elf, config.platform.architecture)) continue;
      if (tree.file(elf.interpreter) === undefined) continue;
      const program = { path: found.path, elf, by: undefined };
      const loader = loaderFor(program, elf.interpreter, tree, config.environment);
      const closure = loadClosure(program, loader, tree, user);
      findings.push(...libraryFindings(closure, loader.libc, 'it is a program in PATH', 'review', places, tree));
    }
  }
  return findings;
}
