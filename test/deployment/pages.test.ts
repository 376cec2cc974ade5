import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  type ChangedDeployment,
  changeDeployments,
  inlineDockerfiles,
} from '../../src/deployment/change-deployments.ts';
import { lineReport } from '../../src/reports/line.ts';
import { compileText, shippedCatalog } from '../compile/compile-text.ts';
import { items, pageProject } from '../pages/page.ts';

/*
 * The pages of src/deployment: each section is a project of `file=` blocks. Its Dockerfiles are migrated, and its other
 * files have to become what the `after=` blocks hold; those without one stay as they are.
 */
const folder = fileURLToPath(new URL('../../src/deployment', import.meta.url));

interface Section {
  readonly line: number;
  readonly files: Map<string, string>;
  readonly after: Map<string, string>;
  finding: string | undefined;
}

function sectionsOf(page: string): Section[] {
  const sections: Section[] = [];
  for (const item of items(page)) {
    if (item === 'section') {
      sections.push({ line: 0, files: new Map(), after: new Map(), finding: undefined });
      continue;
    }
    const section = sections.at(-1);
    const [, kind, path] = /^\S+ (file|after)=(\S+)$/.exec(item.info) ?? [];
    if (section === undefined) throw new Error(`line ${item.line}: a block before the first section`);
    if (kind === 'file') section.files.set(path!, item.content);
    else if (kind === 'after') section.after.set(path!, item.content);
    else if (item.info === 'text finding') section.finding = item.content;
    else throw new Error(`line ${item.line}: unknown kind of block: ${item.info}`);
  }
  return sections;
}

/** Migrates the Dockerfiles of a project of files, then what follows from them. */
function migrated(files: ReadonlyMap<string, string>): {
  dockerfiles: Map<string, string>;
  others: ChangedDeployment[];
} {
  const isDockerfile = (path: string) => path.endsWith('Dockerfile');
  const others = [...files].filter(([path]) => !isDockerfile(path)).map(([path, text]) => ({ path, text }));
  const dockerfiles = [
    ...[...files]
      .filter(([path]) => isDockerfile(path))
      .map(([path, text]) => ({ path, text, context: dirname(path) })),
    ...inlineDockerfiles(others),
  ].map(({ path, text: before, context: folder }) => {
    const context = folder === '.' ? '' : folder;
    const own = [...files].flatMap(([name, text]): [string, string][] =>
      context === '' ? [[name, text]] : name.startsWith(`${context}/`) ? [[name.slice(context.length + 1), text]] : [],
    );
    return { path, context, before, result: compileText(before, {}, pageProject(new Map(own))) };
  });
  return {
    dockerfiles: new Map(
      dockerfiles.filter(({ path }) => isDockerfile(path)).map(({ path, result }) => [path, result.after]),
    ),
    others: changeDeployments({ name: 'shop', dockerfiles, files: others }, shippedCatalog(), {}),
  };
}

const pages = readdirSync(folder).filter((name) => name.endsWith('.md'));

describe.each(pages)('src/deployment/%s', (name) => {
  const sections = sectionsOf(readFileSync(join(folder, name), 'utf8'));

  test('has examples', () => expect(sections.length).toBeGreaterThan(0));

  test.each(sections.map((section, index) => [index + 1, section] as const))('section %i holds', (_index, section) => {
    const first = migrated(section.files);
    const changed = new Map(
      first.others.filter(({ text, result }) => result.after !== text).map(({ path, result }) => [path, result.after]),
    );
    expect(Object.fromEntries(changed)).toEqual(Object.fromEntries(section.after));
    if (section.finding !== undefined) {
      const files = first.others.map(({ path, text, result }) => ({ path, text, result }));
      expect(lineReport({ version: '', files, errors: [], tasks: [] })).toBe(section.finding);
    }
    const second = migrated(new Map([...section.files, ...first.dockerfiles, ...changed]));
    expect(
      second.others.filter(({ text, result }) => result.after !== text),
      'a second run changes nothing',
    ).toEqual([]);
  });
});
