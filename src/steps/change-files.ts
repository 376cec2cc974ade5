import type { FileChange } from '../compile-result.ts';
import type { ProjectReader } from '../context/project-reader.ts';
import { applyEdits, type Edit } from '../text/edit.ts';
import type { AddFile, EditFile, FileStep } from './step.ts';

/**
 * Carries out what is to be done beside the Dockerfile: one change for each file, in the order of their paths.
 * `conflict`: a file is edited that is not there, added over another one, or two steps claim the same words.
 */
export function changeFiles(
  steps: readonly FileStep[],
  project: ProjectReader,
): readonly FileChange[] | { readonly conflict: string } {
  const byPath = new Map<string, FileStep[]>();
  for (const step of steps) byPath.set(step.path, [...(byPath.get(step.path) ?? []), step]);
  const changed: FileChange[] = [];
  for (const path of [...byPath.keys()].sort()) {
    const own = byPath.get(path)!;
    const before = project.read(path);
    const adds = own.filter((step): step is AddFile => step.kind === 'add-file');
    const edits = own.filter((step): step is EditFile => step.kind === 'edit-file');
    const reasons = own.map(({ rule, why }) => ({ rule, why }));
    if (adds.length > 0) {
      const [{ text, executable = false }] = adds as [AddFile];
      if (adds.some((other) => other.text !== text) || edits.length > 0) return { conflict: path };
      if (before === text) continue;
      if (before !== undefined) return { conflict: `${path} is there already` };
      changed.push({ path, before, after: text, executable, reasons });
      continue;
    }
    if (before === undefined) return { conflict: `${path} is not there` };
    const after = edited(
      before,
      edits.flatMap((step) => step.edits),
    );
    if (after === undefined) return { conflict: path };
    if (after !== before) changed.push({ path, before, after, executable: false, reasons });
  }
  return changed;
}

/** The text with each edit made once, in the file's own line ends; undefined where two of them overlap. */
function edited(text: string, edits: readonly Edit[]): string | undefined {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const unique = new Map(
    edits.map(({ range, text: own }) => [
      `${range.start} ${range.end} ${own}`,
      { range, text: own.replace(/\r?\n/g, newline) },
    ]),
  );
  try {
    return applyEdits(text, [...unique.values()]);
  } catch {
    return undefined;
  }
}
