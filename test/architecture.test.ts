import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Room {
  readonly imports: ReadonlySet<string>;
  readonly pure: boolean;
}

/** The table of docs/architecture.md. */
function readTable(): Map<string, Room> {
  const text = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
  const rooms = new Map<string, Room>();
  for (const [, name, imports, pure] of text.matchAll(/^\| `([\w-]+)` \|[^|]*\|([^|]*)\| (yes|no) \|$/gm)) {
    rooms.set(name!, {
      imports: new Set([...imports!.matchAll(/`([\w-]+)`/g)].map(([, room]) => room!)),
      pure: pure === 'yes',
    });
  }
  return rooms;
}

/** Names the room of a path below src/, `compile` for the files of the flow itself. */
function roomOf(path: string): string {
  const [, folder, ...rest] = path.split('/');
  return rest.length === 0 ? 'compile' : folder!;
}

interface Source {
  /** `src/rules/base-image.ts` */
  readonly path: string;
  /** code without comments */
  readonly code: string;
  /** what its imports name, ours as paths like `path` */
  readonly imports: readonly string[];
}

function readSource(path: string, text: string): Source {
  const code = text.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '');
  const statements = /(?:\bfrom\s*|\bimport\s*\(\s*|^\s*import\s+)(['"])([^'"]+)\1/gm;
  const imports = [...code.matchAll(statements)].map(([, , name]) =>
    name!.startsWith('.') ? relative(root, join(root, dirname(path), name!)) : name!,
  );
  return { path, code, imports };
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = `${folder}/${name}`;
    if (statSync(join(root, path)).isDirectory()) return filesBelow(path);
    return name.endsWith('.ts') ? [path] : [];
  });
}

const rooms = readTable();
/** Rooms of nothing but shared words. */
const open: ReadonlySet<string> = new Set(['findings', 'context']);

/** Every import of a file that the table does not allow. */
function offendingImports({ path, imports }: Source): string[] {
  const room = roomOf(path);
  const allowed = rooms.get(room)?.imports;
  if (allowed === undefined) return [`${path}: docs/architecture.md has no room ${room}`];
  return imports
    .filter((name) => name.startsWith('src/'))
    .filter((name) => {
      const target = roomOf(name);
      return target !== room && !open.has(target) && !allowed.has(target);
    })
    .map((name) => `${path} imports ${name}: ${room} may not import ${roomOf(name)}`);
}

const siblings: Readonly<Record<string, string>> = {
  rules: 'rule.ts',
  ecosystems: 'ecosystem.ts',
  'package-managers': 'package-manager.ts',
};

/** Imports between files of a room whose files must not know one another. */
function siblingImports({ path, code, imports }: Source, cards: ReadonlySet<string>): string[] {
  const room = roomOf(path);
  if (room === 'interfaces') {
    const door = path.split('/')[2];
    return imports
      .filter((name) => name.startsWith('src/interfaces/') && name.split('/')[2] !== door)
      .map((name) => `${path} imports ${name}: doors do not import doors`);
  }
  if (siblings[room] === undefined || path.endsWith('/generated.ts') || !isCard({ path, code, imports })) return [];
  return imports
    .filter((name) => cards.has(name))
    .map((name) => `${path} imports ${name}: ${room} do not import ${room}`);
}

/** True for the file of one rule, ecosystem or package manager. */
function isCard({ path, code }: Source): boolean {
  return siblings[roomOf(path)] !== undefined && /^export const \w+: (Rule|Ecosystem|PackageManager)\b/m.test(code);
}

