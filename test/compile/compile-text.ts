import { type Catalog, openCatalog } from '../../src/catalog/catalog.ts';
import { readPackage } from '../../src/catalog-store/load.ts';
import { type CompileOptions, compile } from '../../src/compile.ts';
import type { CompileResult } from '../../src/compile-result.ts';
import { noProject, type ProjectReader } from '../../src/context/project-reader.ts';
import { lineReport } from '../../src/reports/line.ts';

let opened: Catalog | undefined;

/** The catalog that ships with the package. */
export function shippedCatalog(): Catalog {
  const { snapshot, removedTags } = readPackage();
  opened ??= openCatalog(snapshot, removedTags);
  return opened;
}

/** Compiles a text with the shipped catalog. */
export function compileText(
  text: string,
  options: CompileOptions = {},
  project: ProjectReader = noProject,
): CompileResult {
  return compile({ text, project }, shippedCatalog(), options);
}

/** The findings as lines, as `--format line` prints them. */
export function lines(text: string, result: CompileResult): string {
  return lineReport({ version: '', files: [{ path: 'Dockerfile', text, result }], errors: [], tasks: [] });
}
