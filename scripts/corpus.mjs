// Compiles every Dockerfile below a folder (or in a .tar.xz) and says what became of them.
// Usage: npm run corpus -- DIR [--list OUTCOME] [--json FILE] [--before FILE]
// `--before` is what `--json` wrote earlier: the shares of each ecosystem are then shown of both runs.
// Exits with 1 on a crash, a broken round trip, an image that the catalog lacks, or a second run that changes something.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { collectDockerfiles } from './dockerfiles.mjs';
import { loadCore } from './load-core.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { list: { type: 'string' }, json: { type: 'string' }, before: { type: 'string' } },
});
if (positionals.length !== 1) {
  console.error('usage: npm run corpus -- DIR [--list ready|review|blocked|unchanged] [--json FILE] [--before FILE]');
  process.exit(2);
}

const core = await loadCore();
const data = fileURLToPath(new URL('../data/', import.meta.url));
const catalog = core.openCatalog(
  readFileSync(join(data, 'catalog.snapshot'), 'latin1'),
  readFileSync(join(data, 'catalog.removed-tags'), 'latin1'),
);
const files = collectDockerfiles(positionals[0], core.isDockerfileName);

const counts = { ready: 0, review: 0, blocked: 0, unchanged: 0 };
const reasons = new Map();
const failures = { crash: [], 'round trip': [], 'second run': [], 'unknown image': [] };
const proofs = [];
const results = [];
let total = 0;
for (const { name, path } of files) {
  const bytes = readFileSync(path);
  results.push(examine(name, core.decode(bytes).text, bytes));
}

/** One file: compiled, timed, and held against what every result must hold. */
function examine(name, text, bytes) {
  try {
    const same = core.print(core.parse(text)) === text && Buffer.compare(Buffer.from(core.encode(text)), bytes) === 0;
    if (!same) failures['round trip'].push(name);
    const start = performance.now();
    const result = core.compile({ text, project: core.noProject }, catalog, {});
    const milliseconds = performance.now() - start;
    total += milliseconds;
    counts[result.outcome] += 1;
    for (const finding of result.findings) countReason(name, finding);
    if (result.findings.some(({ rule, severity }) => rule === 'proof' && severity === 'blocked')) proofs.push(name);
    const untouched = result.outcome === 'blocked' || result.outcome === 'unchanged';
    if (untouched && result.after !== text) failures['round trip'].push(`${name} (${result.outcome}, but changed)`);
    if (!untouched) examineOutput(name, result.after, text);
    const ecosystem = result.contract?.ecosystem ?? core.ecosystemOf(text, catalog);
    return { name, milliseconds, outcome: result.outcome, ecosystem, findings: result.findings.map(briefly(text)) };
  } catch (error) {
    failures.crash.push(
      `${name}: ${String(error?.stack ?? error)
        .split('\n')
        .slice(0, 2)
        .join(' ')}`,
    );
    return { name, outcome: 'crash', error: String(error) };
  }
}

function examineOutput(name, after, before) {
  if (core.print(core.parse(after)) !== after) failures['round trip'].push(`${name} (output)`);
  const again = core.compile({ text: after, project: core.noProject }, catalog, {});
  if (again.after !== after) failures['second run'].push(name);
  for (const { keyword, args, flags } of core.parse(after).instructions) {
    const images =
      keyword === 'from' ? args.slice(0, 1) : flags.filter((flag) => flag.name === 'from').map((flag) => flag.value);
    for (const image of images) {
      const reference = core.parseReference(image ?? '');
      const hardened = 'problem' in reference ? undefined : core.hardenedName(reference);
      // what the file named itself is its own, and is told as a finding
      if (image !== undefined && before.includes(image)) continue;
      if (hardened !== undefined && catalog.resolve(hardened.image, hardened.tag ?? 'latest') === undefined) {
        failures['unknown image'].push(`${name}: ${image}`);
      }
    }
  }
}

