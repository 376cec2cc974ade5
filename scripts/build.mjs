// Bundles the command line into dist/: one small entry, and chunks that are loaded only when they are needed.
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
rmSync(dist, { recursive: true, force: true });

const { metafile } = await build({
  metafile: true,
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
for (const folder of ['src/rules', 'src/deployment'].map((name) => join(root, name))) {
  if (!existsSync(folder)) continue;
  for (const name of readdirSync(folder).filter((name) => name.endsWith('.md')))
    cpSync(join(folder, name), join(pages, name));
}

// the licences of what was bundled go where the bundle goes
const packages = new Set(
  Object.keys(metafile.inputs).flatMap((path) => /.*\bnode_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []),
);
const licenses = [...packages].sort().map((name) => {
  const folder = join(root, 'node_modules', name);
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder).filter((file) => /^licen[cs]e/i.test(file));
  if (files.length === 0) throw new Error(`${name} is bundled, but has no licence file`);
  return `${name} ${version} (${license})\n\n${files.map((file) => readFileSync(join(folder, file), 'utf8').trim()).join('\n\n')}\n`;
});
writeFileSync(join(dist, 'third-party-licenses.txt'), licenses.join(`\n${'-'.repeat(80)}\n\n`));
