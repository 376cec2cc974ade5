// Makes the two files of a new rule, ecosystem or package manager, and puts it into its room's index.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generate, rooms } from './generate.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const kinds = { rule: rooms[0], 'package-manager': rooms[1], ecosystem: rooms[2] };

const [kind, name] = process.argv.slice(2);
const room = Object.hasOwn(kinds, kind ?? '') ? kinds[kind] : undefined;
if (room === undefined || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name ?? '')) {
  console.error('usage: npm run new rule|ecosystem|package-manager NAME   (NAME in kebab-case)');
  process.exit(2);
}

const code = join(root, room.folder, `${name}.ts`);
const page = join(root, room.folder, `${name}.md`);
for (const file of [code, page]) {
  if (existsSync(file)) {
    console.error(`${file} exists already`);
    process.exit(2);
  }
}

// rules and ecosystems are called what they are, package managers by their names
const constant = kind === 'package-manager' ? name.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase()) : kind;
const title = name.replaceAll('-', ' ').replace(/^./, (letter) => letter.toUpperCase());
writeFileSync(
  code,
  `import type { ${room.type} } from './${room.typeFile}';

/** ${title}. */
export const ${constant}: ${room.type} = {
  name: '${name}',
};
`,
);
writeFileSync(
  page,
  `# ${title}

What it is about, in one sentence.

## Why

The fact behind it, with its source.

## Example

\`\`\`dockerfile before
FROM scratch
\`\`\`

\`\`\`dockerfile after
\`\`\`

\`\`\`text finding
\`\`\`

## What stays

\`\`\`dockerfile unchanged
FROM scratch
\`\`\`
`,
);
const problems = generate({ check: false });
for (const problem of problems) console.error(problem);
console.log(`made ${room.folder}/${name}.ts and ${room.folder}/${name}.md
Fill both in, then run npm run test:update to have the page's answers written, read them, and npm test.`);
