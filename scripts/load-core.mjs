// Gives scripts the core as its sources are now: bundled into a folder that goes away with the process.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** compile, parse, print, decode, encode and the shipped catalog. */
export async function loadCore() {
  const { outputFiles } = await build({
    stdin: {
      contents: [
        "export { compile } from './src/compile.ts';",
        "export { parse } from './src/syntax/parse.ts';",
        "export { print } from './src/syntax/print.ts';",
        "export { decode, encode } from './src/text/encoding.ts';",
        "export { noProject } from './src/context/project-reader.ts';",
        "export { openCatalog } from './src/catalog/catalog.ts';",
        "export { hardenedName, parseReference } from './src/catalog/reference.ts';",
        "export { elf } from './test/images/elf.ts';",
        "export { isDockerfileName } from './src/project/walk.ts';",
        "export { ecosystemOf } from './scripts/ecosystem-of.ts';",
      ].join('\n'),
      resolveDir: root,
      loader: 'ts',
    },
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
  });
  const folder = mkdtempSync(join(tmpdir(), 'rehull-core-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'core.mjs');
  writeFileSync(file, outputFiles[0].contents);
  return import(pathToFileURL(file).href);
}
