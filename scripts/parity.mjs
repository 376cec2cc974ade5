// Compares the parser with BuildKit's answers. Usage: npm run parity -- DIR...
// A DIR holds dockerfiles/ with dockerfiles.buildkit.jsonl and conformance/ with conformance.buildkit.jsonl, or the
// archives dockerfiles.tar.xz and conformance.tar.xz of them. Exits with 1 on a difference that is not deliberate.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { build } from 'esbuild';

/** Inputs that are read otherwise than BuildKit reads them: path or checksum, and why. */
const DELIBERATE = new Map([]);

const directories = process.argv.slice(2);
if (directories.length === 0) {
  console.error('usage: npm run parity -- DIR...');
  process.exit(2);
}

const { parse, parserOutput, print, decode, encode, replaceInvalid, expandWord, expandWords } = await loadParser();
const temporary = [];
let differences = 0;
try {
  for (const directory of directories) compareDirectory(unpacked(directory));
} finally {
  for (const path of temporary) rmSync(path, { recursive: true });
}
process.exit(differences === 0 ? 0 : 1);

async function loadParser() {
  const source = [
    "export * from './src/syntax/parse.ts';",
    "export * from './src/syntax/print.ts';",
    "export * from './src/syntax/parser-output.ts';",
    "export * from './src/syntax/expand.ts';",
    "export * from './src/text/encoding.ts';",
  ].join('\n');
  const bundle = await build({
    stdin: { contents: source, resolveDir: resolve(import.meta.dirname, '..'), loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'node20',
  });
  return import(`data:text/javascript;base64,${Buffer.from(bundle.outputFiles[0].text).toString('base64')}`);
}

function unpacked(directory) {
  const archives = readdirSync(directory).filter((name) => /^(dockerfiles|conformance)\.tar\.xz$/.test(name));
  if (archives.length === 0) return directory;
  const target = mkdtempSync(join(tmpdir(), 'rehull-parity-'));
  temporary.push(target);
  for (const archive of archives) execFileSync('tar', ['-xJf', join(directory, archive), '-C', target]);
  return target;
}

function compareDirectory(directory) {
  let rows = 0;
  for (const name of ['dockerfiles', 'conformance']) {
    const answers = join(directory, `${name}.buildkit.jsonl`);
    if (!existsSync(answers)) continue;
    const counts = { equal: 0, refused: 0, deliberate: 0, different: 0 };
    for (const line of readFileSync(answers, 'utf8').split('\n')) {
      if (line === '') continue;
      rows++;
      const { sha, path, ...expected } = JSON.parse(line);
      const key = path ?? sha;
      const bytes = readFileSync(
        path === undefined ? join(directory, name, `${sha}.Dockerfile`) : join(directory, path),
      );
      const complaint = compare(bytes, expected);
      if (complaint === undefined) {
        counts.equal++;
        if ('error' in expected) counts.refused++;
      } else if (DELIBERATE.has(key)) {
        counts.deliberate++;
        console.log(`deliberate  ${key}: ${DELIBERATE.get(key)}`);
      } else {
        counts.different++;
        console.log(`DIFFERENT   ${key}: ${complaint}`);
      }
    }
    differences += counts.different;
    console.log(
      `${name}: ${counts.equal} equal (${counts.refused} of them refused by both), ` +
        `${counts.deliberate} deliberately different, ${counts.different} different`,
    );
  }
  compareTables(join(directory, 'conformance/buildkit/frontend/dockerfile/shell'));
  if (rows === 0)
    throw new Error(`${directory} holds neither dockerfiles.buildkit.jsonl nor conformance.buildkit.jsonl`);
}

/** The tables with which BuildKit tests its shell lexer: a word, what becomes of it (`error` where it is refused). */
function compareTables(directory) {
  if (!existsSync(directory)) return;
  const counts = { equal: 0, different: 0 };
  const check = (word, actual, expected) => {
    if (isDeepStrictEqual(actual, expected)) counts.equal++;
    else {
      counts.different++;
      console.log(`DIFFERENT   ${word}: ${brief(actual)} instead of ${brief(expected)}`);
    }
  };
  const variables = new Map(Object.entries({ PWD: '/home', SHELL: 'bash', KOREAN: '한국어', NULL: '' }));
  for (const line of tableLines(join(directory, 'envVarTest'))) {
    const [platform, word, expected] = line.split('|').map((cell) => cell.trim());
    if (platform === 'W') continue;
    check(word, expandWord(word, variables).value ?? 'error', expected);
  }
  const environment = new Map();
  for (const line of tableLines(join(directory, 'wordsTest'))) {
    const assignment = /^ENV (.*?)=(.*)$/.exec(line);
    if (assignment !== null) environment.set(assignment[1], assignment[2]);
    else {
      const [word, expected] = line.split('|');
      const { values } = expandWords(word.trim(), environment);
      check(word, values ?? ['error'], expected.trimStart().split(','));
    }
  }
  differences += counts.different;
  console.log(`shell lexer tables: ${counts.equal} equal, ${counts.different} different`);
}

function tableLines(path) {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** What is wrong with our reading of a file; undefined if nothing is. */
function compare(bytes, expected) {
  const { text } = decode(bytes);
  const file = parse(text);
  if (print(file) !== text) return 'print(parse(text)) is not the text';
  if (!Buffer.from(encode(text)).equals(bytes)) return 'encode(decode(bytes)) is not the bytes';
  const actual = JSON.parse(
    JSON.stringify(parserOutput(file), (_, value) => (typeof value === 'string' ? replaceInvalid(value) : value)),
  );
  if (isDeepStrictEqual(actual, expected)) return undefined;
  if ('error' in actual || 'error' in expected) return `${brief(actual)} instead of ${brief(expected)}`;
  const count = Math.max(actual.instructions.length, expected.instructions.length);
  for (let i = 0; i < count; i++) {
    const [ours, theirs] = [actual.instructions[i], expected.instructions[i]];
    if (!isDeepStrictEqual(ours, theirs)) return `instruction ${i + 1}: ${brief(ours)} instead of ${brief(theirs)}`;
  }
  return `escape ${actual.escape} instead of ${expected.escape}`;
}

function brief(value) {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}
