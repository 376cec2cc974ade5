// Measures speed and memory. Usage: npm run bench [-- DIR]; without DIR over the examples and generated files.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { benchImage } from './bench-image.mjs';
import { collectDockerfiles } from './dockerfiles.mjs';
import { loadCore } from './load-core.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const core = await loadCore();
const read = (name) => readFileSync(join(root, 'data', name), 'latin1');
const catalog = core.openCatalog(read('catalog.snapshot'), read('catalog.removed-tags'));
/** The outcome of a text; a crash is one too, so that everything else is still measured. */
const compile = (text) => {
  try {
    return core.compile({ text, project: core.noProject }, catalog, {}).outcome;
  } catch (error) {
    return `CRASH: ${String(error).slice(0, 100)}`;
  }
};
const folder = mkdtempSync(join(tmpdir(), 'rehull-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(130));

batch();
shell();
tree();
await benchImage(folder, core.elf);
nasty();

/** Many files in one process. The first pass warms the process up and is printed too. */
function batch() {
  const directory = process.argv[2] ?? join(root, 'examples');
  let texts = collectDockerfiles(directory, core.isDockerfileName).map(
    ({ path }) => core.decode(readFileSync(path)).text,
  );
  if (process.argv[2] === undefined)
    texts = Array.from({ length: 2000 }, (_, i) => `${texts[i % texts.length]}# ${i}\n`);
  for (const pass of ['first', 'second', 'third']) {
    const start = performance.now();
    const crashes = texts.filter((text) => compile(text).startsWith('CRASH')).length;
    const seconds = (performance.now() - start) / 1000;
    console.log(
      `${pass} pass: ${texts.length} files, ${Math.round(texts.length / seconds)} files/s${crashes > 0 ? `, ${crashes} CRASHES` : ''}`,
    );
  }
  console.log(`peak memory: ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);
}

/** A repository of 10,000 files: a Dockerfile, a Compose file and a manifest in each tenth folder, and other files. */
function tree() {
  const top = join(folder, 'repository');
  const dockerfile = (port) =>
    `FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN pip install flask\nEXPOSE ${port}\nCMD ["flask", "run", "--port", "${port}"]\n`;
  const compose = 'services:\n  web:\n    build: .\n    ports: ["80:80"]\n';
  const manifest = (name) =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - name: a\n      image: ${name}:1\n      ports: [{containerPort: 80}]\n`;
  let files = 0;
  const add = (path, text) => {
    writeFileSync(path, text);
    files += 1;
  };
  for (let index = 0; index < 1000; index++) {
    const own = join(top, `group${index % 50}`, `service${index}`);
    mkdirSync(own, { recursive: true });
    const isService = index % 10 === 0;
    if (isService) add(join(own, 'Dockerfile'), dockerfile(80));
    if (isService) add(join(own, 'compose.yaml'), compose);
    if (isService) add(join(own, 'pod.yaml'), manifest(`service${index}`));
    for (let other = isService ? 3 : 0; other < 10; other++)
      add(join(own, other < 5 ? `data${other}.yaml` : `code${other}.py`), 'a: [1, 2]\nb: text\n');
  }
  const start = performance.now();
  const run = spawnSync(process.execPath, [join(root, 'dist/rehull.js'), 'migrate', '--json', '-q', top], {
    maxBuffer: 512 * 1024 * 1024,
  });
  const seconds = (performance.now() - start) / 1000;
  const answers = JSON.parse(run.stdout).files.length;
  console.log(
    `tree of ${files} files: ${answers} answered in ${seconds.toFixed(2)} s: ${seconds < 10 ? 'kept' : 'MISSED'}`,
  );
}

/** One file from the shell, against Node that does nothing. */
function shell() {
  const file = join(folder, 'Dockerfile');
  writeFileSync(file, 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["node", "server.js"]\n');
  const bare = fastest(() => spawnSync(process.execPath, ['-e', '0']));
  const program = join(root, 'dist/rehull.js');
  const one = fastest(() => spawnSync(process.execPath, [program, 'migrate', file]));
  const budget = 1.5 * bare + 60;
  console.log(`\nbare node: ${bare.toFixed(0)} ms`);
  console.log(
    `migrate of one file: ${one.toFixed(0)} ms, budget ${budget.toFixed(0)} ms: ${one <= budget ? 'kept' : 'MISSED'}`,
  );
  if (spawnSync('dfc', ['--version']).error === undefined) {
    console.log(`dfc of one file: ${fastest(() => spawnSync('dfc', [file])).toFixed(0)} ms`);
  }
}

function fastest(run) {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 11; i++) {
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

/** Inputs that punish anything worse than linear, each at two sizes: twice the size may take twice the time. */
function nasty() {
  const stage = (body) => `FROM node:22\n${body}\nCMD ["node", "a.js"]\n`;
  // builders refuse lines of 64 KB, so what is long is continued
  const long = (piece, count) => `${piece.repeat(100)}\\\n`.repeat(count / 100);
  const lines = (count, line) => Array.from({ length: count }, (_, i) => line(i)).join('\n');
  const inputs = {
    'RUN with 20k, 40k &&': (n) => stage(`RUN ${long('echo aaaaaaaaaaaaaaaaaa && ', 20_000 * n)} true`),
    'one word of 0.5, 1 MB': (n) => stage(`RUN ${long('a', 500_000 * n)}`),
    '50k, 100k instructions': (n) => stage(lines(50_000 * n, () => 'RUN true')),
    '25k, 50k ENV': (n) => stage(lines(25_000 * n, (i) => `ENV A${i}=$A${i - 1}`)),
    '5k, 10k stages': (n) => stage(lines(5_000 * n, (i) => `FROM ${i === 0 ? 'node:22' : `s${i - 1}`} AS s${i}`)),
    '100k, 200k continuations': (n) => stage(`RUN true ${'\\\n'.repeat(100_000 * n)}`),
    '250k, 500k comments': (n) => stage(lines(250_000 * n, () => '# x')),
    'subshells 10k, 20k deep': (n) => stage(`RUN ${long('(', 10_000 * n)}true${long(')', 10_000 * n)}`),
    'substitutions 10k, 20k deep': (n) => stage(`RUN echo ${long('$(', 10_000 * n)}`),
    '250k, 500k pairs of quotes': (n) => stage(`RUN echo ${long('""', 250_000 * n)}`),
    'variables 50k, 100k deep': (n) => stage(`ENV A=${long('${A:-', 50_000 * n)}`),
    'JSON of 100k, 200k': (n) => stage(`CMD [${long('"a",', 100_000 * n)}"a"]`),
    '20k, 40k heredocs': (n) => stage(lines(20_000 * n, () => 'RUN <<E\ntrue\nE')),
    '20k, 40k installs': (n) => stage(lines(20_000 * n, () => 'RUN apt-get update && apt-get install -y curl')),
    '50k, 100k COPY': (n) => stage(lines(50_000 * n, (i) => `COPY a${i} /a/b${i}`)),
    '20k, 40k USER and WORKDIR': (n) => stage(lines(20_000 * n, (i) => `USER u${i}\nWORKDIR d${i}`)),
    '25, 50 MB': (n) => stage(lines(350_000 * n, () => `RUN echo ${'a'.repeat(60)}`)),
  };
  console.log('\nnasty inputs: seconds at one and two sizes, growth (2 is linear), outcome');
  for (const [name, make] of Object.entries(inputs)) {
    // the first run only warms up
    const [, one, two] = [1, 1, 2].map((n) => {
      const text = make(n);
      const start = performance.now();
      const outcome = compile(text);
      return { seconds: (performance.now() - start) / 1000, outcome };
    });
    const growth = two.seconds / one.seconds;
    const doubt = growth > 3 && two.seconds > 0.5 ? '  NOT LINEAR' : '';
    const times = `${one.seconds.toFixed(2)} ${two.seconds.toFixed(2)}`;
    console.log(`${name.padEnd(32)} ${times.padStart(14)}  x${growth.toFixed(1)}  ${two.outcome}${doubt}`);
  }
}
