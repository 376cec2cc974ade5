// Writes the indexes of the rooms that grow by files alone. `--check` writes nothing and fails where one is stale.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Each room: the constant a file of it exports, its type and where that lives, and whether a page must stand beside. */
export const rooms = [
  { folder: 'src/rules', constant: 'rule', type: 'Rule', typeFile: 'rule.ts', list: 'rules', page: true },
  {
    folder: 'src/package-managers',
    constant: 'packageManager',
    type: 'PackageManager',
    typeFile: 'package-manager.ts',
    list: 'packageManagers',
    page: false,
  },
  {
    folder: 'src/ecosystems',
    constant: 'ecosystem',
    type: 'Ecosystem',
    typeFile: 'ecosystem.ts',
    list: 'ecosystems',
    page: false,
  },
];

/** The name under which a file exports its one member of the room. */
function exported(room, name) {
  const text = readFileSync(join(root, room.folder, name), 'utf8');
  return new RegExp(`^export const (\\w+): ${room.type}\\b`, 'm').exec(text)?.[1];
}

const camelCase = (name) => name.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase());

/** The text of a room's index, and what is wrong with the room. */
function index(room) {
  const problems = [];
  const entries = readdirSync(join(root, room.folder))
    .filter((name) => name.endsWith('.ts') && name !== 'generated.ts' && name !== room.typeFile)
    .filter((name) => exported(room, name) !== undefined)
    .sort();
  for (const name of entries) {
    const page = `${room.folder}/${name.replace(/\.ts$/, '.md')}`;
    if (room.page && !existsSync(join(root, page)))
      problems.push(`${page} is missing: every ${room.constant} has its page`);
  }
  const local = (name) => `${camelCase(name.replace(/\.ts$/, ''))}${room.type}`;
  const imports = [
    ...entries.map((name) => `import { ${exported(room, name)} as ${local(name)} } from './${name}';`),
    `import type { ${room.type} } from './${room.typeFile}';`,
  ];
  const text = [
    '// Made by `npm run generate` from the files of this folder.',
    ...imports,
    '',
    `export const ${room.list}: readonly ${room.type}[] = [`,
    ...entries.map((name) => `  ${local(name)},`),
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
