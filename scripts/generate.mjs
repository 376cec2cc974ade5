// Writes the indexes of the rooms that grow by files alone. `--check` writes nothing and fails where one is stale.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Each room: the type of the one constant that a file of it exports, where that lives, and whether a page must stand beside. */
export const rooms = [
  { folder: 'src/rules', type: 'Rule', typeFile: 'rule.ts', list: 'rules', page: true },
  {
    folder: 'src/package-managers',
    type: 'PackageManager',
    typeFile: 'package-manager.ts',
    list: 'packageManagers',
    page: false,
  },
  {
    folder: 'src/ecosystems',
    type: 'Ecosystem',
    typeFile: 'ecosystem.ts',
    list: 'ecosystems',
    page: false,
  },
];

const camelCase = (name) => name.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase());

/** The text of a room's index, and what is wrong with the room. */
function index(room) {
  const problems = [];
  const entries = [];
  for (const file of readdirSync(join(root, room.folder)).sort()) {
    if (!file.endsWith('.ts') || file === 'generated.ts' || file === room.typeFile) continue;
    const text = readFileSync(join(root, room.folder, file), 'utf8');
    const names = [...text.matchAll(new RegExp(`^export const (\\w+): ${room.type}\\b`, 'gm'))].map(([, name]) => name);
    if (names.length > 1) problems.push(`${room.folder}/${file} has more than one ${room.type}`);
    const name = file.replace(/\.ts$/, '');
    const page = `${room.folder}/${name}.md`;
    if (names.length > 0 && room.page && !existsSync(join(root, page))) problems.push(`${page} is missing`);
    if (names.length === 1) entries.push({ file, exported: names[0], local: `${camelCase(name)}${room.type}` });
  }
  if (entries.length === 0) problems.push(`${room.folder} has no ${room.type}`);
  const text = [
    '// Made by `npm run generate` from the files of this folder.',
    ...entries.map(({ file, exported, local }) => `import { ${exported} as ${local} } from './${file}';`),
    `import type { ${room.type} } from './${room.typeFile}';`,
    '',
    `export const ${room.list}: readonly ${room.type}[] = [`,
    ...entries.map(({ local }) => `  ${local},`),
    '];',
    '',
  ].join('\n');
  return { text, problems };
}

/** Writes every index; with `check` only compares. Returns what is wrong. */
export function generate({ check }) {
  const problems = [];
  for (const room of rooms) {
    if (!existsSync(join(root, room.folder, room.typeFile))) continue;
    const { text, problems: found } = index(room);
    problems.push(...found);
    const file = join(root, room.folder, 'generated.ts');
    const present = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
    if (present === text) continue;
    if (check) problems.push(`${room.folder}/generated.ts is stale: run npm run generate`);
    else writeFileSync(file, text);
  }
  return problems;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const problems = generate({ check: process.argv.includes('--check') });
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
}