function countReason(name, { rule, severity, message }) {
  const reason = `${severity}[${rule}] ${withoutSpecifics(message)}`;
  const known = reasons.get(reason);
  if (known === undefined) reasons.set(reason, { count: 1, files: new Set([name]) });
  else {
    known.count += 1;
    known.files.add(name);
  }
}

/** A message with what is one file's own taken out: images, paths, quoted words, numbers. */
function withoutSpecifics(message) {
  return message
    .slice(0, 500)
    .replace(/"[^"]*"|`[^`]*`|'[^' ]*'/g, '…')
    .replace(/(?<![\w./:@$-])[\w./:@${}+-]*[./:@$][\w./:@${}+-]*[\w}/]/g, '…')
    .replace(/\d+/g, 'N');
}

function briefly(text) {
  return ({ rule, severity, message, range }) => ({
    rule,
    severity,
    message,
    line: text.slice(0, range.start).split('\n').length,
  });
}

const slowest = results
  .filter(({ milliseconds }) => milliseconds !== undefined)
  .sort((a, b) => b.milliseconds - a.milliseconds)
  .slice(0, 5);
console.log(
  `${files.length} files in ${(total / 1000).toFixed(2)} s (${Math.round(files.length / (total / 1000))} files/s)`,
);
console.log(
  Object.entries(counts)
    .map(([outcome, count]) => `${count} ${outcome}`)
    .join(', '),
);
const before =
  values.before === undefined
    ? undefined
    : new Map(
        readFileSync(values.before, 'utf8')
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line))
          .map(({ name, outcome }) => [name, outcome]),
      );

/** Ready, review and blocked of some outcomes, in percent; what needs no change counts as ready. */
function shares(outcomes) {
  const share = (...names) =>
    `${((100 * outcomes.filter((outcome) => names.includes(outcome)).length) / outcomes.length).toFixed(0)}%`.padStart(
      5,
    );
  return `${share('ready', 'unchanged')} ${share('review')} ${share('blocked', 'crash')}`;
}

const byEcosystem = new Map();
for (const result of results) {
  const ecosystem = result.ecosystem ?? 'none known';
  byEcosystem.set(ecosystem, [...(byEcosystem.get(ecosystem) ?? []), result]);
}
console.log(`\necosystem      files  ready review blocked${before === undefined ? '' : '   before'}`);
for (const [ecosystem, own] of [...byEcosystem].sort((a, b) => b[1].length - a[1].length)) {
  const now = shares(own.map(({ outcome }) => outcome));
  const known = own.flatMap(({ name }) => before?.get(name) ?? []);
  const then = known.length === 0 ? '' : `   ${shares(known)}`;
  console.log(`${ecosystem.padEnd(14)} ${String(own.length).padStart(5)}  ${now}${then}`);
}

const byCount = [...reasons].sort((a, b) => b[1].files.size - a[1].files.size);
console.log('\nreasons (files, findings)');
for (const [reason, { count, files: where }] of byCount.slice(0, 40)) {
  console.log(
    `${String(where.size).padStart(6)} ${String(count).padStart(6)}  ${reason.slice(0, 160)}  (${[...where][0]})`,
  );
}
console.log('\nslowest');
for (const { name, milliseconds } of slowest) console.log(`${milliseconds.toFixed(1).padStart(9)} ms  ${name}`);
console.log(
  `\nproofs that failed, reported as blocked: ${proofs.length}${proofs.length > 0 ? ` (${proofs.slice(0, 5).join(', ')})` : ''}`,
);
for (const [kind, list] of Object.entries(failures)) {
  console.log(`${kind}: ${list.length}`);
  for (const line of list.slice(0, 20)) console.log(`  ${line}`);
}
if (values.list !== undefined) {
  console.log(`\n${values.list}`);
  for (const { name, outcome } of results) if (outcome === values.list) console.log(`  ${name}`);
}
if (values.json !== undefined)
  writeFileSync(values.json, results.map((result) => `${JSON.stringify(result)}\n`).join(''));
process.exitCode = Object.values(failures).some((list) => list.length > 0) ? 1 : 0;