const impurities: readonly (readonly [RegExp, string])[] = [
  // Date.parse and Date.UTC only compute
  [/\bDate\.now\b|\bDate\s*\(\s*\)|\bnew\s+Date\b(?!\s*\(\s*[^\s)])/, 'the clock'],
  [/\bMath\.random\b/, 'randomness'],
  [/\bperformance\b\s*\./, 'the clock'],
  [/\bprocess\s*\./, 'the process'],
  [/\bBuffer\b/, 'Node’s Buffer'],
  [/\brequire\s*\(/, 'require'],
  [/\bset(Timeout|Interval|Immediate)\b/, 'timers'],
  [/\bfetch\s*\(/, 'the network'],
  [/\bcrypto\s*\./, 'randomness'],
];

/** What a file of a pure room uses of the world outside. */
function offendingUses({ path, code, imports }: Source): string[] {
  if (!rooms.get(roomOf(path))?.pure) return [];
  const nodes = imports
    .filter((name) => name.startsWith('node:'))
    .map((name) => `${path} imports ${name} in a pure room`);
  // of a template, what it computes is code, the rest is text
  const withoutTexts = code
    .replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "''")
    .replace(/`(?:[^`\\]|\\.)*`/g, (template) =>
      [...template.matchAll(/\$\{([^}]*)\}/g)].map(([, part]) => part).join(' '),
    );
  const uses = impurities
    .filter(([pattern]) => pattern.test(withoutTexts))
    .map(([, what]) => `${path} uses ${what} in a pure room`);
  return [...nodes, ...uses];
}

describe('the architecture', () => {
  const sources = filesBelow('src').map((path) => readSource(path, readFileSync(join(root, path), 'utf8')));
  const cards = new Set(sources.filter(isCard).map(({ path }) => path));

  test('is read from its document', () => {
    expect(rooms.size).toBeGreaterThanOrEqual(17);
    expect([...(rooms.get('syntax')?.imports ?? [])]).toEqual(['text']);
  });

  test('has a table without circles', () => {
    const seen = new Set<string>();
    for (const [name, { imports }] of rooms) {
      const unknown = [...imports].filter((target) => !seen.has(target));
      expect(unknown, `${name} imports rooms that stand below it in the table`).toEqual([]);
      seen.add(name);
    }
  });

  test('lets imports run one way', () => {
    expect(sources.flatMap(offendingImports)).toEqual([]);
  });

  test('keeps rules, ecosystems, package managers and doors from knowing one another', () => {
    expect(sources.flatMap((source) => siblingImports(source, cards))).toEqual([]);
  });

  test('keeps the core pure', () => {
    expect(sources.flatMap(offendingUses)).toEqual([]);
  });

  test('has no room for everything', () => {
    expect(
      sources.map(({ path }) => path).filter((path) => /\/(utils?|helpers?|common|misc)\/|\/types\.ts$/.test(path)),
    ).toEqual([]);
  });
});

describe('the test itself', () => {
  test('catches an import against the direction, also a type or a lazy one', () => {
    const source = readSource(
      'src/syntax/parse.ts',
      "import type { Rule } from '../rules/rule.ts';\nconst x = await import('../catalog/catalog.ts');",
    );
    expect(offendingImports(source)).toEqual([
      'src/syntax/parse.ts imports src/rules/rule.ts: syntax may not import rules',
      'src/syntax/parse.ts imports src/catalog/catalog.ts: syntax may not import catalog',
    ]);
  });

  test('catches a room that the document lacks', () => {
    expect(offendingImports(readSource('src/attic/box.ts', ''))).toEqual([
      'src/attic/box.ts: docs/architecture.md has no room attic',
    ]);
  });

  test('catches rules that know one another', () => {
    const source = readSource('src/rules/a.ts', "import { rule as b } from './b.ts';\nexport const rule: Rule = {};");
    expect(siblingImports(source, new Set(['src/rules/b.ts']))).toEqual([
      'src/rules/a.ts imports src/rules/b.ts: rules do not import rules',
    ]);
  });

  test('catches the clock and Node in a pure room, not in its comments and texts', () => {
    const source = readSource('src/plan/order.ts', "import fs from 'node:fs';\nconst now = new Date();");
    expect(offendingUses(source)).toEqual([
      'src/plan/order.ts imports node:fs in a pure room',
      'src/plan/order.ts uses the clock in a pure room',
    ]);
    expect(offendingUses(readSource('src/plan/order.ts', "// Date.now()\nconst text = 'Date.now()';"))).toEqual([]);
    expect(offendingUses(readSource('src/plan/order.ts', 'Date.parse(day) + new Date(day)'))).toEqual([]);
  });
});
