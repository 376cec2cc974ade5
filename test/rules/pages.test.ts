import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openCatalog } from '../../src/catalog/catalog.ts';
import { readPackage } from '../../src/catalog-store/load.ts';
import { compile } from '../../src/compile.ts';
import type { CompileResult } from '../../src/compile-result.ts';
import { withFiles } from '../../src/context/project-reader.ts';
import { parseConfig } from '../../src/project/config-document.ts';
import { lineReport } from '../../src/reports/line.ts';
import { type Case, pageProject, readPage, replaceBlocks } from '../pages/page.ts';

/*
 * Every page is a test: its examples are compiled. `npm run test:update` writes what comes out into the pages;
 * read the difference before you commit it.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const update = process.env.REHULL_UPDATE === '1';

const pages = ['src/rules', 'src/ecosystems', 'src/package-managers', 'test/migrations']
  .filter((folder) => existsSync(join(root, folder)))
  .flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name}`),
  );

async function compileCase({ text, files }: Case): Promise<CompileResult> {
  const {
    prove: _prove,
    context: _context,
    catalog: _catalog,
    tags: _tags,
    ...options
  } = parseConfig('rehull.yaml', files.get('rehull.yaml') ?? '');
  const catalog = openCatalog(readPackage().snapshot, readPackage().removedTags);
  const project = pageProject(files);
  const result = compile({ text, project }, catalog, options);
  if (result.outcome !== 'blocked') {
    const second = compile({ text: result.after, project: withFiles(project, result.files) }, catalog, options);
    expect(second.after, 'a second run changes nothing').toBe(result.after);
    expect(second.files, 'a second run changes nothing').toEqual([]);
  }
  return result;
}

/** What a finding block holds for a result; the outcome only where the block has it. */
function findingText({ text, finding }: Case, result: CompileResult): string {
  const lines = lineReport({ version: '', files: [{ path: 'Dockerfile', text, result }], errors: [], tasks: [] });
  return /^outcome: /m.test(finding?.content ?? '') ? `${lines}outcome: ${result.outcome}\n` : lines;
}

describe.each(pages)('%s', (path) => {
  const page = readFileSync(join(root, path), 'utf8');

  test.runIf(update)('is brought up to date', async () => {
    const replacements = [];
    for (const example of readPage(page)) {
      const result = await compileCase(example);
      if (example.after) replacements.push({ block: example.after, content: result.after });
      for (const { path: name, after } of result.files) {
        const block = example.changed.get(name);
        if (block) replacements.push({ block, content: after });
      }
      if (example.finding) replacements.push({ block: example.finding, content: findingText(example, result) });
    }
    writeFileSync(join(root, path), replaceBlocks(page, replacements));
  });

  test.runIf(!update)('holds', async () => {
    for (const example of readPage(page)) {
      const result = await compileCase(example);
      const place = `${path}:${example.line}`;
      if (example.kind === 'unchanged') expect(result.after, place).toBe(example.text);
      if (example.after) expect(result.after, place).toBe(example.after.content);
      expect([...example.changed.keys()].sort(), `${place}: the other files that change`).toEqual(
        result.files.map((file) => file.path),
      );
      for (const file of result.files)
        expect(file.after, `${place} ${file.path}`).toBe(example.changed.get(file.path)?.content);
      if (example.finding) expect(findingText(example, result), place).toBe(example.finding.content);
    }
  });
});

test('every rule has its page', () => {
  const folder = join(root, 'src/rules');
  const rules = (existsSync(folder) ? readdirSync(folder) : [])
    .filter((name) => name.endsWith('.ts'))
    .filter((name) => /^export const \w+: Rule\b/m.test(readFileSync(join(folder, name), 'utf8')));
  expect(
    rules.map((name) => `src/rules/${name.replace(/\.ts$/, '.md')}`).filter((page) => !pages.includes(page)),
  ).toEqual([]);
});
