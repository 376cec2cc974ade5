// Bundles the command line into dist/: one small entry, and chunks that are loaded only when they are needed.
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
rmSync(dist, { recursive: true, force: true });

await build({
  absWorkingDir: root,
  entryPoints: { rehull: 'src/interfaces/cli/main.ts' },
  outdir: dist,
  chunkNames: '[name]-[hash]',
  bundle: true,
  splitting: true,
  minify: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
  banner: {
    // CommonJS packages in the bundle ask for Node's own modules with require
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
});
chmodSync(join(dist, 'rehull.js'), 0o755);

// the pages that `rehull explain` shows
const pages = join(dist, 'rules');
mkdirSync(pages, { recursive: true });
const rules = join(root, 'src/rules');
if (existsSync(rules)) {
  for (const name of readdirSync(rules).filter((name) => name.endsWith('.md')))
    cpSync(join(rules, name), join(pages, name));
}
